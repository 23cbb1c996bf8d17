using IspBilling.Access.Rights;
using IspBilling.Desk.Reports;
using IspBilling.Engine.Accounts;
using IspBilling.Http.Contract;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Requests;
using IspBilling.Http.Security;
using IspBilling.Postgres.Reading;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Reports;

/// <param name="Command">What the account was asked when it could not decide.</param>
public sealed record ParkedView(string Client, long Account, string? Name, string Command, string Reason, DateTimeOffset At);

/// <summary>What the owner and the clerk look at.</summary>
internal static class ReportEndpoints
{
    public static void MapReports(this RouteGroupBuilder v1)
    {
        v1.MapGet("/reports/receivables", Receivables).WithTags("Reports").RequireRight(Right.ReadReports)
            .Named("receivables", "Who owes what, by age: totals, and clients page by page").Answers<ReceivablesReport>(200).MayFail(400);
        v1.MapGet("/parked", Parked).WithTags("Reports").RequireRight(Right.ReadReports)
            .Named("listParked", "Accounts that cannot decide until someone mends something").Answers<Page<ParkedView>>(200).MayFail(400);
    }

    private static async Task<IResult> Receivables(
        string? cursor, int? limit, OwnerReporting reports, LiveContext contexts, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (Paging<long>.Read(cursor, limit, faults) is not { } paging) return faults.Problem();
        var today = contexts.Today;
        var totals = await reports.Receivables(today, cancellation);
        var clients = await reports.Debtors(paging.After ?? 0, paging.Asked, today, cancellation);
        return TypedResults.Ok(new ReceivablesReport(today, totals, paging.Of(clients, client => client.Account.Value, client => client.Row)));
    }

    private static async Task<IResult> Parked(string? cursor, int? limit, ParkedReading reading, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (Paging<long>.Read(cursor, limit, faults) is not { } paging) return faults.Problem();
        var rows = await reading.After(paging.After ?? 0, paging.Asked, cancellation);
        return TypedResults.Ok(paging.Of(rows, row => row.Account, row => new ParkedView(
            row.Reference, row.Account, row.Name, row.Command, row.Reason, new DateTimeOffset(row.At, TimeSpan.Zero))));
    }
}
