using System;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Exceptions;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>A load-exclusive of one general-purpose register or of two.</summary>
/// <typeparam name="TElement">What each register gets.</typeparam>
/// <typeparam name="TBase">The kind of base register.</typeparam>
internal unsafe struct LoadExclusive<TElement, TBase> : IOperation
    where TElement : struct, IElement
    where TBase : struct, IBase
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        if (TBase.Misalignment(cpu) != 0)
        {
            return ExceptionEntry.SpAlignment(cpu, operation);
        }

        // The immediate is the number of registers.
        int length = TElement.Size * (int)operation->Immediate;
        var access = new DataAccess(Registers.X(cpu, operation->Rn), length, length, DataAccessFlags.Ordered);
        if (!access.IsAligned || DataPath.NeedsReference(cpu, access))
        {
            return ReferenceLoadStore.Execute(cpu, operation);
        }

        if (!DataPath.TryResolve(cpu, access, out ResolvedAccess resolved, out FaultRecord fault))
        {
            return ExceptionEntry.DataAbort(cpu, operation, fault, 0);
        }

        cpu->MonitorPa = resolved.FirstPa;
        cpu->MonitorSize = (uint)length;
        cpu->MonitorKept = 0;
        byte* bytes = stackalloc byte[16];
        resolved.Read(new Span<byte>(bytes, length));
        Registers.X(cpu, operation->Rd) = TElement.Load(bytes);
        if (length != TElement.Size)
        {
            Registers.X(cpu, operation->Rm) = TElement.Load(bytes + TElement.Size);
        }

        return Flow.Next(cpu, operation);
    }
}
