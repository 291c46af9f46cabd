namespace System.Runtime.CompilerServices;

/// <summary>.NET Standard 2.0 lacks the type; the compiler marks properties that are set while an object is made by its name.</summary>
internal static class IsExternalInit;
