using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IspBilling.Domain;

namespace IspBilling.Engine.StatementImports;

/// <summary>
/// Names each movement the same in every file it comes in: the bank's reference with amount and date, else a hash of the
/// normalised content. Equal ones within a file are told apart by their occurrence (name, name#2, …), which the store counts: they
/// may stand anywhere in the file, and a file may have more than memory holds.
/// </summary>
public static class EntryIdentity
{
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
