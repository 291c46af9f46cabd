using System;
using System.Threading;

namespace HvIntrospect.Shapes;

/// <summary>A vCPU that only its thread may use.</summary>
internal sealed class HvfVcpu : ShapedVcpu
{
    private Thread? _owner;

    public HvfVcpu(IVcpu inner, RegisterGroups groups)
        : base(inner, groups, offersStep: true)
    {
    }

    /// <summary>Makes the calling thread the owner, or refuses it.</summary>
    public void Own()
    {
        _owner ??= Thread.CurrentThread;
        if (_owner != Thread.CurrentThread)
        {
            throw new InvalidOperationException("A vCPU is used by the thread that owns it.");
        }
    }

    /// <inheritdoc/>
    protected override void Check(RegisterGroups group, bool isWrite)
    {
        base.Check(group, isWrite);
        Own();
    }
}
