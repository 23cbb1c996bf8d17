using IspBilling.Domain;
using IspBilling.Engine.Accounts;

namespace IspBilling.Engine.StatementImports;

/// <summary>Books the pages of one import, wave by wave.</summary>
/// <param name="booked">What accounts know of the pending entries from before a crash, by identity.</param>
internal sealed class Matching(
    IAccounts accounts, IStatementImportStore store, StatementImport import, IReadOnlyDictionary<string, AccountId> booked)
{
    /// <summary>
    /// After a wave that ended early, so many times its entries are looked up for the next: a file whose entries all wait for each
    /// other must not have the whole page looked up for each of them.
    /// </summary>
    private const int LookAhead = 4;

    private const int LookAheadMin = 64;

    /// <summary>Booked before a crash, but their turn has not come again: what comes before them in the file must not see them.</summary>
    private readonly HashSet<string> _notYet = [.. booked.Keys];

    /// <returns>One outcome for each entry of the page.</returns>
    public async Task<List<EntryOutcome>> Book(ImportPage page, CancellationToken cancellation)
    {
        var outcomes = new List<EntryOutcome>(page.Entries.Count);
        var (from, span) = (0, page.Entries.Count);
        while (from < page.Entries.Count)
        {
            var until = Math.Min(from + span, page.Entries.Count);
            var wave = new Wave(page, await LookUp(page, from, until, cancellation));
            var next = from;
            while (next < until && wave.TryAdd(page.Entries[next])) next++;
            Invariant.Require(next > from);

            for (var i = from; i < next; i++) _notYet.Remove(page.Entries[i].Identity);
            outcomes.AddRange(wave.Outcomes);
            outcomes.AddRange(await Run(wave.Errands, cancellation));
            span = Math.Max(LookAheadMin, (next - from) * LookAhead);
            from = next;
        }

        return outcomes;
    }

    private async Task<Known> LookUp(ImportPage page, int from, int until, CancellationToken cancellation)
    {
        var (payers, reversals) = (new HashSet<string>(StringComparer.Ordinal), new List<StoredEntry>());
        for (var i = from; i < until; i++)
        {
            var stored = page.Entries[i];
            if (booked.ContainsKey(stored.Identity)) continue;
            if (ImportPage.TakesBack(stored.Entry)) reversals.Add(stored);
            else if (page.IsUnnamed(stored.Entry) && stored.Entry.CounterAccount is { } payer) payers.Add(payer);
        }

        return new Known(
            booked, await store.ByPayer(payers, _notYet, cancellation), await store.ByOriginal(reversals, _notYet, cancellation));
    }

    /// <summary>Accounts side by side; what belongs to one account in the order of the file.</summary>
    private async Task<IEnumerable<EntryOutcome>> Run(List<Errand> errands, CancellationToken cancellation)
    {
        var ended = await Task.WhenAll(errands.GroupBy(errand => errand.Candidate.Account).Select(ofAccount => Run(ofAccount, cancellation)));
        return ended.SelectMany(outcomes => outcomes);
    }

    private async Task<List<EntryOutcome>> Run(IGrouping<AccountId, Errand> ofAccount, CancellationToken cancellation)
    {
        var errands = ofAccount.ToList();
        var outcomes = new List<EntryOutcome>(errands.Count);
        foreach (var (stored, candidate) in errands)
        {
            var envelope = ImportPage.TakesBack(stored.Entry)
                ? Booking.Reverse(stored.Identity, stored.Entry, import.RequestedBy)
                : Booking.Of(stored.Identity, stored.Entry, stored.Entry.Amount, candidate.Rule, import.RequestedBy);
            // Only the last is the last for a while.
            envelope = envelope with { Bulk = outcomes.Count == errands.Count - 1 };
            outcomes.Add(Outcome(stored, candidate, await accounts.Ask(ofAccount.Key, envelope, cancellation)));
        }

        return outcomes;
    }

    private static EntryOutcome Outcome(StoredEntry stored, Candidate candidate, AccountReply reply) => reply switch
    {
        PaymentReceipt receipt => new EntryOutcome(stored.Id, EntryState.Matched, candidate.Account, receipt.Rule, receipt.Flagged, []),
        PaymentTakenBack taken => new EntryOutcome(stored.Id, EntryState.Matched, candidate.Account, taken.Rule, "reversal", []),
        Refused { Reason: RefusalReason.UnknownPayment } => Wave.NoOriginal(stored),
        Refused refused => Wave.Suspended(stored, refused.Detail, [candidate]),
        Parked parked => Wave.Suspended(stored, $"the account is parked: {parked.Reason}", [candidate]),
        _ => throw new InvariantBrokenException($"a statement entry cannot end in {reply.GetType().Name}"),
    };
}
