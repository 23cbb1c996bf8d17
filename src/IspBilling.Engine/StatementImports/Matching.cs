using System.Collections.ObjectModel;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;

namespace IspBilling.Engine.StatementImports;

/// <summary>Books the pages of one import, wave by wave.</summary>
/// <param name="booked">What accounts know of the pending entries from before a crash, by identity.</param>
internal sealed class Matching(
    IAccountBatches accounts, IStatementImportStore store, StatementImport import, IReadOnlyDictionary<string, AccountId> booked)
{
    private IReadOnlyDictionary<string, AccountId> _booked = booked;

    /// <summary>
    /// How many times the length of a wave that ended early is looked up for the next one. Otherwise a file whose entries all wait for
    /// each other would have the whole page looked up for every entry.
    /// </summary>
    private const int LookAhead = 4;

    private const int LookAheadMin = 64;

    /// <summary>Booked before a crash and not reached again yet; entries before them in the file must not see them.</summary>
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
            if (await WereBookedMeanwhile(page, wave, cancellation)) continue;

            for (var i = from; i < next; i++) _notYet.Remove(page.Entries[i].Identity);
            List<EntryOutcome> ended = [.. wave.Outcomes, .. await Run(wave.Addressed, cancellation)];
            outcomes.AddRange(await ForPeople.Prepare(store, page.Entries.Skip(from).Take(next - from), ended, cancellation));
            span = Math.Max(LookAheadMin, (next - from) * LookAhead);
            from = next;
        }

        return outcomes;
    }

    /// <summary>
    /// While a network is parted, somebody else's last wave may still be booked. Whoever is asked about a payment again repeats the first answer; but
    /// what was decided by how accounts stand, and goes to nobody, has to be looked up once more after that was read.
    /// </summary>
    private async Task<bool> WereBookedMeanwhile(ImportPage page, Wave wave, CancellationToken cancellation)
    {
        var goesToNobody = wave.Outcomes.Select(outcome => outcome.Entry).ToHashSet();
        List<string> byStanding = [.. page.Entries
            .Where(stored => goesToNobody.Contains(stored.Id) && (ImportPage.IsOutgoing(stored.Entry) || page.IsUnnamed(stored)) && !_booked.ContainsKey(stored.Identity))
            .Select(stored => stored.Identity)];
        if (byStanding.Count == 0) return false;
        var meanwhile = await store.BookedOf(byStanding, cancellation);
        if (meanwhile.Count == 0) return false;
        _booked = new Dictionary<string, AccountId>(_booked.Concat(meanwhile), StringComparer.Ordinal);
        _notYet.UnionWith(meanwhile.Keys);
        return true;
    }

    private async Task<Known> LookUp(ImportPage page, int from, int until, CancellationToken cancellation)
    {
        var (payers, reversals, inferred) = (new HashSet<ReceivedFrom>(), new List<StoredEntry>(), new List<StoredEntry>());
        for (var i = from; i < until; i++)
        {
            var stored = page.Entries[i];
            if (_booked.ContainsKey(stored.Identity)) continue;
            if (stored.Entry.IsReversal)
            {
                reversals.Add(stored);
                continue;
            }

            if (!page.IsUnnamed(stored) && !ImportPage.IsOutgoing(stored.Entry)) continue;
            inferred.Add(stored);
            if (stored.Entry.CounterAccount is { } payer) payers.Add(new ReceivedFrom(stored.Receiver, payer));
        }

        var byPayer = await store.ByPayer(payers, _notYet, cancellation);
        return new Known(
            _booked, _notYet.Count == 0 ? ReadOnlySet<AccountId>.Empty : _notYet.Select(identity => _booked[identity]).ToHashSet(), byPayer,
            await store.ByOriginal(reversals, _notYet, cancellation), await Standings(page, inferred, byPayer, cancellation));
    }

    /// <summary>Of everybody that an entry without a usable symbol, or one that went out, may be of.</summary>
    private ValueTask<IReadOnlyDictionary<AccountId, Standing>> Standings(
        ImportPage page, List<StoredEntry> inferred, ILookup<ReceivedFrom, (Candidate Candidate, DateOnly FirstPaidOn)> byPayer, CancellationToken cancellation)
    {
        var possible = byPayer.SelectMany(paid => paid).Select(paid => paid.Candidate.Account).ToHashSet();
        foreach (var stored in inferred)
        {
            possible.UnionWith(page.Everybody(stored));
        }

        return StandingOf(possible, cancellation);
    }

    private async ValueTask<IReadOnlyDictionary<AccountId, Standing>> StandingOf(HashSet<AccountId> possible, CancellationToken cancellation) =>
        possible.Count == 0 ? ReadOnlyDictionary<AccountId, Standing>.Empty : await store.StandingOf(possible, cancellation);

    /// <summary>Asks accounts concurrently, and each account in the order of the file.</summary>
    private async Task<IEnumerable<EntryOutcome>> Run(List<AddressedEntry> addressed, CancellationToken cancellation)
    {
        var byAccount = addressed.GroupBy(entry => entry.Candidate.Account).Select(ofAccount => ofAccount.ToList()).ToList();
        var replies = await accounts.AskAll(byAccount.ConvertAll(Batch), cancellation);
        return byAccount.Zip(replies, (ofAccount, answered) => ofAccount.Zip(answered, Outcome)).SelectMany(outcomes => outcomes);
    }

    /// <summary>Only the last command is marked as bulk: after it the account may be dropped from memory.</summary>
    private AccountBatch Batch(List<AddressedEntry> ofAccount)
    {
        var commands = ofAccount.ConvertAll(Command);
        commands[^1] = commands[^1] with { Bulk = true };
        return new AccountBatch(ofAccount[0].Candidate.Account, commands);
    }

    private Envelope Command(AddressedEntry addressed) =>
        Booking.Of(addressed.Stored.Identity, addressed.Stored.Entry, addressed.Candidate.Rule, import.Asking);

    private static EntryOutcome Outcome(AddressedEntry addressed, AccountReply reply)
    {
        var (stored, candidate) = addressed;
        return reply switch
        {
            PaymentReceipt receipt => new EntryOutcome(stored.Id, EntryState.Matched, candidate.Account, receipt.Rule, receipt.Flagged, []),
            PaymentTakenBack taken => new EntryOutcome(stored.Id, EntryState.Matched, candidate.Account, taken.Rule, "reversal", []),
            Refused { Reason: RefusalReason.UnknownPayment } => Wave.NoOriginal(stored),
            Refused refused => Wave.Suspended(stored, refused.Detail, [candidate]),
            Parked parked => Wave.Suspended(stored, $"the account is parked: {parked.Reason}", [candidate]),
            _ => throw new InvariantBrokenException($"a statement entry cannot end in {reply.GetType().Name}"),
        };
    }
}
