using HvIntrospect.Interception;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;

namespace HvIntrospect.Introspection;

/// <summary>The cache instructions by address, which a guest may use on pages that are denied to it: those that maintain caches, and DC ZVA, DC GVA and DC GZVA, which store.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "A64 System instruction class".</remarks>
internal static class CacheInstruction
{
    // SYS with the register masked: op1, CRn, CRm and op2.
    private const uint WithoutRegister = 0xFFFF_FFE0;
    private const uint DcZva = 0xD50B_7420;
    private const uint DcGva = 0xD50B_7460;
    private const uint DcGzva = 0xD50B_7480;
    private const uint DcIvac = 0xD508_7620;
    private const uint DcIgvac = 0xD508_7660;
    private const uint DcIgdvac = 0xD508_76A0;
    private const uint DcCvac = 0xD50B_7A20;
    private const uint DcCvau = 0xD50B_7B20;
    private const uint DcCgvac = 0xD50B_7A60;
    private const uint DcCgdvac = 0xD50B_7AA0;
    private const uint DcCvap = 0xD50B_7C20;
    private const uint DcCgvap = 0xD50B_7C60;
    private const uint DcCgdvap = 0xD50B_7CA0;
    private const uint DcCvadp = 0xD50B_7D20;
    private const uint DcCgvadp = 0xD50B_7D60;
    private const uint DcCgdvadp = 0xD50B_7DA0;
    private const uint DcCigvac = 0xD50B_7E60;
    private const uint DcCigdvac = 0xD50B_7EA0;
    private const uint DcCivac = 0xD50B_7E20;
    private const uint IcIvau = 0xD50B_7520;
    private const ulong BlockSizeMask = 15;
    private const ulong IsProhibited = 1 << 4;
    private const int LargestBlock = 9;

    /// <summary>Tells what a word stores to a block.</summary>
    /// <param name="word">The instruction word.</param>
    /// <returns><see cref="BlockStore.None"/> for anything but DC ZVA, DC GVA and DC GZVA.</returns>
    public static BlockStore StoredBy(uint word) => (word & WithoutRegister) switch
    {
        DcZva => BlockStore.Data,
        DcGva => BlockStore.Tags,
        DcGzva => BlockStore.DataAndTags,
        _ => BlockStore.None,
    };

    /// <summary>Gets the address that an instruction names, which need not be aligned.</summary>
    /// <param name="core">The registers.</param>
    /// <param name="word">The instruction word.</param>
    /// <returns>Xt.</returns>
    public static Va AddressOf(in CoreRegisters core, uint word)
    {
        int register = (int)(word & 31);
        return new Va(register == CoreRegisters.GeneralCount ? 0 : core[register]);
    }

    /// <summary>Finds the block that DC ZVA and its kin of a vCPU store to.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="el2">EL2 of its core, or null.</param>
    /// <param name="known">The size that the embedder has told, or 0.</param>
    /// <param name="size">The size of the block in bytes; 0 when nobody tells.</param>
    /// <returns>The register that forbids the instruction, so that it cannot have come this far; else null.</returns>
    public static string? FindZeroBlock(IVcpu vcpu, IEl2Operations? el2, int known, out int size)
    {
        size = known;
        if (vcpu.Core.Pstate.ExceptionLevel == 0 && !new Sctlr(vcpu.Translation.SctlrEl1).Has(SctlrBits.Dze))
        {
            return "SCTLR_EL1.DZE";
        }

        if (el2 is null)
        {
            return null;
        }

        ulong identification = el2.ReadSystemRegister(SystemRegister.DczidEl0);
        int words = (int)(identification & BlockSizeMask);
        if (known == 0 && words <= LargestBlock)
        {
            size = sizeof(uint) << words;
        }

        return (identification & IsProhibited) != 0 ? "DCZID_EL0.DZP" : null;
    }

    /// <summary>Maintains the caches at EL2, for the guest.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="el2">EL2 of its core, or null.</param>
    /// <param name="pages">Tells where the page lies.</param>
    /// <param name="view">The view that the vCPU has active.</param>
    /// <param name="word">The instruction word.</param>
    /// <param name="ipa">A byte of the page.</param>
    /// <returns>False when the backend cannot, or when the instruction does something else.</returns>
    public static bool TryMaintain(IVcpu vcpu, IEl2Operations? el2, PageGuards pages, int view, uint word, Ipa ipa)
    {
        if (el2 is null || !pages.TryGetPhysical(ipa.AlignDown(4096), view, out Pa page))
        {
            return false;
        }

        Pa address = page + AddressOf(vcpu.Core, word).OffsetIn(4096);
        switch (word & WithoutRegister)
        {
            case DcIvac:
                // A guest must not throw away what others have written: behind Stage 2 it cleans, too.
            case DcCivac:
                el2.MaintainDataCache(DataCacheOperation.Civac, address);
                return true;
            case DcCvac:
                el2.MaintainDataCache(DataCacheOperation.Cvac, address);
                return true;
            case DcCvau:
                el2.MaintainDataCache(DataCacheOperation.Cvau, address);
                return true;
            case DcCvap:
                el2.MaintainDataCache(DataCacheOperation.Cvap, address);
                return true;
            case DcCvadp:
                el2.MaintainDataCache(DataCacheOperation.Cvadp, address);
                return true;

            // What is done to the tags may be done to the data too.
            case DcCgvac:
            case DcCgdvac:
                el2.MaintainDataCache(DataCacheOperation.Cgdvac, address);
                return true;
            case DcCgvap:
            case DcCgdvap:
                el2.MaintainDataCache(DataCacheOperation.Cgdvap, address);
                return true;
            case DcCgvadp:
            case DcCgdvadp:
                el2.MaintainDataCache(DataCacheOperation.Cgdvadp, address);
                return true;
            case DcIgvac:
            case DcIgdvac:
            case DcCigvac:
            case DcCigdvac:
                el2.MaintainDataCache(DataCacheOperation.Cigdvac, address);
                return true;
            case IcIvau:
                el2.InvalidateInstructionCache(InstructionCacheOperation.Ivau, address);
                return true;
            default:
                return false;
        }
    }
}
