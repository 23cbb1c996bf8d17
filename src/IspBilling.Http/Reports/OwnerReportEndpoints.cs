using IspBilling.Access.Rights;
using IspBilling.Desk.Reports;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Reports;

/// <summary>What the owner asks about everybody at once.</summary>
internal static class OwnerReportEndpoints
{
    private const int MonthsMax = 120;
    private const int DaysMax = 400;
    private const int DaysByDefault = 31;

    public static void MapOwnerReports(this RouteGroupBuilder v1)
    {
        var reports = v1.MapGroup("/reports").WithTags("Reports").RequireRight(Right.ReadReports);
        reports.MapGet("/revenue", Revenue).Named("revenue", "What was invoiced, month by month, with VAT by rate, by date of issue and of supply; this year unless asked otherwise")
            .Answers<RevenueReport>(200).MayFail(400);
        reports.MapGet("/payments", Payments).Named("paymentsReceived", "Money received, day by day; the last 31 days unless asked otherwise")
            .Answers<PaymentsReport>(200).MayFail(400);
        reports.MapGet("/clients", Clients).Named("clientMovements", "Clients who came and went, month by month; this year unless asked otherwise")
            .Answers<ClientsReport>(200).MayFail(400);
        reports.MapGet("/recurring", RecurringRevenue).Named("recurringRevenue", "Running services and what they bring a month, by tariff; today unless asked otherwise")
            .Answers<RecurringReport>(200).MayFail(400);
    }

    private static async Task<IResult> Revenue(DateOnly? from, DateOnly? to, OwnerReporting reporting, LiveContext contexts, CancellationToken cancellation)
    {
        var faults = new Faults();
        var (first, last) = Months(from, to, contexts.Today, faults);
        return faults.Any ? faults.Problem() : TypedResults.Ok(await reporting.Revenue(first, last, cancellation));
    }

    private static async Task<IResult> Payments(DateOnly? from, DateOnly? to, OwnerReporting reporting, LiveContext contexts, CancellationToken cancellation)
    {
        var faults = new Faults();
        var last = faults.Date("to", to ?? contexts.Today);
        faults.Date("from", from);
        if (faults.Any) return faults.Problem();
        var first = from ?? Period.Ending(last, DaysByDefault).From;
        if (first > last) faults.Add("from", "lies after the last day, to");
        else if (Period.Through(first, last).Days > DaysMax) faults.Add("from", $"at most {DaysMax} days before the last one");
        return faults.Any ? faults.Problem() : TypedResults.Ok(await reporting.Payments(Period.Through(first, last), cancellation));
    }

    private static async Task<IResult> Clients(DateOnly? from, DateOnly? to, OwnerReporting reporting, LiveContext contexts, CancellationToken cancellation)
    {
        var faults = new Faults();
        var (first, last) = Months(from, to, contexts.Today, faults);
        return faults.Any ? faults.Problem() : TypedResults.Ok(await reporting.Clients(first, last, cancellation));
    }

    private static async Task<IResult> RecurringRevenue(DateOnly? on, OwnerReporting reporting, LiveContext contexts, CancellationToken cancellation)
    {
        var faults = new Faults();
        var day = faults.Date("on", on ?? contexts.Today);
        return faults.Any ? faults.Problem() : TypedResults.Ok(await reporting.Recurring(day, cancellation));
    }

    /// <summary>Whole months: any day of a month means the month.</summary>
    private static (CalendarMonth First, CalendarMonth Last) Months(DateOnly? from, DateOnly? to, DateOnly today, Faults faults)
    {
        var last = CalendarMonth.Of(faults.Date("to", to ?? today));
        var first = CalendarMonth.Of(faults.Date("from", from ?? last.FirstOfYear.FirstDay));
        if (first.MonthsUntil(last) < 0) faults.Add("from", "lies after the last month, to");
        else if (first.MonthsUntil(last) >= MonthsMax) faults.Add("from", $"at most {MonthsMax} months before the last one");
        return (first, last);
    }
}
