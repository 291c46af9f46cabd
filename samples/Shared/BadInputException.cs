using System;

namespace HvIntrospect.Samples.Shared;

/// <summary>What the user gave cannot be used; the message is one line that says what and where. Ends the program with exit code 2.</summary>
internal sealed class BadInputException(string message) : Exception(message);
