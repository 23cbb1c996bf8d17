using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using IspBilling.Http.Contract;
using IspBilling.Http.Requests;
using IspBilling.Postgres.Settings;

namespace IspBilling.Http.Statements;

/// <param name="MatchedTotal">What was booked on clients, less what reversals took back; null where issuers differ in currency, and <paramref name="MatchedTotals"/> says it.</param>
/// <param name="MatchedTotals">The same, one amount per currency.</param>
/// <param name="AlreadyKnown">Entries that an earlier file brought; nothing happened to them.</param>
/// <param name="Refusal">Why the file was refused, or is held until somebody states its account; then nothing of it was booked.</param>
public sealed record ImportView(
    Guid Id, string FileName, string Format, ImportStatus Status, string RequestedBy, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt,
    long Read, long AlreadyKnown, long Matched, long Suspense, long Rejected, MoneyAmount? MatchedTotal, IReadOnlyList<MoneyAmount> MatchedTotals,
    IReadOnlyList<string> Warnings, string? Refusal);

/// <param name="OwnAccount">The provider's account that the entry is of.</param>
/// <param name="Client">Whom it was booked on; null while undecided, and when a clerk split it over several.</param>
/// <param name="Reason">Why suspended, rejected or flagged.</param>
/// <param name="Candidates">Whose it may be, the likeliest first.</param>
/// <param name="AssignedBy">Who last assigned it, took it off or closed it; null when nobody ever did.</param>
/// <param name="Issuer">Whose account received the money; null for an entry from before issuers were asked.</param>
/// <param name="IsDoubtful">It may be money that is known already: no rule books it.</param>
/// <param name="LooksLike">The entry that a doubtful one may be; null where a statement tells its day whole and no entry there fits.</param>
/// <param name="Hold">Why a person decides, whatever the rules say; null where they may.</param>
/// <param name="OtherTexts">What people wrote besides the message, and what looked like a symbol and was not taken for one; a line each.</param>
/// <param name="Fee">What the bank kept of a return; null for nothing.</param>
/// <param name="ClosedWith">The entry that this one was closed together with.</param>
public sealed record EntryRow(
    long Id,
    Guid Statement,
    EntryState State,
    DateOnly BookedOn,
    DateOnly ValueOn,
    EntryDirection Direction,
    bool IsReversal,
    MoneyAmount Amount,
    string OwnAccount,
    string? CounterAccount,
    string? CounterName,
    string? VariableSymbol,
    string? ConstantSymbol,
    string? SpecificSymbol,
    string? Message,
    string? Client,
    MatchRule? Rule,
    string? Reason,
    IReadOnlyList<CandidateView> Candidates,
    string? AssignedBy,
    int? Issuer,
    bool IsDoubtful,
    long? LooksLike,
    EntryHold? Hold,
    string? OtherTexts,
    MoneyAmount? Fee,
    long? ClosedWith)
{
    /// <summary>With clients by the CRM's references.</summary>
    internal static async Task<Page<EntryRow>> Page(
        Paging<long> paging, IReadOnlyList<EntryView> entries, ClientDirectory directory, CancellationToken cancellation)
    {
        var names = await Names(entries, directory, cancellation);
        return paging.Of(entries, entry => entry.Id, entry => Of(entry, names));
    }

    internal static async Task<EntryRow> One(EntryView entry, ClientDirectory directory, CancellationToken cancellation) =>
        Of(entry, await Names([entry], directory, cancellation));

    private static Task<IReadOnlyDictionary<AccountId, string>> Names(
        IReadOnlyList<EntryView> entries, ClientDirectory directory, CancellationToken cancellation)
    {
        var accounts = entries.Select(entry => entry.Account).OfType<AccountId>()
            .Concat(entries.SelectMany(entry => entry.Candidates).Select(candidate => candidate.Account))
            .Concat(entries.SelectMany(entry => AccountsInText.In(entry.Reason)));
        return directory.ReferencesOf([.. accounts.Distinct()], cancellation);
    }

    private static EntryRow Of(EntryView view, IReadOnlyDictionary<AccountId, string> names)
    {
        var entry = view.Entry;
        return new EntryRow(
            view.Id, view.Import.Value, view.State, entry.BookedOn, entry.ValueOn, entry.Direction, entry.IsReversal, MoneyAmount.Of(entry.Amount),
            entry.OwnAccount, entry.CounterAccount, entry.CounterName, entry.VariableSymbol?.ToString(), entry.ConstantSymbol, entry.SpecificSymbol,
            entry.Message, view.Account is { } account ? names[account] : null, view.Rule, AccountsInText.Named(view.Reason, names),
            [.. view.Candidates.Select(candidate => new CandidateView(names[candidate.Account], candidate.Rule, candidate.Why))], view.AssignedBy,
            view.Receiver.Issuer?.Value, view.IsDoubtful, view.LooksLike, view.Hold, view.OtherTexts, view.Fee is { } fee ? MoneyAmount.Of(fee) : null, view.ClosedWith);
    }
}

