using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IspBilling.Domain;

namespace IspBilling.Engine.StatementImports;

/// <summary>
/// Gives each movement a name that is the same in every file it comes in: the bank's reference with amount and date, else a hash
/// of the normalised content. Equal ones within a file are told apart by their occurrence.
/// </summary>
/// <remarks>One instance per file. Memory is bounded: only entries of the current booking day are counted.</remarks>
public sealed class EntryIdentities
{
    private readonly Dictionary<string, int> _seen = new(StringComparer.Ordinal);
    private DateOnly _day;

    public string Of(StatementEntry entry)
    {
        if (entry.BookedOn != _day)
        {
            // Content includes the booking day, so equal content never spans days that a file keeps together.
            _seen.Clear();
            _day = entry.BookedOn;
        }

        var name = Name(entry);
        var occurrence = _seen.TryGetValue(name, out var before) ? before + 1 : 1;
        _seen[name] = occurrence;
        return occurrence == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}#{occurrence}");
    }

    private static string Name(StatementEntry entry)
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
