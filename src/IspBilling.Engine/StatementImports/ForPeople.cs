using IspBilling.Domain;

namespace IspBilling.Engine.StatementImports;

/// <summary>What goes to people gets candidates where no rule had any, and has them in order.</summary>
internal static class ForPeople
{
    /// <param name="entries">Those that the outcomes are of; others do not matter.</param>
    public static async Task<List<EntryOutcome>> Prepare(
        IStatementImportStore store, IEnumerable<StoredEntry> entries, List<EntryOutcome> outcomes, CancellationToken cancellation)
    {
        if (!outcomes.Exists(outcome => outcome.State == EntryState.Suspense)) return outcomes;
        var byId = entries.ToDictionary(stored => stored.Id);
        List<StoredEntry> lost = [.. outcomes.Where(outcome => outcome.Reason == Wave.NoOriginalReason).Select(outcome => byId[outcome.Entry])];
        if (lost.Count > 0)
        {
            var near = await store.NearOriginal(lost, cancellation);
            outcomes = outcomes.ConvertAll(outcome => near.Contains(outcome.Entry) ? Near(outcome, [.. near[outcome.Entry]]) : outcome);
        }

        HashSet<AccountId> ambiguous = [.. outcomes.Where(outcome => outcome.Candidates.Count > 1).SelectMany(outcome => outcome.Candidates).Select(candidate => candidate.Account)];
        if (ambiguous.Count == 0) return outcomes;
        var standings = await store.StandingOf(ambiguous, cancellation);
        return outcomes.ConvertAll(outcome => outcome.Candidates.Count > 1
            ? outcome with { Candidates = Ranking.Order(byId[outcome.Entry].Entry, outcome.Candidates, standings) }
            : outcome);
    }

    /// <summary>Beside payments that it may take back nobody says that there are none.</summary>
    private static EntryOutcome Near(EntryOutcome outcome, IReadOnlyList<Candidate> near) => outcome with
    {
        Candidates = near,
        Reason = near.Any(candidate => candidate.IsOfAmount)
            ? "a payment of this amount agrees with this reversal in a part of what they say"
            : "no payment of this amount; it may be several, a part of one, or one with the bank's fee",
    };
}
