namespace HvIntrospect.Interpreter.Mmu;

/// <summary>Whose tables a walk goes through.</summary>
/// <param name="Vmid">The VMID; 0 for EL2&amp;0 and EL2.</param>
/// <param name="Asid">The ASID; 0 for Stage 2.</param>
/// <param name="IsHost">True for EL2&amp;0 and EL2.</param>
internal readonly record struct WalkTag(ushort Vmid, ushort Asid, bool IsHost);
