using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking;

/// <summary>
/// Proves one statement by its entries: opening + credits − debits = closing. The turnover that some formats carry is never used,
/// because banks sign it differently. Sums are 128 bits wide: no number of entries overflows them.
/// </summary>
internal sealed class StatementProof(StatementOpened opened, StatementLimits limits, string fileName)
{
    private Int128 _movement;
    private Int128 _reversed;
    private long _entries;
    private long _reversals;

    public StatementOpened Opened => opened;

    /// <summary>The entry with its place in the statement's chain of balances.</summary>
    public StatementEntryRead Place(StatementEntryRead read)
    {
        var entry = read.Entry;
        if (entry.OwnAccount != opened.OwnAccount)
            throw Refuse(entry.Position, $"an entry of the statement's account {opened.OwnAccount}", entry.OwnAccount);
        if (entry.Amount.Minor >= limits.AmountBound)
            throw Refuse(entry.Position, $"an amount below {Show(limits.AmountBound)} {opened.Currency}", entry.Amount.ToString());

        var facts = read.Facts with { Place = ++_entries, BalanceBefore = BalanceNow() };
        var signed = entry.Direction == EntryDirection.Credit ? entry.Amount.Minor : -entry.Amount.Minor;
        _movement += signed;
        if (entry.IsReversal)
        {
            _reversed += signed;
            _reversals++;
        }

        return read with { Facts = facts };
    }

    /// <summary>The verdict, and a warning before it where the balances contradict the entries.</summary>
    /// <exception cref="StatementFormatException">The reversals were read with the wrong sign, as the balances prove.</exception>
    public IEnumerable<StatementItem> Close(StatementClosed closed)
    {
        RequireBound(closed.Closing, "a closing");
        var verdict = Verdict(closed);
        if (verdict == BalanceVerdict.Contradicted) yield return new StatementWarning(Contradiction(closed.Closing!.Value), opened.Position);
        yield return closed with { Balance = verdict, Entries = _entries };
    }

    public void RequireOpeningBound() => RequireBound(opened.Opening, "an opening");

    private BalanceVerdict Verdict(StatementClosed closed)
    {
        if (opened.Opening is not { } from || closed.Closing is not { } to) return BalanceVerdict.NotStated;
        if (from.Minor + _movement == to.Minor) return BalanceVerdict.Proven;
        if (_reversed != 0 && from.Minor + _movement - (2 * _reversed) == to.Minor)
        {
            throw new StatementFormatException(
                fileName, opened.Position, "reversals whose direction the balances confirm (in GPC their posting codes, 4 and 5 or 3 and 4, are a setting of the bank)",
                "balances that add up only when the reversals are read the other way round");
        }

        return BalanceVerdict.Contradicted;
    }

    private string Contradiction(Money closing)
    {
        var reached = opened.Opening!.Value.Minor + _movement;
        var text = $"the statement does not add up: opening {opened.Opening} and entries of {Show(_movement)} {opened.Currency} give {Show(reached)} " +
            $"{opened.Currency}, but the closing balance is {closing}";
        return _reversals == 0 ? text : string.Create(CultureInfo.InvariantCulture, $"{text}; a person decides about its {_reversals} reversals");
    }

    private Money? BalanceNow() =>
        opened.Opening is { } from && from.Minor + _movement is var now && Int128.Abs(now) <= long.MaxValue ? new Money((long)now, from.Currency) : null;

    private void RequireBound(Money? balance, string which)
    {
        if (balance is { } known && Int128.Abs(known.Minor) >= limits.BalanceBound)
            throw Refuse(opened.Position, $"{which} balance below {Show(limits.BalanceBound)} {opened.Currency}", known.ToString());
    }

    private StatementFormatException Refuse(string position, string expected, string found) => new(fileName, position, expected, found);

    private static string Show(Int128 minor) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(minor < 0 ? "-" : "")}{Int128.Abs(minor) / Currency.MinorPerMajor}.{(int)(Int128.Abs(minor) % Currency.MinorPerMajor):00}");
}
