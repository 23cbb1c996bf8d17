using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>Which rule found the account and document of a payment; stored with the match. Numbers are stored: never renumber.</summary>
public enum MatchRule
{
    /// <summary>The symbol names one open document and the amount is what is open.</summary>
    ExactDocument = 1,

    /// <summary>The symbol names a document.</summary>
    NamedDocument = 2,

    /// <summary>The symbol is the account's own.</summary>
    AccountSymbol = 3,

    /// <summary>The payer's bank account paid exactly one account before. Inferred.</summary>
    KnownPayer = 4,

    /// <summary>The message holds exactly one known symbol or document number. Inferred.</summary>
    NumberInMessage = 5,

    /// <summary>A person decided.</summary>
    Clerk = 6,
}

public enum PaymentStatus
{
    Booked,

    /// <summary>The bank took the money back.</summary>
    Reversed,

    /// <summary>A clerk took it off this account; it belongs elsewhere.</summary>
    Unassigned,
}

/// <summary>Part of a payment or credit note that settles part of an invoice.</summary>
/// <param name="Document">Ordinal of the invoice.</param>
public readonly record struct Allocation(int Document, Money Amount);

/// <summary>Whose money a payment to the client is: part of a payment or of a credit note.</summary>
/// <param name="Ordinal">Of the payment or credit note.</param>
public readonly record struct CreditUse(CreditSource Source, int Ordinal, Money Amount);

/// <summary>Money received on this account or, with a negative amount, paid back from it.</summary>
/// <param name="Ordinal">Within the account, from 1.</param>
/// <param name="Entry">Identity of the statement entry (or the part of it) it came by; unique.</param>
/// <param name="Amount">Positive for money that came in; negative for a refund and for the part of a payment that went back.</param>
/// <param name="OrderReference">What a payment and its storno share, if the bank says.</param>
/// <param name="Allocations">What it settles now; the rest is credit.</param>
/// <param name="ReversedBy">Identity of the statement entry that took the money back.</param>
/// <param name="PaidBack">How much of it has gone back to the client; null for nothing.</param>
/// <param name="Uses">Of money paid back: the credit that it is, in full. Null for money that came in.</param>
public sealed record Payment(
    int Ordinal,
    string Entry,
    Money Amount,
    DateOnly BookedOn,
    VariableSymbol? Symbol,
    string? CounterAccount,
    string? OrderReference,
    MatchRule Rule,
    PaymentStatus Status,
    ImmutableArray<Allocation> Allocations,
    string? ReversedBy = null,
    Money? PaidBack = null,
    ImmutableArray<CreditUse>? Uses = null)
{
    /// <summary>A payment that is booked later than this after the day the bank booked it is told apart.</summary>
    private const int LateMonths = 1;

    /// <summary>
    /// When something happened to it long after <see cref="BookedOn"/>: it was booked here late, taken back, or given again. Null where nothing
    /// did, and of releases that did not keep it.
    /// </summary>
    public DateOnly? ChangedOn { get; init; }

    /// <summary>The last day on which something happened to it.</summary>
    public DateOnly TouchedOn => ChangedOn > BookedOn ? ChangedOn.Value : BookedOn;

    /// <summary>As it comes to an account on a day.</summary>
    public Payment ComingOn(DateOnly today) => today >= BookedOn.AddMonths(LateMonths) ? this with { ChangedOn = today } : this;

    public Money Allocated
    {
        get
        {
            var sum = Money.Zero(Amount.Currency);
            foreach (var allocation in Allocations) sum += allocation.Amount;
            return sum;
        }
    }

    public bool IsOutgoing => Amount.IsNegative;

    /// <summary>What of it is still here: the amount less what was paid back.</summary>
    public Money Left => PaidBack is { } paidBack ? Amount - paidBack : Amount;

    /// <summary>Credit left; zero once reversed or unassigned, and of money that went out.</summary>
    public Money Unallocated => Status == PaymentStatus.Booked && !IsOutgoing ? Left - Allocated : Money.Zero(Amount.Currency);
}
