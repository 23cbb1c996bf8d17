using IspBilling.Domain;

namespace IspBilling.Engine.StatementImports;

/// <summary>An entry with the one account that it will be booked on.</summary>
internal readonly record struct AddressedEntry(StoredEntry Stored, Candidate Candidate);

/// <summary>What was booked before a wave and its reversals and payments without a symbol need to know.</summary>
/// <param name="Booked">Accounts that booked an entry before a crash. Asked again, they repeat their first answer; no other account is asked.</param>
/// <param name="Later">Accounts that booked entries behind this wave before a crash: how they stand now is not how they stood.</param>
internal sealed record Known(
    IReadOnlyDictionary<string, AccountId> Booked,
    IReadOnlySet<AccountId> Later,
    ILookup<ReceivedFrom, (Candidate Candidate, DateOnly FirstPaidOn)> ByPayer,
    ILookup<long, Candidate> Originals,
    IReadOnlyDictionary<AccountId, Standing> Standings)
{
    /// <summary>As everything stands now, for entries that are looked at apart from their file.</summary>
    public static async Task<Known> Now(IStatementImportStore store, ImportPage page, CancellationToken cancellation)
    {
        var payers = new HashSet<ReceivedFrom>();
        foreach (var stored in page.Entries)
        {
            if (stored.Entry.CounterAccount is { } payer) payers.Add(new ReceivedFrom(stored.Receiver, payer));
        }

        var byPayer = await store.ByPayer(payers, [], cancellation);
        HashSet<AccountId> accounts =
        [
            .. byPayer.SelectMany(paid => paid).Select(paid => paid.Candidate.Account),
            .. page.Entries.SelectMany(page.Everybody),
        ];
        return new Known(
            new Dictionary<string, AccountId>(), new HashSet<AccountId>(), byPayer,
            await store.ByOriginal([.. page.Entries.Where(stored => stored.Entry.IsReversal)], [], cancellation), await store.StandingOf(accounts, cancellation));
    }
}

/// <summary>
/// Consecutive entries of a file that can be booked concurrently, because the account of each does not depend on the outcome of
/// another. The first entry whose account may depend on one begins the next wave. Each account books in the order of the file.
/// </summary>
/// <remarks>
/// <code>
/// file:  payment A · payment B · A's payment back · payment of a known payer · payment with symbol by payer P, day 1 │ one without by P, day 2
///        └────────────────────────── one wave: A books, then takes back ──────────────────────────────────────────┘   └─ next wave ─ …
/// </code>
/// </remarks>
internal sealed class Wave(ImportPage page, Known known)
{
    /// <summary>The first day on which each payer pays with a symbol in this wave; later payments without one may be matched by it.</summary>
    private readonly Dictionary<ReceivedFrom, DateOnly> _taught = [];

    /// <summary>Payments and, with negative amounts, refunds.</summary>
    private readonly Dictionary<Money, List<AddressedEntry>> _payments = [];

    private readonly HashSet<AccountId> _takenBackFrom = [];
    private readonly HashSet<AccountId> _asked = [];

    /// <summary>In file order.</summary>
    public List<AddressedEntry> Addressed { get; } = [];

    /// <summary>Of entries that no account is asked about.</summary>
    public List<EntryOutcome> Outcomes { get; } = [];

    /// <summary>False when the entry has to wait for the end of this wave; never of an empty one.</summary>
    public bool TryAdd(StoredEntry stored)
    {
        if (stored.Entry.IsReversal) return TryAddReversal(stored);
        return ImportPage.IsIncoming(stored.Entry) ? TryAddPayment(stored) : TryAddOutgoing(stored);
    }

    private bool TryAddPayment(StoredEntry stored)
    {
        if (BookedBefore(stored) is { } booked) return Pay(stored, booked, teaches: true);
        IReadOnlyList<Candidate> payers = [];
        if (page.IsUnnamed(stored))
        {
            if (Payers(stored) is not { } learned || DependsOnStanding(stored)) return false;
            payers = learned;
        }

        return Decide(stored, Evidence.OfPayment(stored, page, payers, StandingsBefore), teaches: page.Named(stored).Count > 0);
    }

    private bool TryAddOutgoing(StoredEntry stored)
    {
        if (BookedBefore(stored) is { } booked) return Pay(stored, booked, teaches: false);
        if (Payers(stored) is not { } payers) return false;
        if (payers.Concat(page.Named(stored)).Any(candidate => _asked.Contains(candidate.Account))) return false;
        if (Evidence.OfOutgoing(stored, page, payers, known.Standings) is { } verdict) return Decide(stored, verdict, teaches: false);
        Outcomes.Add(Rejected(stored, "an outgoing payment"));
        return true;
    }

    private bool Decide(StoredEntry stored, Attribution verdict, bool teaches)
    {
        if (verdict.Found is { } found) return Pay(stored, found, teaches);
        Outcomes.Add(Suspended(stored, verdict.Doubt!, verdict.Candidates));
        return true;
    }

