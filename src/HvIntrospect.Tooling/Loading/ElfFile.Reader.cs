using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using HvIntrospect.Tooling.Symbols;

namespace HvIntrospect.Tooling.Loading;

public sealed partial class ElfFile
{
    /// <summary>Reads a file from its first byte; the first thing that is wrong ends it. Field names are those of the System V ABI.</summary>
    private ref struct Reader
    {
        private const int HeaderSize = 64;
        private const int ProgramHeaderSize = 56;
        private const int SectionHeaderSize = 64;
        private const int SymbolSize = 24;

        private const int MachineAArch64 = 183;
        private const uint SegmentToLoad = 1;
        private const uint SectionNull = 0;
        private const uint SectionSymbols = 2;
        private const uint SectionStrings = 3;
        private const uint SectionNote = 7;
        private const uint SectionNoBits = 8;
        private const uint SectionDynamicSymbols = 11;
        private const ulong SectionAllocated = 2;
        private const ulong SectionExecutable = 6;
        private const int IndexUndefined = 0;
        private const int IndexAbsolute = 0xFFF1;
        private const int IndexCommon = 0xFFF2;

        private readonly ReadOnlyMemory<byte> _file;
        private readonly ReadOnlySpan<byte> _bytes;
        private readonly List<ExecutablePart> _executable;
        private ulong _contentStart;

        public Reader(ReadOnlyMemory<byte> file)
        {
            _file = file;
            _bytes = file.Span;
            Error = default;
            _executable = new List<ExecutablePart>();
            _contentStart = ulong.MaxValue;
        }

        /// <summary>Gets what ended the reading.</summary>
        public ElfError Error { get; private set; }

        public ElfFile? TryRead()
        {
            if (!CheckHeader() || !TryReadSegments(out ElfSegment[] segments) || !TryReadSymbols(segments, out Symbol[] symbols))
            {
                return null;
            }

            const int TypeDynamic = 3;
            return new ElfFile(
                new Va(UInt64(24)), UInt16(16) == TypeDynamic, segments, symbols, ExecutableParts(segments), _contentStart == ulong.MaxValue ? 0 : _contentStart);
        }

        private static bool IsLoaded(uint type, ulong memorySize) => type == SegmentToLoad && memorySize != 0;

        private static bool Wraps(ulong start, ulong length) => length != 0 && length - 1 > ulong.MaxValue - start;

        private static string NameOfMachine(int machine) => machine switch
        {
            3 => "80386",
            8 => "MIPS",
            20 => "PowerPC",
            21 => "64-bit PowerPC",
            22 => "S390",
            40 => "32-bit Arm",
            62 => "x86-64",
            243 => "RISC-V",
            258 => "LoongArch",
            _ => "unknown",
        };

        private static string NameOfType(int type) => type switch
        {
            0 => "no file type",
            1 => "a relocatable object, which has to be linked first",
            4 => "a core dump",
            _ => "an unknown file type",
        };

        private static SymbolKind KindOf(int type) => type switch
        {
            0 => SymbolKind.NoType,
            1 => SymbolKind.Object,
            2 or 10 => SymbolKind.Function,
            _ => SymbolKind.Other,
        };

        private static SymbolBinding BindingOf(int binding) => binding switch
        {
            0 => SymbolBinding.Local,
            2 => SymbolBinding.Weak,
            _ => SymbolBinding.Global,
        };

        private ExecutablePart[] ExecutableParts(ElfSegment[] segments)
        {
            foreach (ElfSegment segment in _executable.Count == 0 ? segments : Array.Empty<ElfSegment>())
            {
                if ((segment.Access & ElfSegmentAccess.Execute) != 0)
                {
                    _executable.Add(new ExecutablePart(segment.VirtualAddress, segment.FileOffset, segment.Data));
                }
            }

            return _executable.ToArray();
        }

        private bool CheckHeader()
        {
            const int TypeExecutable = 2;
            const int TypeDynamic = 3;
            const int ClassOffset = 4;
            const int DataOffset = 5;
            const int VersionOffset = 6;
            const int TypeOffset = 16;
            const int MachineOffset = 18;
            const int LongVersionOffset = 20;
            const int SizeOffset = 52;

            ReadOnlySpan<byte> magic = stackalloc byte[] { 0x7F, (byte)'E', (byte)'L', (byte)'F' };
            int common = Math.Min(_bytes.Length, magic.Length);
            if (!_bytes.Slice(0, common).SequenceEqual(magic.Slice(0, common)))
            {
                return Fail(ElfErrorKind.NotElf, 0, "not an ELF file: it does not begin with 7f 45 4c 46");
            }

            // The class and the byte order come first, because they say how to read all the rest.
            if (_bytes.Length > ClassOffset && _bytes[ClassOffset] != 2)
            {
                return _bytes[ClassOffset] == 1
                    ? Fail(ElfErrorKind.Not64Bit, ClassOffset, "a 32-bit ELF file; only 64-bit ones can run")
                    : Fail(ElfErrorKind.Corrupt, ClassOffset, $"the class of the file is {_bytes[ClassOffset]}, which does not exist");
            }

            if (_bytes.Length > DataOffset && _bytes[DataOffset] != 1)
            {
                return _bytes[DataOffset] == 2
                    ? Fail(ElfErrorKind.BigEndian, DataOffset, "a big-endian ELF file; only little-endian ones can run")
                    : Fail(ElfErrorKind.Corrupt, DataOffset, $"the byte order of the file is {_bytes[DataOffset]}, which does not exist");
            }

            if (_bytes.Length < HeaderSize)
            {
                return Fail(ElfErrorKind.Truncated, _bytes.Length, $"the file ends within its header: {_bytes.Length} of {HeaderSize} bytes");
            }

            if (_bytes[VersionOffset] != 1 || UInt32(LongVersionOffset) != 1)
            {
                int offset = _bytes[VersionOffset] != 1 ? VersionOffset : LongVersionOffset;
                return Fail(ElfErrorKind.Corrupt, offset, "the version of the file is not 1");
            }

            int machine = UInt16(MachineOffset);
            if (machine != MachineAArch64)
            {
                return Fail(ElfErrorKind.WrongMachine, MachineOffset, $"the file is for machine {machine} ({NameOfMachine(machine)}), not for {MachineAArch64} (AArch64)");
            }

            int type = UInt16(TypeOffset);
            if (type != TypeExecutable && type != TypeDynamic)
            {
                return Fail(ElfErrorKind.NotExecutable, TypeOffset, $"the file is not an executable but {NameOfType(type)}");
            }

            return UInt16(SizeOffset) == HeaderSize
                || Fail(ElfErrorKind.Corrupt, SizeOffset, $"the file's header has {UInt16(SizeOffset)} bytes instead of {HeaderSize}");
        }

        private bool TryReadSegments(out ElfSegment[] segments)
        {
            const int TableOffset = 32;
            const int SizeOffset = 54;
            const int CountOffset = 56;

            segments = Array.Empty<ElfSegment>();
            int count = UInt16(CountOffset);
            if (count == 0)
            {
                return Fail(ElfErrorKind.NoLoadableSegment, CountOffset, "no segment is to be loaded: the file has no program headers");
            }

            if (UInt16(SizeOffset) != ProgramHeaderSize)
            {
                return Fail(ElfErrorKind.Corrupt, SizeOffset, $"a program header has {UInt16(SizeOffset)} bytes instead of {ProgramHeaderSize}");
            }

            if (count > MaximumProgramHeaders)
            {
                return Fail(ElfErrorKind.LimitExceeded, CountOffset, $"the file has {count} program headers, the limit is {MaximumProgramHeaders}");
            }

            ulong table = UInt64(TableOffset);
            if (!CheckInFile(table, (ulong)count * ProgramHeaderSize, TableOffset, "the table of program headers"))
            {
                return false;
            }

            var loaded = new List<ElfSegment>();
            for (int index = 0; index < count; index++)
            {
                int header = (int)table + (index * ProgramHeaderSize);
                if (!CheckSegment(header, index))
                {
                    return false;
                }

                ulong memorySize = UInt64(header + 40);
                if (IsLoaded(UInt32(header), memorySize))
                {
                    loaded.Add(new ElfSegment(
                        index,
                        header,
                        UInt64(header + 8),
                        new Ipa(UInt64(header + 24)),
                        new Va(UInt64(header + 16)),
                        memorySize,
                        Slice(UInt64(header + 8), UInt64(header + 32)),
                        (ElfSegmentAccess)(UInt32(header + 4) & 7)));
                }
            }

            if (loaded.Count == 0)
            {
                return Fail(ElfErrorKind.NoLoadableSegment, (long)table, "no segment is to be loaded");
            }

            segments = loaded.ToArray();
            return CheckOverlaps(segments);
        }

        private bool CheckSegment(int header, int index)
        {
            ulong fileOffset = UInt64(header + 8);
            ulong virtualAddress = UInt64(header + 16);
            ulong physicalAddress = UInt64(header + 24);
            ulong fileSize = UInt64(header + 32);
            ulong memorySize = UInt64(header + 40);
            ulong alignment = UInt64(header + 48);

            if (!CheckInFile(fileOffset, fileSize, header + 8, $"segment {index}"))
            {
                return false;
            }

            if (UInt32(header) != SegmentToLoad)
            {
                return true;
            }

            if (fileSize > memorySize)
            {
                return Fail(ElfErrorKind.Corrupt, header + 32, $"segment {index} has 0x{fileSize:x} bytes in the file but only 0x{memorySize:x} in memory");
            }

            if (Wraps(virtualAddress, memorySize))
            {
                return Fail(ElfErrorKind.AddressOverflow, header + 16, $"segment {index} passes the end of virtual memory: 0x{memorySize:x} bytes from 0x{virtualAddress:x}");
            }

            if (Wraps(physicalAddress, memorySize))
            {
                return Fail(ElfErrorKind.AddressOverflow, header + 24, $"segment {index} passes the end of physical memory: 0x{memorySize:x} bytes from 0x{physicalAddress:x}");
            }

            return (alignment & unchecked(alignment - 1)) == 0
                || Fail(ElfErrorKind.Corrupt, header + 48, $"the alignment of segment {index} is 0x{alignment:x}, which is not a power of two");
        }

        private bool CheckOverlaps(ElfSegment[] segments)
        {
            var sorted = (ElfSegment[])segments.Clone();
            Array.Sort(sorted, static (left, right) => left.PhysicalAddress.CompareTo(right.PhysicalAddress));
            for (int index = 1; index < sorted.Length; index++)
            {
                ElfSegment lower = sorted[index - 1];
                ElfSegment upper = sorted[index];
                if (lower.LastPhysical >= upper.PhysicalAddress)
                {
                    return Fail(ElfErrorKind.OverlappingSegments, upper.HeaderOffset + 24, $"{upper} overlaps {lower}");
                }
            }

            return true;
        }

        private bool TryReadSymbols(ElfSegment[] segments, out Symbol[] symbols)
        {
            const int TableOffset = 40;
            const int SizeOffset = 58;
            const int CountOffset = 60;

            symbols = Array.Empty<Symbol>();
            ulong table = UInt64(TableOffset);
            ulong count = UInt16(CountOffset);
            if (table == 0)
            {
                return count == 0 || Fail(ElfErrorKind.Corrupt, TableOffset, $"the file has {count} section headers at no place");
            }

            if (UInt16(SizeOffset) != SectionHeaderSize)
            {
                return Fail(ElfErrorKind.Corrupt, SizeOffset, $"a section header has {UInt16(SizeOffset)} bytes instead of {SectionHeaderSize}");
            }

            if (!CheckInFile(table, SectionHeaderSize, TableOffset, "the first section header"))
            {
                return false;
            }

            // More sections than 16 bits can count: their number is in the size of the first one.
            if (count == 0)
            {
                count = UInt64((int)table + 32);
            }

            if (count > MaximumSectionHeaders)
            {
                return Fail(ElfErrorKind.LimitExceeded, CountOffset, $"the file has {count} section headers, the limit is {MaximumSectionHeaders}");
            }

            if (!CheckInFile(table, count * SectionHeaderSize, TableOffset, "the table of section headers"))
            {
                return false;
            }

            int ordinary = -1;
            int dynamic = -1;
            for (int index = 0; index < (int)count; index++)
            {
                int header = (int)table + (index * SectionHeaderSize);
                uint type = UInt32(header + 4);
                if (type is not SectionNull and not SectionNoBits
                    && !CheckInFile(UInt64(header + 24), UInt64(header + 32), header + 24, $"section {index}"))
                {
                    return false;
                }

                ulong offset = UInt64(header + 24);
                if (type is not SectionNull and not SectionNoBits and not SectionNote && (UInt64(header + 8) & SectionAllocated) != 0
                    && offset < _contentStart)
                {
                    _contentStart = offset;
                }

                if (type is not SectionNull and not SectionNoBits && (UInt64(header + 8) & SectionExecutable) == SectionExecutable)
                {
                    _executable.Add(new ExecutablePart(new Va(UInt64(header + 16)), offset, Slice(offset, UInt64(header + 32))));
                }

                ordinary = type == SectionSymbols && ordinary < 0 ? index : ordinary;
                dynamic = type == SectionDynamicSymbols && dynamic < 0 ? index : dynamic;
            }

            int chosen = ordinary >= 0 ? ordinary : dynamic;
            return chosen < 0 || TryReadSymbolTable((int)table, (int)count, chosen, segments, out symbols);
        }

        private bool TryReadSymbolTable(int sections, int sectionCount, int chosen, ElfSegment[] segments, out Symbol[] symbols)
        {
            symbols = Array.Empty<Symbol>();
            int header = sections + (chosen * SectionHeaderSize);
            int first = (int)UInt64(header + 24);
            ulong size = UInt64(header + 32);
            if (UInt64(header + 56) != SymbolSize || size % SymbolSize != 0)
            {
                return Fail(ElfErrorKind.Corrupt, header + 56, $"section {chosen} is no table of symbols of {SymbolSize} bytes: 0x{size:x} bytes in entries of 0x{UInt64(header + 56):x}");
            }

            ulong count = size / SymbolSize;
            if (count > MaximumSymbols)
            {
                return Fail(ElfErrorKind.LimitExceeded, header + 32, $"the file has {count} symbols, the limit is {MaximumSymbols}");
            }

            uint link = UInt32(header + 40);
            if (link >= (uint)sectionCount || UInt32(sections + ((int)link * SectionHeaderSize) + 4) != SectionStrings)
            {
                return Fail(ElfErrorKind.Corrupt, header + 40, $"the symbols' names are in section {link}, which is no string table");
            }

            int strings = sections + ((int)link * SectionHeaderSize);
            var names = new NameReader(Slice(UInt64(strings + 24), UInt64(strings + 32)).Span, (int)count);
            var reaches = new ReachFinder(segments);
            var found = new List<Symbol>((int)count);
            for (int index = 0; index < (int)count; index++)
            {
                int symbol = first + (index * SymbolSize);
                int section = UInt16(symbol + 6);
                if (section is IndexUndefined or IndexCommon)
                {
                    continue;
                }

                if (!names.TryRead(UInt32(symbol), out string name))
                {
                    return names.IsExhausted
                        ? Fail(ElfErrorKind.LimitExceeded, symbol, $"the names of the symbols up to {index} are far longer than their string table")
                        : Fail(ElfErrorKind.Corrupt, symbol, $"the name of symbol {index} leaves its string table");
                }

                var address = new Va(UInt64(symbol + 8));
                ulong symbolSize = UInt64(symbol + 16);
                if (Wraps(address.Value, symbolSize))
                {
                    return Fail(ElfErrorKind.AddressOverflow, symbol + 16, $"symbol {index} passes the end of virtual memory: 0x{symbolSize:x} bytes from {address}");
                }

                int info = _bytes[symbol + 4];
                found.Add(new Symbol(
                    name, address, symbolSize, KindOf(info & 15), BindingOf(info >> 4), section == IndexAbsolute, reaches.From(address)));
            }

            symbols = found.ToArray();
            return true;
        }

        /// <summary>Nothing is everywhere: linkers place empty parts also beyond the end of the file.</summary>
        private bool CheckInFile(ulong offset, ulong size, long fieldOffset, string what)
        {
            ulong length = (ulong)_bytes.Length;
            return size == 0 || (offset <= length && size <= length - offset)
                || Fail(
                    ElfErrorKind.Truncated,
                    fieldOffset,
                    $"{what} leaves the file: 0x{size:x} bytes from 0x{offset:x}, but the file has 0x{length:x}");
        }

        private bool Fail(ElfErrorKind kind, long fileOffset, string what)
        {
            Error = new ElfError(kind, fileOffset, what);
            return false;
        }

        /// <summary>Gets a part of the file that <see cref="CheckInFile"/> has accepted.</summary>
        private readonly ReadOnlyMemory<byte> Slice(ulong offset, ulong size) => size == 0 ? default : _file.Slice((int)offset, (int)size);

        private readonly ushort UInt16(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes.Slice(offset));

        private readonly uint UInt32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.Slice(offset));

        private readonly ulong UInt64(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(_bytes.Slice(offset));
    }
}
