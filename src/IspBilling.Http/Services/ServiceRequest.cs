using IspBilling.Domain;
using IspBilling.Http.Contract;
using IspBilling.Http.Problems;

namespace IspBilling.Http.Services;

/// <summary>A service as the CRM has it; says nothing new when it already is so.</summary>
/// <example>{"tariff":"HOME-300","start":"2026-12-01"}</example>
/// <param name="Tariff">Code in the catalogue.</param>
/// <param name="Start">First day; it cannot change.</param>
/// <param name="End">
/// First day without the service; null while it runs. The day of the start says that the service never began: what was invoiced of it is
/// credited whole.
/// </param>
/// <param name="CycleMonths">1, 2, 3, 6 or 12.</param>
/// <param name="AnchorDay">1–31; null aligns to the calendar.</param>
/// <param name="EffectiveFrom">
/// First day of the terms, also in the past or planned ahead; today when left out. What is planned for a later day stays planned; it is
/// taken back by pushing from its day on what holds before it.
/// </param>
/// <param name="Contract">Reference of the client's contract that it belongs to, which there must be; left out for none. It changes no price.</param>
/// <param name="Revision">Grows with each change in the CRM: what comes with a lower one than came before is out of date and changes nothing.</param>
public sealed record ServiceRequest(
    string Tariff,
    DateOnly Start,
    DateOnly? End = null,
    decimal Quantity = 1,
    int CycleMonths = 1,
    int? AnchorDay = null,
    BillingTiming Timing = BillingTiming.InAdvance,
    DateOnly? EffectiveFrom = null,
    long? Revision = null,
    string? Contract = null)
{
    public PutService Read(string reference, TariffCatalogue catalogue, Faults faults)
    {
        reference = faults.Reference("serviceReference", reference);
        var tariff = catalogue.Tariffs.Values.FirstOrDefault(known => known.Code == Tariff);
        if (tariff is null) faults.Add("tariff", $"no tariff has the code '{Tariff}'");
        if (End < Start) faults.Add("end", "the first day without the service lies after the start, or on it when the service never began");
        if (Revision < 0) faults.Add("revision", "0 or more expected");
        var cycle = default(BillingCycle);
        if (BillingCycle.IsValid(CycleMonths, AnchorDay)) cycle = new BillingCycle(CycleMonths, AnchorDay);
        else if (AnchorDay is null or (>= 1 and <= 31)) faults.Add("cycleMonths", "1, 2, 3, 6 or 12 expected");
        else faults.Add("anchorDay", "1 to 31 expected");
        return new PutService(
            reference, faults.Date("start", Start), faults.Date("end", End), tariff?.Id ?? default, faults.Quantity("quantity", Quantity), cycle, Timing,
            faults.Date("effectiveFrom", EffectiveFrom), Revision, Contract is null ? null : faults.Reference("contract", Contract));
    }
}

/// <summary>A time in which the service rests.</summary>
/// <example>{"from":"2026-07-01","to":"2026-09-01","reason":"weekend house closed"}</example>
/// <param name="To">First day the service runs again; null until resumed.</param>
/// <param name="Bills">Whether the client pays while the service rests.</param>
public sealed record PauseRequest(DateOnly From, string Reason, DateOnly? To = null, bool Bills = false)
{
    public PutPause Read(string service, string id, Faults faults)
    {
        if (To <= From) faults.Add("to", "lies after the first day");
        return new PutPause(
            service, new Pause(faults.Reference("id", id), faults.Date("from", From), faults.Date("to", To), Bills, faults.Reason("reason", Reason)));
    }
}

/// <summary>A price or a discount on one service; exactly one of the two.</summary>
/// <example>{"from":"2026-12-01","to":"2027-06-01","discountPercent":10,"reason":"six months for a new client"}</example>
/// <param name="To">First day it no longer applies; null lasts until changed.</param>
/// <param name="MonthlyPrice">Replaces the tariff's price of one unit, in the tariff's price mode.</param>
/// <param name="DiscountPercent">Off the price in force; up to two decimals.</param>
/// <param name="Reason">Stands in the explanation of every line it touches.</param>
public sealed record SpecialPriceRequest(
    DateOnly From, string Reason, DateOnly? To = null, MoneyAmount? MonthlyPrice = null, decimal? DiscountPercent = null)
{
    public PutSpecialPrice Read(string service, string id, Faults faults)
    {
        if (MonthlyPrice is null == DiscountPercent is null) faults.Add("monthlyPrice", "either a monthly price or a discount, not both");
        if (DiscountPercent is { } discount && (discount is <= 0 or > 100 || discount * 100 % 1 != 0))
            faults.Add("discountPercent", "above 0, up to 100, with at most two decimals");
        if (To <= From) faults.Add("to", "lies after the first day");
        return new PutSpecialPrice(
            service, faults.Reference("id", id), faults.Date("from", From), faults.Date("to", To),
            MonthlyPrice is null ? null : faults.Amount("monthlyPrice", MonthlyPrice),
            faults.Any || DiscountPercent is null ? null : (int)(DiscountPercent * 100),
            faults.Reason("reason", Reason));
    }
}

/// <summary>
/// A single charge that goes on the next document; with a negative price, a deduction from it. A deduction names no earlier document: what is
/// invoiced already is lowered by a special price for its period, whose credit note names the invoice.
/// </summary>
/// <example>{"date":"2026-12-01","text":"Installation","unitPrice":{"amount":"990.00","currency":"CZK"}}</example>
/// <param name="Date">Day of supply.</param>
public sealed record OneOffRequest(
    DateOnly Date,
    string Text,
    MoneyAmount UnitPrice,
    decimal Quantity = 1,
    PriceMode PriceMode = PriceMode.Gross,
    VatCategory VatCategory = VatCategory.Standard)
{
    public AddOneOff Read(string id, Faults faults) => new(
        faults.Reference("id", id), faults.Date("date", Date), faults.Text("text", Text), faults.Quantity("quantity", Quantity),
        faults.Amount("unitPrice", UnitPrice, AccountLimits.MaxUnitPriceMinor), PriceMode, VatCategory);
}
