using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Operations.SystemInstructions;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Operations.PointerAuthentication;

/// <summary>Binds the instructions of pointer authentication.</summary>
internal static class PointerAuthenticationBinders
{
    private const uint LinkRegister = 30;
    private const uint FirstScratch = 16;
    private const uint SecondScratch = 17;

    // In the letters of the manual: the key's kind and its letter.
    private static readonly (string Name, PointerKey Key)[] s_keys =
    [
        ("IA", PointerKey.InstructionA), ("IB", PointerKey.InstructionB), ("DA", PointerKey.DataA), ("DB", PointerKey.DataB),
    ];

    /// <summary>Adds the binders.</summary>
    /// <param name="table">The table to add them to.</param>
    public static void AddTo(OperationTable table)
    {
        foreach ((string name, PointerKey key) in s_keys)
        {
            BindPointer<AddPointerCode>(table, $"PAC{name}_64P_dp_1src", key, hasModifier: true);
            BindPointer<AuthenticatePointer>(table, $"AUT{name}_64P_dp_1src", key, hasModifier: true);
            BindPointer<AddPointerCode>(table, $"PAC{name[0]}Z{name[1]}_64Z_dp_1src", key, hasModifier: false);
            BindPointer<AuthenticatePointer>(table, $"AUT{name[0]}Z{name[1]}_64Z_dp_1src", key, hasModifier: false);
        }

        BindPointer<StripPointer>(table, "XPACI_64Z_dp_1src", PointerKey.InstructionA, hasModifier: false);
        BindPointer<StripPointer>(table, "XPACD_64Z_dp_1src", PointerKey.DataA, hasModifier: false);
        BindHint<StripPointer>(table, "XPACLRI_HI_hints", LinkRegister, CpuState.ZeroOffset, PointerKey.InstructionA);
        foreach ((char letter, PointerKey key) in new[] { ('A', PointerKey.InstructionA), ('B', PointerKey.InstructionB) })
        {
            BindHints<AddPointerCode>(table, "PACI" + letter, key);
            BindHints<AuthenticatePointer>(table, "AUTI" + letter, key);
            BindBranch<AuthenticatedBranch>(table, $"BRA{letter}Z_64_branch_reg", key, hasModifier: false);
            BindBranch<AuthenticatedBranchWithLink>(table, $"BLRA{letter}Z_64_branch_reg", key, hasModifier: false);
            BindBranch<AuthenticatedBranch>(table, $"BRA{letter}_64P_branch_reg", key, hasModifier: true);
            BindBranch<AuthenticatedBranchWithLink>(table, $"BLRA{letter}_64P_branch_reg", key, hasModifier: true);
            table.Bind($"RETA{letter}_64E_branch_reg", (uint _, ref OperationBuilder builder) => UseBranch<AuthenticatedBranch>(builder, LinkRegister, CpuState.SpOffset, key, isTyped: false));
            table.Bind($"ERETA{letter}_64E_branch_reg", (uint _, ref OperationBuilder builder) =>
            {
                builder.Value.Ra = (ushort)key;
                builder.Use<AuthenticatedExceptionReturn>();
            });
        }

        table.Bind("PACGA_64P_dp_2src", static (uint word, ref OperationBuilder builder) =>
        {
            builder.Value.Rd = OperationBuilder.Destination(WordFields.Rd(word));
            builder.Value.Rn = OperationBuilder.Source(WordFields.Rn(word));
            builder.Value.Rm = OperationBuilder.OrSp(WordFields.Rm(word));
            builder.Use<GenericPointerCode>();
        });
    }

    private static void BindPointer<T>(OperationTable table, string id, PointerKey key, bool hasModifier)
        where T : struct, IOperation =>
        table.Bind(id, (uint word, ref OperationBuilder builder) =>
            Use<T>(builder, WordFields.Rd(word), hasModifier ? OperationBuilder.OrSp(WordFields.Rn(word)) : CpuState.ZeroOffset, key));

    private static void BindHints<T>(OperationTable table, string name, PointerKey key)
        where T : struct, IOperation
    {
        BindHint<T>(table, name + "SP_HI_hints", LinkRegister, CpuState.SpOffset, key);
        BindHint<T>(table, name + "Z_HI_hints", LinkRegister, CpuState.ZeroOffset, key);
        BindHint<T>(table, name + "1716_HI_hints", SecondScratch, OperationBuilder.Source(FirstScratch), key);
    }

    // Without pointer authentication these hints do nothing.
    private static void BindHint<T>(OperationTable table, string id, uint register, int modifier, PointerKey key)
        where T : struct, IOperation =>
        table.Bind(id, (uint _, ref OperationBuilder builder) =>
        {
            if (builder.Has(A64Features.PAuth))
            {
                Use<T>(builder, register, modifier, key);
            }
            else
            {
                builder.Use<NoOperation>();
            }
        });

    private static void BindBranch<T>(OperationTable table, string id, PointerKey key, bool hasModifier)
        where T : struct, IOperation =>
        table.Bind(id, (uint word, ref OperationBuilder builder) =>
            UseBranch<T>(builder, WordFields.Rn(word), hasModifier ? OperationBuilder.OrSp(WordFields.Rd(word)) : CpuState.ZeroOffset, key, builder.Has(A64Features.BTI)));

    private static void UseBranch<T>(OperationBuilder builder, uint register, int modifier, PointerKey key, bool isTyped)
        where T : struct, IOperation
    {
        builder.Value.Immediate = builder.PageOffset + 4;
        builder.SetTransfer();
        Use<T>(builder, register, modifier, key);
        builder.Value.Rd = isTyped ? (ushort)1 : (ushort)0;
    }

    private static void Use<T>(OperationBuilder builder, uint register, int modifier, PointerKey key)
        where T : struct, IOperation
    {
        builder.Value.Rd = OperationBuilder.Destination(register);
        builder.Value.Rn = OperationBuilder.Source(register);
        builder.Value.Rm = (ushort)modifier;
        builder.Value.Ra = (ushort)key;
        builder.Use<T>();
    }
}