    /// <summary>
    /// The accounts that the sender paid on earlier days, those of the receiver and, as suggestions, others; null when this wave may change who
    /// they are.
    /// </summary>
    private List<Candidate>? Payers(StoredEntry stored)
    {
        var entry = stored.Entry;
        if (entry.CounterAccount is not { } account) return [];
        var payer = new ReceivedFrom(stored.Receiver, account);
        // A payment of this wave may reveal who the payer is, and a reversal may undo what is known.
        if (_taught.TryGetValue(payer, out var day) && day < entry.BookedOn) return null;
        if (known.ByPayer[payer].Any(paid => _takenBackFrom.Contains(paid.Candidate.Account))) return null;
        return [.. known.ByPayer[payer].Where(paid => paid.FirstPaidOn < entry.BookedOn).Select(paid => paid.Candidate).DistinctBy(candidate => candidate.Account)];
    }

    /// <summary>A short number, or one in groups, counts by what is open, which an entry of this wave may be about to change.</summary>
    private bool DependsOnStanding(StoredEntry stored) =>
        page.Mentioned(stored, (kind, account) => kind is MentionKind.Short or MentionKind.Grouped or MentionKind.Joined && _asked.Contains(account)).Count > 0;

    /// <summary>Without what nobody can know any more: how accounts stood before they booked what comes later in the file.</summary>
    private IReadOnlyDictionary<AccountId, Standing> StandingsBefore => known.Later.Count == 0
        ? known.Standings
        : known.Standings.ToDictionary(
            standing => standing.Key,
            standing => known.Later.Contains(standing.Key)
                ? standing.Value with { OpenInvoices = [], Debt = Money.Zero(standing.Value.Debt.Currency) }
                : standing.Value);

    private bool Pay(StoredEntry stored, Candidate candidate, bool teaches)
    {
        var addressed = Address(stored, candidate);
        var signed = stored.Entry.Direction == EntryDirection.Credit ? stored.Entry.Amount : -stored.Entry.Amount;
        if (!_payments.TryGetValue(signed, out var alike)) _payments.Add(signed, alike = []);
        alike.Add(addressed);
        if (teaches && stored.Entry.CounterAccount is { } account)
        {
            var payer = new ReceivedFrom(stored.Receiver, account);
            if (!_taught.TryGetValue(payer, out var day) || stored.Entry.BookedOn < day) _taught[payer] = stored.Entry.BookedOn;
        }

        return true;
    }

    private AddressedEntry Address(StoredEntry stored, Candidate candidate)
    {
        var addressed = new AddressedEntry(stored, candidate);
        Addressed.Add(addressed);
        _asked.Add(candidate.Account);
        return addressed;
    }

    /// <summary>
    /// The only account that can hold the original takes it back after everything that this wave books there; if nothing is left by
    /// then, the account says so. With several candidates, the right one can change while a wave is booked.
    /// </summary>
    private bool TryAddReversal(StoredEntry stored)
    {
        if (BookedBefore(stored) is { } booked) return TakeBack(stored, booked);
        var holders = known.Originals[stored.Id].ToList();
        var before = holders.Count;
        var takesBack = stored.Entry.Direction == EntryDirection.Debit;
        if (_payments.TryGetValue(takesBack ? stored.Entry.Amount : -stored.Entry.Amount, out var payments))
            holders.AddRange(payments.Where(payment => payment.Stored.Receiver == stored.Receiver && MayBeOriginal(payment.Stored.Entry, stored.Entry)).Select(payment => payment.Candidate));
        var isSettled = holders.Count == before && !holders.Exists(holder => _takenBackFrom.Contains(holder.Account));
        holders = [.. holders.DistinctBy(holder => holder.Account)];

        if (stored.Hold == EntryHold.DirectionUnproven)
        {
            Outcomes.Add(Suspended(stored, "the balances do not add up, so that nobody knows which way a reversal went", holders));
            return true;
        }

        if (holders.Count == 1) return TakeBack(stored, holders[0]);
        if (holders.Count > 1 && !isSettled) return false;
        Outcomes.Add(holders.Count > 1 ? Suspended(stored, "several payments could be meant", holders)
            : takesBack ? NoOriginal(stored) : Rejected(stored, "an outgoing payment came back"));
        return true;
    }

    private bool TakeBack(StoredEntry stored, Candidate candidate)
    {
        Address(stored, candidate);
        _takenBackFrom.Add(candidate.Account);
        return true;
    }

    private Candidate? BookedBefore(StoredEntry stored) =>
        known.Booked.TryGetValue(stored.Identity, out var account) ? new Candidate(account, MatchRule.NamedDocument, "booked before") : null;

    /// <summary>The same rule as the account's own and as the search among booked payments.</summary>
    private static bool MayBeOriginal(StatementEntry payment, StatementEntry reversal)
    {
        if (payment.OrderReference is not null && reversal.OrderReference is not null) return payment.OrderReference == reversal.OrderReference;
        if (reversal.VariableSymbol is not null) return payment.VariableSymbol == reversal.VariableSymbol;
        return reversal.CounterAccount is not null && payment.CounterAccount == reversal.CounterAccount;
    }

    public static EntryOutcome NoOriginal(StoredEntry stored) => Suspended(stored, NoOriginalReason, []);

    /// <summary>Of a reversal that takes back nothing as it stands; payments of another amount may be worth a look.</summary>
    public const string NoOriginalReason = "no payment that this reversal takes back";

    public static EntryOutcome Suspended(StoredEntry stored, string reason, IReadOnlyList<Candidate> candidates) =>
        new(stored.Id, EntryState.Suspense, null, null, reason, candidates);

    private static EntryOutcome Rejected(StoredEntry stored, string reason) => new(stored.Id, EntryState.Rejected, null, null, reason, []);
}
