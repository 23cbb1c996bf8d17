using IspBilling.Domain;

namespace IspBilling.Engine.StatementImports;

/// <summary>An entry with the one account that it will be booked on.</summary>
internal readonly record struct AddressedEntry(StoredEntry Stored, Candidate Candidate);

/// <summary>What was booked before a wave and its reversals and payments without a symbol need to know.</summary>
/// <param name="Booked">Accounts that booked an entry before a crash. Asked again, they repeat their first answer; no other account is asked.</param>
internal sealed record Known(
    IReadOnlyDictionary<string, AccountId> Booked,
    ILookup<ReceivedFrom, (Candidate Candidate, DateOnly FirstPaidOn)> ByPayer,
    ILookup<long, Candidate> Originals);

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
    private const int MaxCandidates = 10;

    /// <summary>The first day on which each payer pays with a symbol in this wave; later payments without one may be matched by it.</summary>
    private readonly Dictionary<ReceivedFrom, DateOnly> _taught = [];

    private readonly Dictionary<Money, List<AddressedEntry>> _payments = [];
    private readonly HashSet<AccountId> _takenBackFrom = [];

    /// <summary>In file order.</summary>
    public List<AddressedEntry> Addressed { get; } = [];

    /// <summary>Of entries that no account is asked about.</summary>
    public List<EntryOutcome> Outcomes { get; } = [];

    /// <summary>False when the entry has to wait for the end of this wave; never of an empty one.</summary>
    public bool TryAdd(StoredEntry stored)
    {
        if (ImportPage.TakesBack(stored.Entry)) return TryAddReversal(stored);
        if (ImportPage.IsIncoming(stored.Entry)) return TryAddPayment(stored);
        Outcomes.Add(Rejected(stored, stored.Entry.IsReversal ? "an outgoing payment came back" : "an outgoing payment"));
        return true;
    }

    private bool TryAddPayment(StoredEntry stored)
    {
        if (BookedBefore(stored) is { } booked) return Pay(stored, booked, teaches: true);
        var named = page.Named(stored);
        if (named.Count == 0) return TryInfer(stored);
        if (named.Count == 1) return Pay(stored, named[0], teaches: true);
        Outcomes.Add(Suspended(stored, "several accounts carry this symbol", named));
        return true;
    }

    /// <summary>No usable symbol: the payer's account, if it always paid one client, or the one number in the message.</summary>
    private bool TryInfer(StoredEntry stored)
    {
        var entry = stored.Entry;
        var payers = new List<Candidate>();
        if (entry.CounterAccount is { } account)
        {
            var payer = new ReceivedFrom(stored.Receiver, account);

            // A payment of this wave may reveal who the payer is, and a reversal may undo what is known.
            if (_taught.TryGetValue(payer, out var day) && day < entry.BookedOn) return false;
            if (known.ByPayer[payer].Any(paid => _takenBackFrom.Contains(paid.Candidate.Account))) return false;
            payers.AddRange(known.ByPayer[payer].Where(paid => paid.FirstPaidOn < entry.BookedOn && !paid.Candidate.IsSuggestion).Select(paid => paid.Candidate)
                .DistinctBy(candidate => candidate.Account));
        }

        if (payers.Count == 1) return Pay(stored, payers[0], teaches: false);
        var mentioned = page.Mentioned(stored);
        if (payers.Count == 0 && mentioned.Count == 1) return Pay(stored, mentioned[0], teaches: false);
        List<Candidate> suggested = [.. page.Suggested(stored)];
        Outcomes.Add(Suspended(stored, WhyNot(stored, payers.Count, mentioned.Count, suggested.Count), [.. payers, .. mentioned, .. suggested]));
        return true;
    }

    private bool Pay(StoredEntry stored, Candidate candidate, bool teaches)
    {
        var addressed = new AddressedEntry(stored, candidate);
        Addressed.Add(addressed);
        if (!_payments.TryGetValue(stored.Entry.Amount, out var alike)) _payments.Add(stored.Entry.Amount, alike = []);
        alike.Add(addressed);
        if (teaches && stored.Entry.CounterAccount is { } account)
        {
            var payer = new ReceivedFrom(stored.Receiver, account);
            if (!_taught.TryGetValue(payer, out var day) || stored.Entry.BookedOn < day) _taught[payer] = stored.Entry.BookedOn;
        }

        return true;
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
        if (_payments.TryGetValue(stored.Entry.Amount, out var payments))
            holders.AddRange(payments.Where(payment => payment.Stored.Receiver == stored.Receiver && MayBeOriginal(payment.Stored.Entry, stored.Entry)).Select(payment => payment.Candidate));
        var isSettled = holders.Count == before && !holders.Exists(holder => _takenBackFrom.Contains(holder.Account));
        holders = [.. holders.DistinctBy(holder => holder.Account)];

        if (holders.Count == 1) return TakeBack(stored, holders[0]);
        if (holders.Count > 1 && !isSettled) return false;
        Outcomes.Add(holders.Count == 0 ? NoOriginal(stored) : Suspended(stored, "several payments could be meant", holders));
        return true;
    }

    private bool TakeBack(StoredEntry stored, Candidate candidate)
    {
        Addressed.Add(new AddressedEntry(stored, candidate));
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

    private static string WhyNot(StoredEntry stored, int payers, int mentioned, int suggested)
    {
        var entry = stored.Entry;
        if (payers > 1) return "the payer's account has paid for several clients";
        if (mentioned > 1) return "the message names several clients";
        if (suggested > 0) return stored.Receiver.IsForeign ? "the account is in another currency than the client" : "the money came to another issuer's account than the client's";
        return entry.VariableSymbol is { } symbol ? $"nobody carries symbol {symbol}" : "no symbol, and the payer is not known";
    }

    public static EntryOutcome NoOriginal(StoredEntry stored) => Suspended(stored, "no payment that this reversal takes back", []);

    public static EntryOutcome Suspended(StoredEntry stored, string reason, IEnumerable<Candidate> candidates) =>
        new(stored.Id, EntryState.Suspense, null, null, reason, [.. candidates.Take(MaxCandidates)]);

    private static EntryOutcome Rejected(StoredEntry stored, string reason) => new(stored.Id, EntryState.Rejected, null, null, reason, []);
}
