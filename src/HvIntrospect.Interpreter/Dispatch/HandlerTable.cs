using System;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>The entry points of all handlers in use, by number.</summary>
/// <remarks>Handlers are compiled when an operation is bound for the first time, so that starting a machine does not pay for all of them. Thread-safe.</remarks>
internal static unsafe class HandlerTable
{
    private const int Capacity = 4096;
    private static readonly void** s_threaded = (void**)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(void*));
    private static readonly void** s_looped = (void**)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(void*));
    private static readonly Operation* s_threadedSlow = (Operation*)NativeMemory.AllocZeroed(Capacity, Operation.Size);
    private static readonly Operation* s_loopedSlow = (Operation*)NativeMemory.AllocZeroed(Capacity, Operation.Size);
    private static readonly Lock s_lock = new();
    private static int s_count;

    /// <summary>Gets the handler that performs operation <paramref name="id"/> and goes on.</summary>
    /// <param name="id">The operation's number.</param>
    /// <returns>The entry point.</returns>
    public static void* Threaded(int id) => s_threaded[id];

    /// <summary>Gets the handler that performs operation <paramref name="id"/> alone and returns its successor.</summary>
    /// <param name="id">The operation's number.</param>
    /// <returns>The entry point.</returns>
    public static void* Looped(int id) => s_looped[id];

    /// <summary>Gets the slow paths of a dispatcher, by the number of the operation that they belong to.</summary>
    /// <param name="threaded">True for the tail-threaded dispatcher.</param>
    /// <returns>The first of them.</returns>
    public static Operation* SlowOperations(bool threaded) => threaded ? s_threadedSlow : s_loopedSlow;

    /// <summary>Notes the slow path of an operation.</summary>
    /// <param name="id">The operation's number.</param>
    /// <param name="slowId">The number of its slow path.</param>
    public static void SetSlow(int id, ushort slowId)
    {
        s_threadedSlow[id] = new Operation { Handler = s_threaded[slowId], HandlerId = slowId, Count = Operation.Deferred };
        s_loopedSlow[id] = new Operation { Handler = s_looped[slowId], HandlerId = slowId, Count = Operation.Deferred };
    }

    /// <summary>Adds the two handlers of an operation.</summary>
    /// <param name="threaded">The function pointer of <see cref="Threaded{T}"/>.</param>
    /// <param name="threadedType">The type that declares it.</param>
    /// <param name="looped">The function pointer of <see cref="Looped{T}"/>.</param>
    /// <param name="loopedType">The type that declares it.</param>
    /// <returns>The operation's number.</returns>
    public static ushort Add(
        nint threaded, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods)] Type threadedType,
        nint looped, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods)] Type loopedType)
    {
        lock (s_lock)
        {
            int id = s_count;
            if (id == Capacity)
            {
                throw new InvalidOperationException("More operations than the handler table holds.");
            }

            s_threaded[id] = (void*)EntryPoint(threaded, threadedType);
            s_looped[id] = (void*)EntryPoint(looped, loopedType);
            s_count = id + 1;
            return (ushort)id;
        }
    }

    /// <summary>
    /// Compiles a handler and gets the address of its code. The runtime's function pointers lead through a stub that jumps by way of a slot;
    /// with one such jump an instruction the machine measured 30 % slower.
    /// </summary>
    private static nint EntryPoint(nint pointer, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods)] Type type)
    {
        if (!RuntimeFeature.IsDynamicCodeCompiled)
        {
            return pointer;
        }

        RuntimeMethodHandle method = type.GetMethod("Run", BindingFlags.Public | BindingFlags.Static)!.MethodHandle;
        RuntimeHelpers.PrepareMethod(method, Array.ConvertAll(type.GetGenericArguments(), argument => argument.TypeHandle));
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return pointer;
        }

        // SAFETY: the pointer is the address of executable code of at least six bytes. When they are "jmp [rip + disp32]" the slot that they
        // name lies in the runtime's own data and holds the current target. Handlers are compiled once, with full optimisation, so the target
        // does not change afterwards; were it another stub, jumping to it would still be right.
        byte* code = (byte*)pointer;
        return code[0] == 0xFF && code[1] == 0x25 ? *(nint*)(code + 6 + Unsafe.ReadUnaligned<int>(code + 2)) : pointer;
    }
}
