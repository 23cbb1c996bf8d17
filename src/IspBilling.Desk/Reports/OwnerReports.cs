using IspBilling.Domain;

namespace IspBilling.Desk.Reports;

/// <param name="From">First month asked about.</param>
/// <param name="To">Last month.</param>
public sealed record RevenueReport(DateOnly From, DateOnly To, IReadOnlyList<RevenueRow> Months);

/// <summary>Documents issued in a month, credit notes subtracted.</summary>
/// <param name="Month">Its first day.</param>
/// <param name="Net">Without VAT.</param>
/// <param name="Gross">What clients are to pay: net, VAT and rounding.</param>
/// <param name="Credited">Total of the credit notes, negative.</param>
/// <param name="Rates">Base and VAT by rate of what was issued in the month.</param>
/// <param name="Supplied">Base and VAT by rate of what was supplied in the month, whenever it was issued: the date that the tax office asks for.</param>
public sealed record RevenueRow(
    int Issuer, DateOnly Month, MoneyTotal Net, MoneyTotal Vat, MoneyTotal Rounding, MoneyTotal Gross,
    long Invoices, long CreditNotes, MoneyTotal Credited, IReadOnlyList<RevenueByRate> Rates, IReadOnlyList<RevenueByRate> Supplied);

/// <param name="VatRate">Percent.</param>
public sealed record RevenueByRate(decimal VatRate, MoneyTotal Net, MoneyTotal Vat);

public sealed record PaymentsReport(DateOnly From, DateOnly To, IReadOnlyList<PaymentsRow> Days);

/// <summary>Money that came in on a day; days without any have no row.</summary>
/// <param name="Returned">What the bank took back or a clerk took off an account.</param>
public sealed record PaymentsRow(int Issuer, DateOnly Day, MoneyTotal Received, long Payments, MoneyTotal Returned, long Returns);

public sealed record ClientsReport(DateOnly From, DateOnly To, IReadOnlyList<ClientsRow> Months);

/// <summary>Clients who came and went in a month; months without any have no row.</summary>
/// <param name="Active">Clients at the end of the month.</param>
public sealed record ClientsRow(int Issuer, DateOnly Month, long Joined, long Departed, long Active);

public sealed record RecurringReport(DateOnly On, IReadOnlyList<RecurringTotal> Totals, IReadOnlyList<RecurringRow> Tariffs);

/// <param name="Monthly">What all services bring a month, without VAT.</param>
public sealed record RecurringTotal(int Issuer, long Services, MoneyTotal Monthly);

/// <param name="Tariff">Code in the catalogue.</param>
/// <param name="Services">Running on the day, paused ones left out.</param>
/// <param name="Monthly">What they bring a month, without VAT; null while the tariff has no price in the issuer's currency.</param>
public sealed record RecurringRow(int Issuer, string Tariff, string Name, ServiceKind Kind, long Services, MoneyTotal? Monthly);

/// <param name="Clients">How many have open items.</param>
public sealed record IssuerReceivables(int Issuer, long Clients, AgedAmounts Amounts);

public sealed record ClientReceivablesRow(string Client, string Name, DateOnly? OldestDue, AgedAmounts Amounts);
