using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Checking;

/// <summary>The operations of one core, each of which the checker sees before it is performed.</summary>
internal sealed class CheckedEl2Operations : IEl2Operations
{
    private readonly ArchitectureChecker _checker;
    private readonly int _core;
    private readonly IEl2Operations _inner;

    /// <summary>Initialises the decorator.</summary>
    /// <param name="checker">The checker.</param>
    /// <param name="core">The core's number.</param>
    /// <param name="inner">What performs the operations.</param>
    public CheckedEl2Operations(ArchitectureChecker checker, int core, IEl2Operations inner)
    {
        _checker = checker;
        _core = core;
        _inner = inner;
    }

    /// <inheritdoc/>
    public ulong ReadSystemRegister(SystemRegister register) => _inner.ReadSystemRegister(register);

    /// <inheritdoc/>
    public void WriteSystemRegister(SystemRegister register, ulong value)
    {
        _checker.FollowWrite(_core, register, value);
        _inner.WriteSystemRegister(register, value);
    }

    /// <inheritdoc/>
    public void Tlbi(TlbiOperation operation, ulong operand)
    {
        _checker.FollowTlbi(_core, operation, operand);
        _inner.Tlbi(operation, operand);
    }

    /// <inheritdoc/>
    public void Dsb(BarrierOption option)
    {
        _inner.Dsb(option);
        _checker.FollowDsb(_core, option);
    }

    /// <inheritdoc/>
    public void Isb()
    {
        _inner.Isb();
        _checker.FollowIsb(_core);
    }

    /// <inheritdoc/>
    public void InvalidateInstructionCache(InstructionCacheOperation operation, Pa address)
    {
        _checker.FollowInstructionCache(_core, operation, address);
        _inner.InvalidateInstructionCache(operation, address);
    }

    /// <inheritdoc/>
    public void MaintainDataCache(DataCacheOperation operation, Pa address)
    {
        _checker.FollowDataCache(_core, operation, address);
        _inner.MaintainDataCache(operation, address);
    }

    /// <inheritdoc/>
    public ulong TranslateAddress(AddressTranslationOperation operation, Va address)
    {
        _checker.FollowTranslation(_core);
        return _inner.TranslateAddress(operation, address);
    }
}
