using IspBilling.Domain;
using IspBilling.Postgres.Reading;

namespace IspBilling.Desk.Explanations;

/// <summary>Why a line says what it says, from the basis that was stored with it.</summary>
/// <param name="Formula">The arithmetic in one line, to be checked by hand.</param>
/// <param name="Months">How much of a month, or how many, the line is for; null on a line that has no terms of its own.</param>
/// <param name="Policy">The dunning policy by which a fee was charged; null on every other line, and where no entry of the settings journal tells of it.</param>
/// <param name="MonthlyPrice">Of one unit; the tariff's or the special one.</param>
/// <param name="Quantity">That the formula multiplies by; what the document prints may be the whole amount, once.</param>
/// <param name="Before">The terms by which documents charged the same days before; null on a plain charge.</param>
/// <param name="Contract">That the service belonged to; null for none, and on a line that only takes something back.</param>
/// <param name="Because">In words: what kind of line this is. That no earlier document charges its period is said only where none ever did.</param>
/// <param name="Correction">Why a credit note credits the line; null on an invoice.</param>
/// <param name="Cause">
/// The event that led to the charge: when, by whom, what. Of a period that was left out before, what made it due. When the catalogue did, its entry
/// in the settings journal (<c>what</c> is <c>tariff</c>), and <c>catalogueVersion</c> says how. Null where nobody knows any more.
/// </param>
/// <param name="OtherCauses">Events that had a part in it besides: a quantity and a special price that changed on one day. Mostly empty.</param>
/// <param name="CatalogueVersion">The price of the catalogue that led to the charge, or had a part in it; null when events of the account alone did.</param>
/// <param name="Issued">The event that put the line on a document.</param>
public sealed record LineExplanation(
    string Document,
    int Line,
    string Text,
    Money Amount,
    LineReason Reason,
    string Because,
    string? Correction,
    string Formula,
    TariffExplanation? Tariff,
    SettingExplanation? Policy,
    SpecialPriceExplanation? SpecialPrice,
    SpecialPriceExplanation? Discount,
    ContractExplanation? Contract,
    Money? MonthlyPrice,
    decimal Quantity,
    MonthsExplanation? Months,
    TermsExplanation? Before,
    EventExplanation? Cause,
    IReadOnlyList<EventExplanation> OtherCauses,
    CatalogueVersionExplanation? CatalogueVersion,
    CorrectionExplanation? Corrects,
    EventExplanation? Issued);

/// <param name="Version">First day of the tariff's price version in force.</param>
/// <param name="Setting">Who set the price; null where it is told with the line that is corrected.</param>
public sealed record TariffExplanation(string Code, string Name, DateOnly Version, SettingExplanation? Setting);

/// <summary>The change of the settings that something came from.</summary>
/// <param name="Revision">Of the settings journal.</param>
/// <param name="By">What the one who set it was called then.</param>
/// <param name="Text">In words: <c>tariff T699, revision 41, set by crm on 2026-05-01, indexation</c>.</param>
public sealed record SettingExplanation(long Revision, DateTimeOffset At, string By, string? Reason, string Text);

public sealed record SpecialPriceExplanation(
    string Id, Money? MonthlyPrice, decimal? DiscountPercent, DateOnly From, DateOnly? To, string Reason, DateTimeOffset AgreedAt, Actor AgreedBy);

/// <summary>The contract that the service belonged to when the line was issued, as it was agreed then.</summary>
/// <param name="TermEnd">First day after the minimum term; null when there is none.</param>
public sealed record ContractExplanation(string Reference, string Number, DateOnly Start, DateOnly? TermEnd, DateTimeOffset AgreedAt, Actor AgreedBy);

/// <param name="ValidFrom">First day that the price is for.</param>
/// <param name="Revision">Of the catalogue, that brought the price; 0 for a price that the tariff began with.</param>
/// <param name="RepricesInvoiced">Whether whoever entered it wanted it to apply to what was invoiced before.</param>
/// <param name="Text">In words.</param>
public sealed record CatalogueVersionExplanation(string Tariff, DateOnly ValidFrom, Money MonthlyPrice, long Revision, bool RepricesInvoiced, string Text);

/// <summary>The terms of a charge that a line corrects.</summary>
/// <param name="SpecialPrice">Its id.</param>
/// <param name="Discount">Its id.</param>
/// <param name="Charged">What documents charged for the days of the line.</param>
public sealed record TermsExplanation(
    TariffExplanation Tariff, string? SpecialPrice, string? Discount, Money MonthlyPrice, decimal Quantity, MonthsExplanation Months, Money Charged);

/// <summary>Whole months and, at the ends of the period, days of broken ones.</summary>
public sealed record MonthsExplanation(int Whole, BrokenMonth? Leading, BrokenMonth? Trailing);

public sealed record BrokenMonth(int Days, int DaysOfMonth);

/// <param name="Version">Of the account's event; of an entry of the settings journal, its revision.</param>
/// <param name="What">Stored name of the event; of an entry of the settings journal, the kind of setting.</param>
/// <param name="Text">In words.</param>
public sealed record EventExplanation(long Version, DateTimeOffset At, Actor By, string What, string Text)
{
    internal static EventExplanation? Of(JournalEntry? entry) =>
        entry is null ? null : new EventExplanation(entry.Version, entry.At, entry.By, entry.Name, EventTexts.Of(entry.Happened));
}

/// <param name="Why">Why the original line no longer stands as it was.</param>
public sealed record CorrectionExplanation(string Document, int Line, string Why);
