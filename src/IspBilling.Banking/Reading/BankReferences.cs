using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking;

/// <summary>Which texts that stand where a bank's reference belongs are references, and how far they may be trusted.</summary>
internal static class BankReferences
{
    private const int FioBank = 2010;

    /// <summary>What the standards make banks write where they have no reference.</summary>
    private static readonly HashSet<string> Placeholders = new(StringComparer.OrdinalIgnoreCase)
    {
        "NOTPROVIDED", "NOT PROVIDED", "NOTREF", "NONREF", "NOREF",
    };

    public static bool IsPlaceholder(string reference) => Placeholders.Contains(reference);

    /// <summary>Null for none: zeros, dashes and dots are what a bank writes that has no reference and must write something.</summary>
    public static string? Provided(string? reference) =>
        reference is null || IsPlaceholder(reference) || !reference.Any(letter => char.IsLetterOrDigit(letter) && letter != '0') ? null : reference;

    /// <summary>Fio writes its movement id, which it never gives twice, into the reference of every format.</summary>
    public static BankReference? Of(string? reference, string ownAccount)
    {
        if (reference is null) return null;
        var isFio = CzechAccount.TryParse(ownAccount, out var own) && own.BankCode == FioBank;
        var isMovementId = isFio && reference.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0;
        return new BankReference(reference, isMovementId ? ReferenceTrust.Unique : ReferenceTrust.UntilRepeated);
    }
}
