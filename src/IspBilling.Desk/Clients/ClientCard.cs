using IspBilling.Desk.Contracts;
using IspBilling.Domain;
using IspBilling.Postgres.Settings;

namespace IspBilling.Desk.Clients;

/// <summary>Everything one asks about a client before a call, at one moment.</summary>
/// <param name="Account">The engine's own number of the client.</param>
/// <param name="Balance">Invoices − credit notes − payments; positive is debt.</param>
/// <param name="Overdue">The part of the debt past its due date.</param>
/// <param name="Credit">Payments and credit notes that nothing has used yet; the next invoice will.</param>
/// <param name="Level">What the network should enforce.</param>
/// <param name="NextBillingOn">First day on which billing may have something to do; null when never.</param>
/// <param name="Parked">Why the account cannot decide until someone mends something; null when it can.</param>
public sealed record ClientCard(
    string Reference,
    long Account,
    AccountStatus Status,
    PushedParticulars Client,
    Money Balance,
    Money Overdue,
    Money Credit,
    ServiceLevel Level,
    IReadOnlyList<OpenDocumentRow> OpenDocuments,
    IReadOnlyList<ServiceRow> Services,
    IReadOnlyList<ContractRow> Contracts,
    IReadOnlyList<WaitingItem> WaitingItems,
    DunningCard Dunning,
    DateOnly? NextBillingOn,
    NextDocuments NextDocuments,
    string? Parked)
{
    /// <summary>What is known against the client's e-mail address, since when and why; null when nothing is.</summary>
    public EmailMark? EmailMark { get; init; }
}

/// <param name="Revision">The highest that the CRM gave with the particulars; null when it gives none.</param>
public sealed record PushedParticulars(AccountProfile Profile, long? Revision);

/// <param name="Open">What is left to pay of an invoice, or to use of a credit note.</param>
public sealed record OpenDocumentRow(
    string Number, DocumentKind Kind, DateOnly IssuedOn, DateOnly DueOn, int DaysOverdue, Money Total, Money Open, bool Disputed);

/// <param name="Contract">Reference of the contract that it belongs to; null for none.</param>
/// <param name="Annulled">It was withdrawn before it began; nothing is charged for it.</param>
/// <param name="Planned">Other terms that begin later, in order of date.</param>
/// <param name="MonthlyPrice">Of the whole quantity, special price and discount taken into account; null when the service does not run today.</param>
/// <param name="Revision">The highest that the CRM gave with the service; null when it gives none.</param>
/// <param name="Broken">Why there is no price: a tariff that does not exist or is not priced yet.</param>
public sealed record ServiceRow(
    string Reference,
    string Tariff,
    decimal Quantity,
    int CycleMonths,
    int? AnchorDay,
    BillingTiming Timing,
    DateOnly Start,
    DateOnly? End,
    DateOnly? ChargedUpTo,
    string? Contract,
    bool Annulled,
    Money? MonthlyPrice,
    PriceMode? PriceMode,
    IReadOnlyList<PlannedTermsRow> Planned,
    IReadOnlyList<SpecialPriceRow> SpecialPrices,
    IReadOnlyList<PauseRow> Pauses,
    long? Revision,
    string? Broken);

/// <param name="MonthlyPrice">On that day, of the whole quantity; null when the tariff has no price then.</param>
public sealed record PlannedTermsRow(
    DateOnly From, string Tariff, decimal Quantity, int CycleMonths, int? AnchorDay, BillingTiming Timing, Money? MonthlyPrice);

public sealed record SpecialPriceRow(string Id, DateOnly From, DateOnly? To, Money? MonthlyPrice, decimal? DiscountPercent, string Reason);

public sealed record PauseRow(string Id, DateOnly From, DateOnly? To, bool Bills, string Reason);

/// <summary>A one-off item that no document charges yet.</summary>
public sealed record WaitingItem(string Id, DateOnly Date, string Text, decimal Quantity, Money UnitPrice, PriceMode PriceMode, VatCategory VatCategory);

/// <param name="LastStep">Code of the step taken last; null when none.</param>
/// <param name="Upcoming">What happens when if nothing is paid.</param>
/// <param name="PolicyRevision">Of the settings journal: the policy that the upcoming steps follow. Null where no entry tells of it.</param>
public sealed record DunningCard(
    string? LastStep, DateOnly? LastStepOn, DateOnly? PromisedUntil, bool Exempt, IReadOnlyList<UpcomingStep> Upcoming, long? PolicyRevision);

public sealed record UpcomingStep(DateOnly On, string Step, IReadOnlyList<DunningActions> Actions);

/// <summary>What billing through a day would issue now.</summary>
/// <param name="Refusal">Why it would issue nothing although something is due.</param>
public sealed record NextDocuments(DateOnly Through, IReadOnlyList<NextDocument> Documents, string? Refusal);

public sealed record NextDocument(DocumentKind Kind, Money Total);

/// <summary>A symbol that does not tell whose payment it is.</summary>
/// <param name="Clients">The CRM's references.</param>
public sealed record SharedSymbolRow(int Issuer, string VariableSymbol, IReadOnlyList<string> Clients)
{
    public static SharedSymbolRow Of(SharedSymbol shared) => new(shared.Issuer, new VariableSymbol(shared.Symbol).ToString(), shared.References);
}
