using System;

namespace HvIntrospect.Samples.El2Replay;

/// <summary>A case cannot be replayed; the message says which of its fields is wrong.</summary>
internal sealed class BadCaseException(string message) : Exception(message);
