using System;
using System.Collections.Generic;
using System.Text;
using HvIntrospect.Samples.Shared;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;

namespace HvIntrospect.Samples.Stage2Dump;

/// <summary>Tables that are built as a text describes them, line by line. The format is in <c>--help</c> and in <c>example.s2</c>.</summary>
internal sealed class DescriptionSource(string path) : ISource
{
    private const ulong DefaultPoolSize = 16 << 20;
    private const ulong LargestPoolSize = 256 << 20;
    private const ulong PoolAlignment = 0x1_0000;

    private static readonly Dictionary<string, Stage2MemoryType> s_types = new()
    {
        ["wb"] = Stage2MemoryType.NormalWriteBack,
        ["wt"] = Stage2MemoryType.NormalWriteThrough,
        ["nc"] = Stage2MemoryType.NormalNonCacheable,
        ["stage1"] = Stage2MemoryType.Stage1Decides,
        ["nGnRnE"] = Stage2MemoryType.DeviceNGnRnE,
        ["nGnRE"] = Stage2MemoryType.DeviceNGnRE,
        ["nGRE"] = Stage2MemoryType.DeviceNGRE,
        ["GRE"] = Stage2MemoryType.DeviceGRE,
    };

    private Stage2Geometry? _geometry;
    private ushort _vmid;
    private PaRange _pool = new(new Pa(0), DefaultPoolSize);
    private ImageMemory _memory = new(default, []);

    /// <inheritdoc/>
    public TableSource Open()
    {
        string text = Encoding.UTF8.GetString(InputFile.Read(path));
        Stage2Tables? tables = null;
        int number = 0;
        var line = new DescriptionLine(path, 1, string.Empty);
        foreach (string content in text.ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            line = new DescriptionLine(path, number, content);
            if (line.TryRead())
            {
                Obey(line, ref tables);
            }
        }

        tables ??= NewTables(line);
        return new TableSource(_memory, tables.Geometry, tables.Vttbr);
    }

    private void Obey(DescriptionLine line, ref Stage2Tables? tables)
    {
        switch (line.Word)
        {
            case "geometry" when _geometry is null:
                ReadGeometry(line);
                break;
            case "tables" when tables is null:
                ReadPool(line);
                break;
            case "geometry" or "tables":
                throw line.Bad($"'{line.Word}' comes too late: once, and before what is mapped");
            case "map":
                Map(line, ref tables);
                break;
            case "protect":
                Protect(line, ref tables);
                break;
            case "unmap":
                IpaRange range = ReadRange(line);
                line.End();
                Change(line, ref tables, made => made.Unmap(range));
                break;
            default:
                throw line.Bad($"'{line.Word}' is none of geometry, tables, map, protect and unmap");
        }
    }

    private void ReadGeometry(DescriptionLine line)
    {
        int? ipa = null;
        int? pa = null;
        int? start = null;
        TranslationGranule granule = TranslationGranule.Granule4K;
        TranslationFeatures features = TranslationFeatures.None;
        while (line.TryRead())
        {
            int equals = line.Word.IndexOf('=');
            ReadOnlySpan<char> value = line.Word[(equals + 1)..];
            switch (line.Word[..Math.Max(equals, 0)])
            {
                case "ipa":
                    ipa = Number(line, value, 64);
                    break;
                case "pa":
                    pa = Number(line, value, 64);
                    break;
                case "start":
                    start = value is "-1" ? -1 : Number(line, value, 3);
                    break;
                case "vmid":
                    _vmid = (ushort)Number(line, value, ushort.MaxValue);
                    break;
                case "granule":
                    granule = value switch
                    {
                        "4K" => TranslationGranule.Granule4K,
                        "16K" => TranslationGranule.Granule16K,
                        "64K" => TranslationGranule.Granule64K,
                        _ => throw line.Bad($"'{value}' is none of 4K, 16K and 64K"),
                    };
                    break;
                case "features":
                    features = FeatureText.TryParse(value, out TranslationFeatures named) ? named : throw line.Bad($"'{value}' is not {FeatureText.Syntax}");
                    break;
                default:
                    throw line.Bad($"'{line.Word}' is none of ipa=, pa=, granule=, start=, features= and vmid=");
            }
        }

        if (ipa is null || pa is null)
        {
            throw line.Bad(ipa is null ? "ipa= is missing" : "pa= is missing");
        }

        Try(line, () => _geometry = new Stage2Geometry(ipa.Value, pa.Value, granule, start, features));
    }

