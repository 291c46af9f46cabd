namespace HvIntrospect.Tests.Interpreter.Checking;

/// <summary>One thing that software at EL2 does.</summary>
/// <param name="core">The core on which it does it.</param>
internal delegate void Step(IEl2Operations core);
