namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>Chooses the handler for an instruction word of one encoding and resolves its operands.</summary>
/// <param name="word">The word; it matches the encoding's row and the row's UNDEFINED rule does not apply.</param>
/// <param name="builder">Receives the handler and the operands. A binder that sets no handler leaves the word UNDEFINED.</param>
internal delegate void OperationBinder(uint word, ref OperationBuilder builder);
