using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Http.Contract;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Security;
using IspBilling.Postgres.Figures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Reports;

/// <summary>What the owner asks about everybody at once.</summary>
internal static class OwnerReportEndpoints
{
    private const int MonthsMax = 120;
    private const int DaysMax = 400;

    public static void MapOwnerReports(this RouteGroupBuilder v1)
    {
        var reports = v1.MapGroup("/reports").WithTags("Reports").RequireScope(Scopes.Reports);
        reports.MapGet("/revenue", Revenue).Named("revenue", "What was invoiced, month by month, with VAT by rate, by date of issue and of supply; this year unless asked otherwise")
            .Answers<RevenueReport>(200).MayFail(400);
        reports.MapGet("/payments", Payments).Named("paymentsReceived", "Money received, day by day; the last 31 days unless asked otherwise")
            .Answers<PaymentsReport>(200).MayFail(400);
        reports.MapGet("/clients", Clients).Named("clientMovements", "Clients who came and went, month by month; this year unless asked otherwise")
            .Answers<ClientsReport>(200).MayFail(400);
        reports.MapGet("/recurring", RecurringRevenue).Named("recurringRevenue", "Running services and what they bring a month, by tariff; today unless asked otherwise")
            .Answers<RecurringReport>(200).MayFail(400);
    }

    private static async Task<IResult> Revenue(DateOnly? from, DateOnly? to, FigureReading figures, LiveContext contexts, CancellationToken cancellation)
    {
        var faults = new Faults();
        var (first, last) = Months(from, to, contexts.Today, faults);
        if (faults.Any) return faults.Problem();
        var months = await figures.Revenue(first, last.AddMonths(1), cancellation);
        var issued = (await figures.Taxes(first, last.AddMonths(1), cancellation)).ToLookup(tax => (tax.Issuer, tax.Month));
        var supplied = (await figures.SuppliedTaxes(first, last.AddMonths(1), cancellation)).ToLookup(tax => (tax.Issuer, tax.Month));
        var issuers = contexts.Settings.Issuers;
        return TypedResults.Ok(new RevenueReport(first, last, [.. months.Select(month =>
        {
            var currency = issuers[new IssuerId(month.Issuer)].Currency.Code;
            return new RevenueRow(
                month.Issuer, month.Month, MoneyAmount.Of(month.Net, currency), MoneyAmount.Of(month.Tax, currency), MoneyAmount.Of(month.Rounding, currency),
                MoneyAmount.Of(month.Total, currency), month.Invoices, month.CreditNotes, MoneyAmount.Of(month.Credited, currency),
                ByRate(issued[(month.Issuer, month.Month)], currency), ByRate(supplied[(month.Issuer, month.Month)], currency));
        })]));
    }

    private static RevenueByRate[] ByRate(IEnumerable<MonthlyTax> taxes, string currency) =>
        [.. taxes.Select(tax => new RevenueByRate(tax.Rate / 100m, MoneyAmount.Of(tax.Net, currency), MoneyAmount.Of(tax.Tax, currency)))];

    private static async Task<IResult> Payments(DateOnly? from, DateOnly? to, FigureReading figures, LiveContext contexts, CancellationToken cancellation)
    {
        var faults = new Faults();
        var last = faults.Date("to", to ?? contexts.Today);
        var first = faults.Date("from", from ?? last.AddDays(-30));
        if (first > last || last.DayNumber - first.DayNumber >= DaysMax) faults.Add("from", $"at most {DaysMax} days before the last one");
        if (faults.Any) return faults.Problem();
        var days = await figures.Payments(first, last.AddDays(1), cancellation);
        var issuers = contexts.Settings.Issuers;
        return TypedResults.Ok(new PaymentsReport(first, last, [.. days.Select(day =>
        {
            var currency = issuers[new IssuerId(day.Issuer)].Currency.Code;
            return new PaymentsRow(day.Issuer, day.Day, MoneyAmount.Of(day.Received, currency), day.Payments, MoneyAmount.Of(day.Returned, currency), day.Returns);
        })]));
    }

    private static async Task<IResult> Clients(DateOnly? from, DateOnly? to, FigureReading figures, LiveContext contexts, CancellationToken cancellation)
    {
        var faults = new Faults();
        var (first, last) = Months(from, to, contexts.Today, faults);
        if (faults.Any) return faults.Problem();
        var months = await figures.Clients(first, last.AddMonths(1), cancellation);
        return TypedResults.Ok(new ClientsReport(first, last, [.. months.Select(month => new ClientsRow(
            month.Issuer, month.Month, month.Joined, month.Departed, month.Active))]));
    }

    private static async Task<IResult> RecurringRevenue(DateOnly? on, FigureReading figures, LiveContext contexts, CancellationToken cancellation)
    {
        var faults = new Faults();
        var context = contexts.Now().Context;
        var day = faults.Date("on", on ?? context.Today);
        if (faults.Any) return faults.Problem();
        return TypedResults.Ok(RecurringComposition.Report(day, await figures.RecurringOn(day, cancellation), context));
    }

    /// <summary>Whole months: any day of a month means the month.</summary>
    private static (DateOnly First, DateOnly Last) Months(DateOnly? from, DateOnly? to, DateOnly today, Faults faults)
    {
        var last = Beginning(faults.Date("to", to ?? today));
        var first = Beginning(faults.Date("from", from ?? new DateOnly(last.Year, 1, 1)));
        if (first > last || first.AddMonths(MonthsMax) <= last) faults.Add("from", $"at most {MonthsMax} months before the last one");
        return (first, last);

        static DateOnly Beginning(DateOnly day) => new(day.Year, day.Month, 1);
    }
}
