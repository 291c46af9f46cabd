using System;
using System.Collections.Generic;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>The binders by encoding. Built once; immutable afterwards.</summary>
internal sealed class OperationTable
{
    private readonly Dictionary<string, OperationBinder> _byEncoding = new(StringComparer.Ordinal);

    /// <summary>Gets the encodings that have a binder, by Arm's encoding id.</summary>
    public IReadOnlyDictionary<string, OperationBinder> Binders => _byEncoding;

    /// <summary>Adds the binder of one encoding.</summary>
    /// <param name="encoding">Arm's encoding id, for example <c>ADD_64_addsub_imm</c>.</param>
    /// <param name="binder">The binder.</param>
    /// <exception cref="ArgumentException">The encoding has a binder already.</exception>
    public void Bind(string encoding, OperationBinder binder) => _byEncoding.Add(encoding, binder);
}
