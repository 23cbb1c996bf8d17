using System.Collections.Immutable;

namespace IspBilling.Access.Rights;

/// <summary>A set of rights that people are given by one word.</summary>
/// <param name="Code">Lower-case letters, digits and hyphens; stands in people's rows.</param>
/// <param name="IsBuiltIn">It comes with the program and cannot be changed.</param>
/// <param name="Revision">Of the settings journal; null for those of the program.</param>
public sealed record Role(string Code, string Name, RightSet Rights, bool IsBuiltIn, long? Revision = null)
{
    public const int MaxCodeLength = 40;
    public const int MaxNameLength = 100;

    public static bool IsCode(string text) =>
        text.Length is > 0 and <= MaxCodeLength && text.All(letter => letter is >= 'a' and <= 'z' or >= '0' and <= '9' or '-') && text[0] is not '-';
}

/// <summary>Roles that come with the program.</summary>
public static class BuiltInRoles
{
    /// <summary>May do everything, also what later releases add.</summary>
    public static readonly Role Owner = Of("owner", "Owner", RightSet.All);

    public static readonly Role Clerk = Of(
        "clerk", "Clerk",
        [
            Right.ReadClients, Right.WriteClients, Right.AddOneOffs, Right.ReadMoney, Right.ReadStatements, Right.BookPayments, Right.HandleDebts,
            Right.ReadBilling, Right.RunBilling, Right.ReadReports, Right.ReadSettings,
        ]);

    public static readonly Role Sales = Of("sales", "Sales", [Right.ReadClients, Right.WriteClients, Right.AddOneOffs, Right.ReadMoney, Right.ReadSettings]);

    /// <summary>Runs the machines and the settings, and sees no client.</summary>
    public static readonly Role Operator = Of(
        "operator", "Operator",
        [Right.ReadBilling, Right.ReadSettings, Right.WriteSettings, Right.ReadKeys, Right.ManageKeys, Right.ReadPeople, Right.Operate]);

    public static readonly Role Helpdesk = Of("helpdesk", "Helpdesk", [Right.ReadClients, Right.ReadMoney, Right.HandleDebts]);

    /// <summary>Sees no money.</summary>
    public static readonly Role Technician = Of("technician", "Technician", [Right.ReadClients, Right.AddOneOffs, Right.ManageDevices]);

    /// <summary>Sees everything and changes nothing.</summary>
    public static readonly Role Auditor = Of(
        "auditor", "Auditor",
        [
            Right.ReadClients, Right.ReadMoney, Right.ReadStatements, Right.ReadBilling, Right.ReadReports, Right.ReadSettings, Right.ReadKeys,
            Right.ReadPeople, Right.ReadAudit,
        ]);

    public static readonly ImmutableArray<Role> All = [Owner, Clerk, Sales, Operator, Helpdesk, Technician, Auditor];

    public static Role? Find(string code) => All.FirstOrDefault(role => role.Code == code);

    private static Role Of(string code, string name, RightSet rights) => new(code, name, rights, IsBuiltIn: true);
}
