using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Engine.Identity;

/// <summary>
/// What releases up to 2026-11 called a movement: a hash of the bank's reference with amount and date, or without a reference of the
/// normalised content. Equal names within a file were told apart by their occurrence (name, name#2, …). A database of those releases
/// knows its movements by nothing else.
/// </summary>
public static class EarlierNames
{
    /// <param name="accountAsWritten">
    /// The own account with nothing added: a file may have been imported before anybody had stated the account's bank.
    /// </param>
    public static IReadOnlyList<string> Of(StatementEntryRead read, string? accountAsWritten)
    {
        var entry = read.Facts.AsReadBefore ?? read.Entry;
        var name = Of(entry);
        return accountAsWritten is null || accountAsWritten == entry.OwnAccount ? [name] : [name, Of(entry with { OwnAccount = accountAsWritten })];
    }

    /// <summary>The name by exactly these fields.</summary>
    public static string Of(StatementEntry entry)
    {
        var content = string.Create(CultureInfo.InvariantCulture,
            $"{entry.OwnAccount}\n{entry.EntryReference}\n{entry.BookedOn:yyyyMMdd}\n{entry.Direction}\n{entry.IsReversal}\n{entry.Amount}");
        if (entry.EntryReference is null)
        {
            content = string.Create(CultureInfo.InvariantCulture,
                $"{content}\n{entry.ValueOn:yyyyMMdd}\n{entry.CounterAccount}\n{entry.CounterName}\n{entry.VariableSymbol}\n{entry.ConstantSymbol}\n{entry.SpecificSymbol}\n{entry.Message}");
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(content), hash);
        return Convert.ToHexStringLower(hash[..16]);
    }
}
