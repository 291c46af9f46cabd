namespace HvIntrospect.Interpreter.Inputs;

/// <summary>Is told of each input that a vCPU takes.</summary>
/// <param name="input">The input, stamped with the moment at which it is taken.</param>
internal delegate void InputSink(in MachineInput input);
