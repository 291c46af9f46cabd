using System;
using HvIntrospect.Samples.Shared;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Samples.WatchIpa;

/// <summary>What one --watch asks for, before anything is known of the guest.</summary>
/// <param name="Text">As it was typed.</param>
/// <param name="Symbol">The symbol, or null for an address.</param>
/// <param name="Address">The address, when there is no symbol.</param>
/// <param name="Length">The bytes to watch, or null for the symbol's size.</param>
/// <param name="Accesses">The accesses to watch.</param>
internal sealed record WatchRequest(string Text, string? Symbol, Ipa Address, ulong? Length, WatchKinds Accesses)
{
    /// <summary>The bytes that are watched when neither the user nor a symbol says how many.</summary>
    public const ulong DefaultLength = 8;

    /// <summary>How a watch is typed.</summary>
    public const string Syntax = "ADDR|SYMBOL[:LEN][:r|w|x|rw|rwx]";

    /// <summary>Gets what the story of the guest inside the program needs.</summary>
    public static WatchRequest OfInnerGuest { get; } = new("queue_head", "queue_head", default, null, WatchKinds.ReadWrite);

    /// <summary>Reads ADDR|SYMBOL[:LEN][:r|w|x|rw|rwx].</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="request">Receives the request, or null.</param>
    /// <returns>Null, or what is wrong in words.</returns>
    public static string? Parse(string text, out WatchRequest? request)
    {
        request = null;
        string[] parts = text.Split(':');
        string target = parts[0];
        if (target.Length == 0)
        {
            return "there is no address or symbol";
        }

        ulong address = 0;
        bool isAddress = char.IsAsciiDigit(target[0]);
        if (isAddress && !NumberText.TryParse(target, out address))
        {
            return $"'{target}' is no address";
        }

        int next = 1;
        ulong? length = null;
        if (next < parts.Length && AccessOf(parts[next]) is null)
        {
            if (!NumberText.TryParseSize(parts[next], out ulong bytes) || bytes == 0)
            {
                return $"'{parts[next]}' is neither a length of at least 1 byte nor r, w, x, rw or rwx";
            }

            length = bytes;
            next++;
        }

        WatchKinds accesses = WatchKinds.ReadWrite;
        if (next < parts.Length)
        {
            if (AccessOf(parts[next]) is not WatchKinds given)
            {
                return $"'{parts[next]}' is not r, w, x, rw or rwx";
            }

            accesses = given;
            next++;
        }

        if (next < parts.Length)
        {
            return $"nothing may follow '{parts[next - 1]}'";
        }

        request = new WatchRequest(text, isAddress ? null : target, new Ipa(address), length, accesses);
        return null;
    }

    private static WatchKinds? AccessOf(string text) => text switch
    {
        "r" => WatchKinds.Read,
        "w" => WatchKinds.Write,
        "x" => WatchKinds.Execute,
        "rw" => WatchKinds.ReadWrite,
        "rwx" => WatchKinds.ReadWrite | WatchKinds.Execute,
        _ => null,
    };
}
