using System.Collections.Immutable;
using IspBilling.Domain;

namespace IspBilling.Engine.Outgoing;

/// <summary>A document that a message is about.</summary>
/// <param name="Ordinal">Of the account.</param>
/// <param name="Open">What is still to be paid of it.</param>
public sealed record DocumentFacts(int Ordinal, DocumentKind Kind, string Number, DateOnly IssuedOn, DateOnly DueOn, Money Total, Money Open)
{
    /// <summary>Whole days since it fell due; 0 before that.</summary>
    public int DaysOverdue { get; init; }

    /// <summary>By which its payment is recognised.</summary>
    public VariableSymbol? Symbol { get; init; }
}

/// <summary>What the policy does next if nothing is paid.</summary>
/// <param name="On">The day on which it is due; it may come later where an outage or a free day delays it.</param>
/// <param name="PayBy">The last day on which a payment still comes in time, the day before.</param>
public sealed record NextStepFacts(string Step, DateOnly On, DateOnly PayBy, DunningActions Actions);

/// <summary>The dunning step that a reminder is of.</summary>
/// <param name="Actions">What the step does besides telling.</param>
/// <param name="Fee">What it charges with the next document; null when nothing.</param>
/// <param name="Next">Null when no step follows.</param>
public sealed record ReminderFacts(string Step, DunningActions Actions, Money? Fee, NextStepFacts? Next);

/// <summary>Where money is to be sent.</summary>
/// <param name="Account">As people of the country write it.</param>
/// <param name="Symbol">By which the payment is recognised; null where it is the number of each document.</param>
public sealed record PayeeFacts(string Iban, string? Account, string? Symbol);

/// <summary>Who sends a message.</summary>
/// <remarks>What a letter of a business has to say of who sends it (Czech Civil Code, § 435; Slovak Commercial Code, § 3a) is at its foot.</remarks>
public sealed record SenderFacts(IssuerId Issuer, string Name, string? Email, string? Phone, string? Web, PostalAddress Address, PayeeFacts? Payee)
{
    /// <summary>IČO.</summary>
    public string? CompanyNumber { get; init; }

    /// <summary>DIČ, in Slovakia IČ DPH; null of who pays no VAT.</summary>
    public string? VatNumber { get; init; }

    /// <summary>The register that the issuer stands in.</summary>
    public string? RegisterText { get; init; }
}

/// <summary>What a message needs to know of its client, as it is when the message is about to be sent.</summary>
/// <param name="Reference">Of the client, in the CRM.</param>
/// <param name="Language"><c>cs</c>, <c>sk</c> or <c>en</c>.</param>
/// <param name="Email">Null where none is known, or it was found not to exist.</param>
/// <param name="Phone">E.164; null where none is known.</param>
/// <param name="Document">The one that is delivered.</param>
/// <param name="Overdue">Open, due and not disputed, the oldest first.</param>
/// <param name="Debt">Sum of <paramref name="Overdue"/>.</param>
/// <param name="Level">What the client's services are allowed now.</param>
public sealed record MessageFacts(
    AccountId Account,
    string Reference,
    string Name,
    string Language,
    string? Email,
    string? Phone,
    PostalAddress Address,
    SenderFacts Sender,
    DocumentFacts? Document,
    ImmutableArray<DocumentFacts> Overdue,
    Money Debt,
    ServiceLevel Level)
{
    /// <summary>The provider's day on which the facts are so.</summary>
    public DateOnly Today { get; init; }

    /// <summary>Why no mail goes to the client although an address is known; null when one may, or none is known.</summary>
    public string? WhyNoEmail { get; init; }

    /// <summary>Of a reminder; null in other messages.</summary>
    public ReminderFacts? Reminder { get; init; }

    /// <summary>Everything that is still to be paid, due or not and disputed or not, the oldest first.</summary>
    public ImmutableArray<DocumentFacts> Open { get; init; } = [];

    /// <summary>Sum of <see cref="Open"/>.</summary>
    public Money OpenSum { get; init; } = Money.Zero(Debt.Currency);

    /// <summary>What the client paid beyond what is settled.</summary>
    public Money Credit { get; init; } = Money.Zero(Debt.Currency);
}

/// <summary>Reads what messages need to know; beside the accounts, from what they have written.</summary>
public interface IMessageFacts
{
    /// <returns>Null when the account is not there any more.</returns>
    ValueTask<MessageFacts?> Of(Delivery delivery, CancellationToken cancellation);
}
