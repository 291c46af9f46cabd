using System;
using System.Collections.Generic;
using HvIntrospect.Interpreter.Checking;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Translation.Stage2;
using HvIntrospect.Translation.Stage2;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.Checking;

/// <summary>The library's own changes of Stage 2 are clean, and each barrier and invalidation in them is there for a reason: without it a rule is broken.</summary>
public sealed class LibraryTests
{
    private const ulong Pool = 0x8000_0000;
    private static readonly IpaRange s_ram = new(new Ipa(0x4000_0000), 0x40_0000);
    private static readonly IpaRange s_page = new(new Ipa(0x4000_5000), 0x1000);

    public static TheoryData<string> Changes => ["protect", "unmap", "remap", "split", "merge"];

    [Theory]
    [MemberData(nameof(Changes))]
    public void EveryBarrierAndInvalidationCounts(string change)
    {
        IReadOnlyList<string> issued = Run(change, leftOut: -1, out ArchitectureViolation[] none);
        Assert.Equal([], none);
        Assert.InRange(issued.Count, 3, 1000);
        for (int left = 0; left < issued.Count; left++)
        {
            Run(change, left, out ArchitectureViolation[] found);

            // What only makes a new entry visible to the walkers is no rule: until then they see none, and the guest's access is made again.
            bool publishes = issued[left] == "Dsb Ishst" && (left == issued.Count - 1 || !issued[left + 1].StartsWith("Tlbi", StringComparison.Ordinal));
            Assert.True(publishes == (found.Length == 0), $"{left} of {string.Join("; ", issued)}: {string.Join("; ", found)}");
        }
    }

    /// <summary>Performs a change and lets a guest in, with one barrier or invalidation left out.</summary>
    /// <returns>All of them.</returns>
    private static IReadOnlyList<string> Run(string change, int leftOut, out ArchitectureViolation[] found)
    {
        var memory = new TestPhysicalMemory(Pool, 0x10_0000, isDirect: true);
        var checker = new ArchitectureChecker(memory, 2);
        var operations = new LeavingOut(checker.Check(0, new RecordingEl2Operations()));
        var geometry = new Stage2Geometry(40, 40);
        using var space = new Stage2AddressSpace(memory, new TablePool(new PaRange(new Pa(Pool), 0x10_0000)), geometry, 5, operations);
        space.Map(s_ram, new Pa(0x4000_0000), Stage2Attributes.Ram);
        if (change == "merge")
        {
            space.Split(s_page);
        }

        space.Install(operations);
        operations.WriteSystemRegister(SystemRegister.HcrEl2, operations.ReadSystemRegister(SystemRegister.HcrEl2) | (ulong)HcrBits.Rw);
        checker.GuestEntered(0, CheckedWorld.El1);
        checker.GuestExited(0);

        operations.Start(leftOut);
        switch (change)
        {
            case "protect":
                space.Split(s_page);
                space.Protect(s_page, Stage2Access.Read | Stage2Access.Execute);
                break;
            case "unmap":
                space.Unmap(s_page);
                break;
            case "remap":
                space.Unmap(s_page);
                space.Map(s_page, new Pa(0x5000_0000), Stage2Attributes.Ram);
                break;
            case "split":
                space.Split(s_page);
                break;
            case "merge":
                space.Coalesce(s_page);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(change));
        }

        IReadOnlyList<string> issued = operations.Stop();
        checker.GuestEntered(0, CheckedWorld.El1);
        checker.GuestExited(0);
        found = [.. checker.Violations];
        return issued;
    }

    private sealed class LeavingOut(IEl2Operations inner) : IEl2Operations
    {
        private readonly List<string> _issued = [];
        private int _leftOut = -1;

        public void Start(int leftOut)
        {
            _issued.Clear();
            _leftOut = leftOut;
        }

        public IReadOnlyList<string> Stop()
        {
            _leftOut = -1;
            return [.. _issued];
        }

        public ulong ReadSystemRegister(SystemRegister register) => inner.ReadSystemRegister(register);

        public void WriteSystemRegister(SystemRegister register, ulong value) => inner.WriteSystemRegister(register, value);

        public void Tlbi(TlbiOperation operation, ulong operand)
        {
            if (IsKept($"Tlbi {operation}"))
            {
                inner.Tlbi(operation, operand);
            }
        }

        public void Dsb(BarrierOption option)
        {
            if (IsKept($"Dsb {option}"))
            {
                inner.Dsb(option);
            }
        }

        public void Isb() => inner.Isb();

        public void InvalidateInstructionCache(InstructionCacheOperation operation, Pa address) => inner.InvalidateInstructionCache(operation, address);

        public void MaintainDataCache(DataCacheOperation operation, Pa address) => inner.MaintainDataCache(operation, address);

        public ulong TranslateAddress(AddressTranslationOperation operation, Va address) => inner.TranslateAddress(operation, address);

        private bool IsKept(string operation)
        {
            _issued.Add(operation);
            return _issued.Count - 1 != _leftOut;
        }
    }
}
