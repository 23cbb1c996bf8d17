using IspBilling.Domain;

namespace IspBilling.Engine.StatementImports;

/// <summary>Orders candidates for the clerk: open and the amount fits, open with a debt, known payer, open, closed.</summary>
internal static class Ranking
{
    private const int MaxCandidates = 10;

    private enum Rank { Fits, HasDebt, KnownPayer, Open, Closed }

    /// <summary>
    /// Equal ranks stay in the order in which the rules named them. So does what may take something back: its payments are in the order in which they
    /// agree with it, and what is open or owed says nothing about that.
    /// </summary>
    public static IReadOnlyList<Candidate> Order(
        StatementEntry entry, IReadOnlyList<Candidate> candidates, IReadOnlyDictionary<AccountId, Standing> standings) => entry.IsReversal
        ? [.. candidates.Take(MaxCandidates)]
        : [.. candidates.OrderBy(candidate => RankOf(entry, candidate, standings.GetValueOrDefault(candidate.Account))).Take(MaxCandidates)];

    private static Rank RankOf(StatementEntry entry, Candidate candidate, Standing? standing)
    {
        if (standing is not { IsOpen: true }) return Rank.Closed;
        // Money that goes out fits credit as money that comes in fits debt.
        var (fits, has) = entry.Direction == EntryDirection.Credit
            ? (standing.Owes(entry.Amount), standing.Debt.IsPositive)
            : (standing.Credit == entry.Amount, standing.Credit.IsPositive);
        if (fits) return Rank.Fits;
        if (has) return Rank.HasDebt;
        return candidate.Rule == MatchRule.KnownPayer ? Rank.KnownPayer : Rank.Open;
    }
}
