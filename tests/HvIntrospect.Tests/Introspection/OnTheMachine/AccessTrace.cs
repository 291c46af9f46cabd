using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using HvIntrospect.A64;
using HvIntrospect.Interpreter;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Tests.Introspection.OnTheMachine;

/// <summary>Sees every access of a guest that nobody watches: works each instruction out by the reference before the guest executes it.</summary>
internal static class AccessTrace
{
    private static readonly A64Decoder s_decoder = new(A64Features.Armv8_0);

    public static List<SeenAccess> Of(MappedGuest guest, IReadOnlyList<(int Vcpu, ulong Count)> slices)
    {
        var seen = new List<SeenAccess>();
        for (int slice = 0; slice < slices.Count; slice++)
        {
            int vcpu = slices[slice].Vcpu;
            for (ulong i = 0; i < slices[slice].Count; i++)
            {
                Look(guest, slice, vcpu, seen);
                guest.Run(vcpu, 1, null);
            }
        }

        return seen;
    }

    private static void Look(MappedGuest guest, int slice, int vcpu, List<SeenAccess> seen)
    {
        ulong pc = guest.Machine.Vcpus[vcpu].Core.Pc.Value;
        Span<byte> word = stackalloc byte[4];
        if ((pc & 3) == 0 && guest.TryTranslate(vcpu, pc, out ulong ipa) && guest.Machine.Memory.Read(new Ipa(ipa), word) == 4
            && s_decoder.DecodeLoadStore(BinaryPrimitives.ReadUInt32LittleEndian(word), out LoadStoreAccess access)
                is LoadStoreStatus.Valid or LoadStoreStatus.ConstrainedUnpredictable)
        {
            var bus = new Bus(guest, slice, vcpu, seen);
            LoadStoreSemantics.Perform(access, ref bus);
        }
    }

    /// <summary>Reads the guest's registers and memory and changes nothing.</summary>
    private readonly struct Bus : ILoadStoreBus
    {
        private readonly MappedGuest _guest;
        private readonly Vcpu _vcpu;
        private readonly int _slice;
        private readonly List<SeenAccess> _seen;

        public Bus(MappedGuest guest, int slice, int vcpu, List<SeenAccess> seen)
        {
            _guest = guest;
            _slice = slice;
            _vcpu = guest.Machine.Vcpus[vcpu];
            _seen = seen;
        }

        public LoadStoreEnvironment Environment => new(_vcpu.Core.Pc, _vcpu.Core.Pstate, new Sctlr(_vcpu.Translation.SctlrEl1));

        public ulong StackPointer
        {
            get => (_vcpu.Core.Pstate.Value & 1) != 0 ? _vcpu.Core.SpEl1 : _vcpu.Core.SpEl0;
            set { }
        }

        public bool MayStoreExclusive => false;

        public uint Flags
        {
            get => 0;
            set { }
        }

        public bool HasTags => false;

        public ulong GetGeneral(int index) => _vcpu.Core[index];

        public void SetGeneral(int index, ulong value)
        {
        }

        public VectorRegister GetVector(int index) => _vcpu.Vector[index];

        public void SetVector(int index, VectorRegister value)
        {
        }

        public bool TryReadSystemRegister(SystemRegister register, out ulong value)
        {
            value = 0;
            return false;
        }

        public bool TryReadWideSystemRegister(SystemRegister register, out VectorRegister value)
        {
            value = default;
            return false;
        }

        public bool TryAuthenticate(PointerAuthenticationKey key, ulong pointer, ulong modifier, out ulong authenticated)
        {
            authenticated = 0;
            return false;
        }

        public bool TryLoadTag(int page, Ipa granule, out int tag)
        {
            tag = 0;
            return false;
        }

        public void NoteTagCheckFailure(bool isUser, bool isUpper)
        {
        }

        public void StoreTag(int page, Ipa granule, int tag)
        {
        }

        public LoadStorePage Translate(in LoadStoreAccess access, LoadStoreDirection direction, Va address, int page) =>
            _guest.TryTranslate(_vcpu.Index, address.Value, out ulong ipa)
                ? LoadStorePage.Found(new Ipa(ipa), isDevice: false)
                : LoadStorePage.Fault(FaultStatus.Create(FaultKind.Translation, 3));

        public LoadStoreAnswer Load(in LoadStoreAccess access, Span<LoadStoreElement> elements)
        {
            foreach (ref LoadStoreElement element in elements)
            {
                element.Data = Read(element);
                See(element, WatchKinds.Read, element.Data);
            }

            return LoadStoreAnswer.Performed;
        }

        public LoadStoreAnswer Store(in LoadStoreAccess access, Span<LoadStoreElement> elements)
        {
            foreach (ref LoadStoreElement element in elements)
            {
                See(element, WatchKinds.Write, Read(element));
            }

            return LoadStoreAnswer.Performed;
        }

        public LoadStoreAnswer Copy(in LoadStoreAccess access, Span<LoadStoreElement> from, Span<LoadStoreElement> to) =>
            throw new InvalidOperationException("There are no memory copies in Armv8.0.");

        public LoadStoreAnswer StoreExclusive(in LoadStoreAccess access, Span<LoadStoreElement> elements, out bool stored) =>
            throw new InvalidOperationException("There are no exclusives.");

        public LoadStoreAnswer Modify(in LoadStoreAccess access, Span<LoadStoreElement> elements, in AtomicUpdate update) =>
            throw new InvalidOperationException("There are no atomics in Armv8.0.");

        private ulong Read(in LoadStoreElement element)
        {
            Span<byte> bytes = stackalloc byte[8];
            bytes.Clear();
            _guest.Machine.Memory.Read(element.Ipa, bytes[..element.FirstSize]);
            if (element.CrossesPage)
            {
                _guest.Machine.Memory.Read(element.SecondIpa, bytes[element.FirstSize..element.Size]);
            }

            return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        }

        private void See(in LoadStoreElement element, WatchKinds kind, ulong old) => _seen.Add(new SeenAccess(
            _slice, _vcpu.Index, _vcpu.Core.Pc.Value, kind, element.Va.Value, element.Size, element.Ipa.Value, element.FirstSize, element.SecondIpa.Value, old, element.Data));
    }
}
