namespace HvIntrospect;

/// <summary>Executes any instruction in software against a vCPU's registers and memory.</summary>
/// <remarks>A per-machine capability, used on the thread that handles the vCPU's exit.</remarks>
public interface IInstructionExecutor
{
    /// <summary>Executes one instruction as if it stood at the vCPU's PC.</summary>
    /// <param name="vcpu">The vCPU. After <see cref="InstructionExecution.Completed"/> its registers are those after the instruction; otherwise they are unchanged.</param>
    /// <param name="instruction">The instruction word.</param>
    /// <returns>What happened.</returns>
    /// <exception cref="System.InvalidOperationException">The call comes from a handler that was called while a vCPU runs; nothing was changed.</exception>
    InstructionExecution Execute(IVcpu vcpu, uint instruction);
}
