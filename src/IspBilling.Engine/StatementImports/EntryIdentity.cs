using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IspBilling.Domain;

namespace IspBilling.Engine.StatementImports;

/// <summary>
/// Names a movement for ever; accounts know a payment by the name of its entry. Which movement is the same in another file is not for the name
/// to say but for <see cref="Identity.Recognition"/>; only an id that a bank never gives twice makes a name by itself.
/// </summary>
public static class EntryIdentity
{
    private const int IdDigits = 13;

    /// <param name="account">In the one form in which accounts are compared.</param>
    /// <param name="statement">Id of the statement that told it first.</param>
    /// <param name="nth">Its place in the file, from 1.</param>
    public static string Of(StatementEntryRead read, string account, long statement, long nth) =>
        OfUnique(read, account) ?? string.Create(CultureInfo.InvariantCulture, $"{statement}.{nth}");

    /// <summary>By an id that never repeats within the account; null where the bank gives none.</summary>
    public static string? OfUnique(StatementEntryRead read, string account)
    {
        return read.Facts.Reference is { Trust: ReferenceTrust.Unique } reference ? Named(account, BankReference.KeyOf(reference.Text)) : null;
    }

    /// <summary>
    /// What an earlier release called a movement whose id it read with leading zeros: those that are there now, or else as many as fill a GPC
    /// field. Null where there is no such name.
    /// </summary>
    public static string? OfUniqueWithZeros(StatementEntryRead read, string account)
    {
        if (read.Facts.Reference is not { Trust: ReferenceTrust.Unique } reference) return null;
        var key = BankReference.KeyOf(reference.Text);
        if (key != reference.Text) return Named(account, reference.Text);
        return key.Length < IdDigits && key.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0 ? Named(account, key.PadLeft(IdDigits, '0')) : null;
    }

    private static string Named(string account, string reference)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{account}\n{reference}"), hash);
        return "u" + Convert.ToHexStringLower(hash[..16]);
    }
}
