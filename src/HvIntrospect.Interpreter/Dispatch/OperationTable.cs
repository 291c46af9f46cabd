using System;
using System.Collections.Generic;
using HvIntrospect.A64;
using HvIntrospect.Registers;

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

    /// <summary>Adds the binder of all encodings of a load/store class that need no optional feature.</summary>
    /// <param name="loadStoreClass">The class.</param>
    /// <param name="binder">The binder.</param>
    /// <exception cref="ArgumentException">An encoding of the class has a binder already.</exception>
    public void Bind(LoadStoreClass loadStoreClass, OperationBinder binder)
    {
        foreach (EncodingRow row in EncodingTable.Instance.Rows)
        {
            if (row.Section is LoadStoreSection section && section.LoadStoreClass == loadStoreClass && row.Feature == A64Features.Armv8_0)
            {
                Bind(row.Id, binder);
            }
        }
    }

    /// <summary>Adds the binder of all encodings of a class that need exactly the given features.</summary>
    /// <param name="encodingClass">Arm's name of the class, for example <c>addsub_imm</c>.</param>
    /// <param name="binder">The binder.</param>
    /// <param name="features">The features.</param>
    /// <exception cref="ArgumentException">There is no such encoding, or one has a binder already.</exception>
    public void BindClass(string encodingClass, OperationBinder binder, A64Features features = A64Features.Armv8_0)
    {
        int before = _byEncoding.Count;
        foreach (EncodingRow row in EncodingTable.Instance.Rows)
        {
            if (row.Section.Name == encodingClass && row.Feature == features)
            {
                Bind(row.Id, binder);
            }
        }

        if (_byEncoding.Count == before)
        {
            throw new ArgumentException("No encoding class " + encodingClass + " with these features.", nameof(encodingClass));
        }
    }
}
