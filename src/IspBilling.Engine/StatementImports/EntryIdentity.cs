using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IspBilling.Domain;

namespace IspBilling.Engine.StatementImports;

/// <summary>
/// Names each movement the same in every file it comes in: by the bank's reference with amount and date, or without a reference by a
/// hash of the normalised content. Equal names within a file are told apart by their occurrence (name, name#2, …). The store counts
/// occurrences, because equal entries may stand anywhere in a file that is larger than memory.
/// </summary>
public static class EntryIdentity
{
    /// <summary>
    /// By what the release before read. Today's reader may know a better date or symbol, but a database of that release must know the
    /// movement again.
    /// </summary>
    public static string NameOf(StatementEntryRead read) => NameOf(read.Facts.AsReadBefore ?? read.Entry);

    /// <summary>The name by exactly these fields; a movement as a reader gives it is named by the other overload.</summary>
    public static string NameOf(StatementEntry entry)
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
