using System;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Exceptions;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>A store-exclusive of one general-purpose register or of two.</summary>
/// <remarks>The status register is the operation's Ra.</remarks>
/// <typeparam name="TElement">What each register gives.</typeparam>
/// <typeparam name="TBase">The kind of base register.</typeparam>
internal unsafe struct StoreExclusive<TElement, TBase> : IOperation
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
        var access = new DataAccess(Registers.X(cpu, operation->Rn), length, length, DataAccessFlags.Ordered | DataAccessFlags.Write);
        if (!access.IsAligned || DataPath.NeedsReference(cpu, access))
        {
            return ReferenceLoadStore.Execute(cpu, operation);
        }

        // IMPLEMENTATION DEFINED whether a store that the open monitor refuses can abort: here it cannot.
        if (cpu->MonitorSize == 0)
        {
            Registers.X(cpu, operation->Ra) = 1;
            return operation + 1;
        }

        if (!DataPath.TryResolve(cpu, access, out ResolvedAccess resolved, out FaultRecord fault))
        {
            return ExceptionEntry.DataAbort(cpu, operation, fault, 0);
        }

        // CONSTRAINED UNPREDICTABLE when the size is not the load's: the store fails.
        bool passes = cpu->MonitorSize == (uint)length && cpu->MonitorPa == resolved.FirstPa;
        cpu->MonitorSize = 0;
        if (passes)
        {
            byte* bytes = stackalloc byte[16];
            TElement.Store(bytes, Registers.X(cpu, operation->Rd));
            if (length != TElement.Size)
            {
                TElement.Store(bytes + TElement.Size, Registers.X(cpu, operation->Rm));
            }

            resolved.Write(Processor.Of(cpu).Memory, new ReadOnlySpan<byte>(bytes, length));
        }

        Registers.X(cpu, operation->Ra) = passes ? 0UL : 1UL;
        return Flow.Next(cpu, operation);
    }
}
