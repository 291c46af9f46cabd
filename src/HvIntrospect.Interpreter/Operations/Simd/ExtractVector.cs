using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>Vd := bytes of Vn:Vm from the immediate on: EXT. Ra is how many bytes of a vector take part.</summary>
internal readonly unsafe struct ExtractVector : ISimdOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        Vector128<byte> result = default;
        byte* left = (byte*)Registers.Address(cpu, operation->Rn);
        byte* right = (byte*)Registers.Address(cpu, operation->Rm);
        for (int i = 0; i < operation->Ra; i++)
        {
            int source = i + (int)operation->Immediate;
            ((byte*)&result)[i] = source < operation->Ra ? left[source] : right[source - operation->Ra];
        }

        *(Vector128<byte>*)Registers.Address(cpu, operation->Rd) = result;
    }
}
