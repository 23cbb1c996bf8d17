using IspBilling.Engine.StatementImports;
using IspBilling.Http.Contract;

namespace IspBilling.Http.Statements;

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

/// <summary>That an entry is other money than entries that look the same, and why.</summary>
/// <example>{"from":[53],"reason":"two payments of one day, the payer says so"}</example>
/// <param name="From">Entries that may be the same money: of what <c>mayBe</c> lists, or what a refusal names.</param>
/// <param name="Reason">How it is known.</param>
public sealed record TellApartRequest(IReadOnlyList<long> From, string Reason);

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
