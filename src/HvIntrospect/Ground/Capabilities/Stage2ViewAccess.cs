using System;

namespace HvIntrospect;

/// <summary>What a view permits, in terms of what the base view permits at the same address: it follows the base where it denies or grants nothing itself.</summary>
/// <remarks>Immutable and thread-safe. The default value follows the base entirely.</remarks>
public readonly struct Stage2ViewAccess : IEquatable<Stage2ViewAccess>
{
    private Stage2ViewAccess(Stage2Access denied, Stage2Access granted)
    {
        Denied = denied;
        Granted = granted;
    }

    /// <summary>Gets what the view denies although the base may permit it. Nothing in it is <see cref="Granted"/>.</summary>
    public Stage2Access Denied { get; }

    /// <summary>Gets what the view permits although the base may deny it.</summary>
    public Stage2Access Granted { get; }

    /// <summary>Gets a value indicating whether the view permits what the base permits, whatever that is.</summary>
    public bool FollowsBase => (Denied | Granted) == Stage2Access.None;

    /// <summary>Compares two values.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>True when they deny and grant the same.</returns>
    public static bool operator ==(Stage2ViewAccess left, Stage2ViewAccess right) => left.Equals(right);

    /// <summary>Compares two values.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>False when they deny and grant the same.</returns>
    public static bool operator !=(Stage2ViewAccess left, Stage2ViewAccess right) => !left.Equals(right);

    /// <summary>Permits this and nothing else, whatever the base permits, now and later.</summary>
    /// <param name="access">What is permitted.</param>
    /// <returns>The value.</returns>
    public static Stage2ViewAccess Exactly(Stage2Access access) => new(Stage2Access.All & ~access, Stage2Access.All & access);

    /// <summary>Permits what the base permits, now and later, but not this.</summary>
    /// <param name="denied">What is denied.</param>
    /// <returns>The value.</returns>
    public static Stage2ViewAccess Without(Stage2Access denied) => new(Stage2Access.All & denied, Stage2Access.None);

    /// <summary>Permits what the base permits, now and later, and this too.</summary>
    /// <param name="granted">What is permitted although the base may deny it.</param>
    /// <returns>The value.</returns>
    public static Stage2ViewAccess With(Stage2Access granted) => new(Stage2Access.None, Stage2Access.All & granted);

    /// <summary>Works out what the view permits.</summary>
    /// <param name="access">What the base permits.</param>
    /// <returns>What the view permits.</returns>
    public Stage2Access Of(Stage2Access access) => (access & ~Denied) | Granted;

    /// <inheritdoc/>
    public bool Equals(Stage2ViewAccess other) => Denied == other.Denied && Granted == other.Granted;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Stage2ViewAccess other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => ((int)Denied << 3) | (int)Granted;

    /// <summary>Formats the value.</summary>
    /// <returns>For example <c>base - Write + None</c>.</returns>
    public override string ToString() => "base - " + Denied + " + " + Granted;
}