/// <param name="Parts">On whom it is booked and which payments it takes back; empty while it is nobody's, and for one that a rule matched whole.</param>
/// <param name="Decisions">Who decided what about it and why, the oldest first.</param>
public sealed record EntryDetail(EntryRow Entry, IReadOnlyList<EntryPartView> Parts, IReadOnlyList<EntryDecisionView> Decisions);

/// <param name="Amount">In the entry's currency.</param>
/// <param name="Worth">What a clerk stated that it is worth in the client's currency; null where that is the entry's.</param>
/// <param name="Payment">The payment that went back, or the refund that came back; null for money that was booked.</param>
public sealed record EntryPartView(string Client, MoneyAmount Amount, MoneyAmount? Worth, int? Payment);

public sealed record EntryDecisionView(DateTimeOffset At, string By, EntryAction Action, string? Reason);

public sealed record CandidateView(string Client, MatchRule Rule, string Why);

/// <summary>Whom an entry is to be booked on.</summary>
/// <example>{"client":"K000123"}</example>
/// <param name="Client">The CRM's reference.</param>
/// <param name="Amount">What the entry is worth in the client's currency, for an entry in another one and with a reason. Of an entry in the client's own currency its amount, or nothing: to book a part of it, split it.</param>
/// <param name="Reason">Why it is this client's, where that needs a word.</param>
public sealed record AssignRequest(string Client, MoneyAmount? Amount = null, string? Reason = null);

/// <summary>Which payments an entry takes back, and what the bank kept.</summary>
/// <example>{"payments":[{"client":"K000123","payment":1,"amount":{"amount":"499.00","currency":"CZK"}}],"reason":"direct debit refused"}</example>
/// <param name="Payments">With the fee they sum to an entry that went out; of one that came in, they are refunds that came back, less the fee.</param>
/// <param name="Fee">What the bank kept for it; null for nothing.</param>
public sealed record ReturnRequest(IReadOnlyList<ReturnedPayment> Payments, string Reason, MoneyAmount? Fee = null);

/// <param name="Payment">Its number within the client's account.</param>
/// <param name="Amount">How much of it, in the entry's currency.</param>
/// <param name="Worth">What that is in the client's currency, where it is another one.</param>
public sealed record ReturnedPayment(string Client, int Payment, MoneyAmount Amount, MoneyAmount? Worth = null);

/// <summary>Why an entry is no client's.</summary>
/// <example>{"reason":"interest"}</example>
/// <param name="Reason">Why it is no client's: interest, a transfer between own accounts, a supplier.</param>
/// <param name="With">The entry that cancels it: a payment that nobody claimed, and its storno; null for an entry alone.</param>
public sealed record CloseRequest(string Reason, long? With = null);

/// <summary>Why a closed entry waits again.</summary>
/// <example>{"reason":"it was a client's after all"}</example>
public sealed record ReopenRequest(string Reason);

/// <summary>Whom an entry is to be booked on, in parts.</summary>
/// <example>
/// {"parts":[{"client":"K000123","amount":{"amount":"499.00","currency":"CZK"}},{"client":"K000124","amount":{"amount":"1.00","currency":"CZK"}}]}
/// </example>
/// <param name="Parts">Sum to the entry's amount.</param>
/// <param name="Reason">Why it is divided so, where that needs a word; required where a part's worth is stated.</param>
public sealed record SplitRequest(IReadOnlyList<SplitPart> Parts, string? Reason = null);

/// <param name="Amount">How much of the entry, in its currency.</param>
/// <param name="Worth">What that is in the client's currency, where it is another one.</param>
public sealed record SplitPart(string Client, MoneyAmount Amount, MoneyAmount? Worth = null);

/// <summary>Why an entry is taken off its client.</summary>
/// <example>{"reason":"it is the neighbour's"}</example>
public sealed record UnassignRequest(string Reason);

/// <param name="State">Where the entry is now.</param>
/// <param name="Flagged">Something the clerk should see: credit on a closed account.</param>
public sealed record DeskAnswer(EntryState State, string? Flagged);
