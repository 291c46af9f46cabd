using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>Each byte of Vd := the byte of the table that the byte of Vm names: TBL and TBX. Rn is the number of the first vector of the table, the immediate its bytes; Count is not 0 to keep bytes that name none. Ra is how many bytes take part.</summary>
internal readonly unsafe struct TableLookup : ISimdOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        const int Vectors = 32;
        Vector128<byte> result = default;
        byte* destination = (byte*)Registers.Address(cpu, operation->Rd);
        byte* indexes = (byte*)Registers.Address(cpu, operation->Rm);
        for (int i = 0; i < operation->Ra; i++)
        {
            // The table wraps from V31 to V0.
            int index = indexes[i];
            ulong vector = (operation->Rn + ((ulong)index / (ulong)sizeof(Vector128<byte>))) % Vectors;
            byte* found = (byte*)cpu + OperationBuilder.Vector((uint)vector) + (index % sizeof(Vector128<byte>));
            ((byte*)&result)[i] = index < operation->Immediate ? *found : operation->Count != 0 ? destination[i] : (byte)0;
        }

        *(Vector128<byte>*)Registers.Address(cpu, operation->Rd) = result;
    }
}
