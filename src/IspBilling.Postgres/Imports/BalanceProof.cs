using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Postgres.Imports;

/// <summary>Adds up each statement of a file while it streams by: opening balance + entries = closing balance.</summary>
internal sealed class BalanceProof
{
    private Money? _opening;
    private Int128 _movement;
    private bool _readerSpoke;

    /// <summary>What does not add up; null when nothing is wrong, or the file does not say enough to tell.</summary>
    public string? Take(StatementItem item)
    {
        switch (item)
        {
            case StatementOpened opened:
                (_opening, _movement) = (opened.Opening, 0);
                break;
            case StatementEntryRead { Entry: var entry }:
                _movement += entry.Direction == EntryDirection.Credit ? entry.Amount.Minor : -entry.Amount.Minor;
                break;
            case StatementClosed closed:
                return Verdict(closed);
        }

        // A reader that adds up by itself says so right before it closes the statement; once is enough.
        _readerSpoke = item is StatementWarning;
        return null;
    }

    private string? Verdict(StatementClosed closed)
    {
        if (_readerSpoke || _opening is not { } opening || closed.Closing is not { } closing || opening.Currency != closing.Currency) return null;
        var missing = (Int128)closing.Minor - opening.Minor - _movement;
        if (missing == 0) return null;
        var difference = new Money(checked((long)missing), closing.Currency);
        return $"account {closed.OwnAccount}: the statement does not add up: from {opening}, its entries lead to {closing - difference}, but it closes with {closing}";
    }
}