    private void ReadPool(DescriptionLine line)
    {
        ulong start = line.ReadNumber("address");
        if (start % PoolAlignment != 0)
        {
            throw line.Bad($"'{line.Word}' is not a multiple of 64K");
        }

        ulong size = line.ReadSize();
        if (size % PoolAlignment != 0 || size > LargestPoolSize || start > ulong.MaxValue - size)
        {
            throw line.Bad($"'{line.Word}' is not a multiple of 64K up to 256M");
        }

        line.End();
        _pool = new PaRange(new Pa(start), size);
    }

    private void Map(DescriptionLine line, ref Stage2Tables? tables)
    {
        IpaRange range = ReadRange(line);
        var target = new Pa(line.ReadNumber("physical address"));
        Stage2Access access = ReadAccess(line);
        string name = line.Read("memory type").ToString();
        if (!s_types.TryGetValue(name, out Stage2MemoryType type))
        {
            throw line.Bad($"'{name}' is none of {string.Join(", ", s_types.Keys)}");
        }

        Shareability shareability = type <= Stage2MemoryType.DeviceGRE ? Shareability.NonShareable : Shareability.InnerShareable;
        if (line.TryRead())
        {
            shareability = line.Word switch
            {
                "none" => Shareability.NonShareable,
                "inner" => Shareability.InnerShareable,
                "outer" => Shareability.OuterShareable,
                _ => throw line.Bad($"'{line.Word}' is none of none, inner and outer"),
            };
            line.End();
        }

        var attributes = new Stage2Attributes(access, type, shareability);
        Change(line, ref tables, made => made.Map(range, target, attributes));
    }

    private void Protect(DescriptionLine line, ref Stage2Tables? tables)
    {
        IpaRange range = ReadRange(line);
        Stage2Access access = ReadAccess(line);
        line.End();
        Change(line, ref tables, made => made.Protect(range, access));
    }

    private static IpaRange ReadRange(DescriptionLine line)
    {
        ulong start = line.ReadNumber("intermediate physical address");
        ulong size = line.ReadSize();
        return size - 1 <= ulong.MaxValue - start ? new IpaRange(new Ipa(start), size) : throw line.Bad($"'{line.Word}' passes the end of all addresses");
    }

    private static Stage2Access ReadAccess(DescriptionLine line)
    {
        ReadOnlySpan<char> word = line.Read("access");
        Stage2Access execution = word.EndsWith("x(EL0)") ? Stage2Access.ExecuteEl0 : word.EndsWith("x(EL1)") ? Stage2Access.ExecuteEl1 : Stage2Access.Execute;
        ReadOnlySpan<char> letters = execution == Stage2Access.Execute ? word : word[..^"(EL0)".Length];
        bool isAccess = letters.Length == 3 && letters[0] is 'r' or '-' && letters[1] is 'w' or '-' && letters[2] is 'x' or '-';
        return !isAccess
            ? throw line.Bad($"'{word}' is no access: rwx with - for what is not permitted; x(EL0) or x(EL1) for one level")
            : (letters[0] == 'r' ? Stage2Access.Read : 0) | (letters[1] == 'w' ? Stage2Access.Write : 0) | (letters[2] == 'x' ? execution : 0);
    }

    private static int Number(DescriptionLine line, ReadOnlySpan<char> text, int most) =>
        NumberText.TryParse(text, out ulong value) && value <= (ulong)most ? (int)value : throw line.Bad($"'{line.Word}' is not a number up to {most}");

    /// <summary>Says what the library has against something at the line that asks for it.</summary>
    private static void Try(DescriptionLine line, Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is ArgumentException or Stage2Exception)
        {
            // The messages end with the parameter's name, which says nothing here.
            throw line.AtStart().Bad(exception.Message.Split(" (Parameter ")[0].ReplaceLineEndings(" "));
        }
    }

    /// <summary>Changes the tables; the first change makes them.</summary>
    private void Change(DescriptionLine line, ref Stage2Tables? tables, Action<Stage2Tables> change)
    {
        Stage2Tables made = tables ??= NewTables(line);
        Try(line, () => change(made));
    }

    private Stage2Tables NewTables(DescriptionLine line)
    {
        Stage2Geometry geometry = _geometry ?? throw line.AtStart().Bad("a 'geometry' line comes before this");
        Stage2Tables? tables = null;
        _memory = new ImageMemory(_pool.Start, new byte[_pool.Length]);
        Try(line, () => tables = new Stage2Tables(_memory, new TablePool(_pool, geometry.Granule), geometry, _vmid, new UnattendedCore()));
        return tables!;
    }
}
