using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Http.Contract;
using IspBilling.Http.Problems;
using IspBilling.Postgres.Runs;
using Microsoft.AspNetCore.Http;

namespace IspBilling.Http.BillingRuns;

/// <summary>
/// Runs that would issue further ahead than anybody bills: a slip of the pen in the year sends every client years of invoices. They are
/// previewed first, and issued only for somebody who names what the preview found.
/// </summary>
internal sealed class RunAhead(IBillingRunStore store, BillingRunReading reading, LiveContext contexts, TimeProvider clock, RunBell bell)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    /// <summary>Shorter than callers usually wait for an answer.</summary>
    private static readonly TimeSpan PreviewWithin = TimeSpan.FromSeconds(25);

    /// <summary>
    /// The shortest cycle is a calendar month: whatever is charged in advance for the next one falls due on its first day, and what comes
    /// later is of a cycle that has not begun.
    /// </summary>
    public bool NeedsConfirmation(BillingRun requested)
    {
        var today = contexts.Today;
        return requested.Mode == RunMode.Issue && requested.Through > new DateOnly(today.Year, today.Month, 1).AddMonths(1);
    }

    /// <summary>Why the run may not begin; null when what it will issue is what was confirmed, or nothing.</summary>
    public async Task<IResult?> Objection(BillingRun requested, RunConfirmation? confirmed, CancellationToken cancellation)
    {
        var preview = await Preview(requested, attempt: confirmed is null ? 0 : 1, cancellation);
        if (preview.Status != RunStatus.Finished)
        {
            return Problem.Of(
                StatusCodes.Status409Conflict, "preview-unfinished", "What the run would issue is not known yet.",
                $"Preview {preview.Id} goes on; send the same request with the same Idempotency-Key again.", More(preview, found: null));
        }

        var found = await Found(preview, cancellation);
        if (found.Count == 0 || confirmed?.IsSameAs(found) is true) return null;
        return confirmed is null
            ? Problem.Of(
                StatusCodes.Status422UnprocessableEntity, "run-far-ahead", "The run reaches beyond the first day of next month.",
                string.Create(CultureInfo.InvariantCulture, $"Through {requested.Through:yyyy-MM-dd} it would issue {Words(found)}. Send it with confirm, naming count and sum, to issue them."),
                More(preview, found))
            : Problem.Of(
                StatusCodes.Status409Conflict, "run-changed", "The run would issue something else than was confirmed.",
                $"It would issue {Words(found)} now.", More(preview, found));
    }

    /// <summary>Its id follows from the request's, so that the same request again finds it.</summary>
    private async Task<BillingRun> Preview(BillingRun requested, int attempt, CancellationToken cancellation)
    {
        var preview = await store.Create(
            requested with { Id = new RunId(CommandIds.Derive("run-ahead", requested.Id.Value, attempt).Value), Mode = RunMode.Preview, ComparedTo = null },
            cancellation);
        bell.Ring();
        var began = clock.GetTimestamp();
        while (preview.Status == RunStatus.Running && clock.GetElapsedTime(began) < PreviewWithin)
        {
            await Task.Delay(BetweenLooks, clock, cancellation);
            preview = await store.Find(preview.Id, cancellation) ?? preview;
        }

        return preview;
    }

    private async Task<RunConfirmation> Found(BillingRun preview, CancellationToken cancellation)
    {
        var sums = await reading.Sums(preview.Id, cancellation);
        return new RunConfirmation(
            sums.Sum(sum => sum.Documents),
            [
                .. sums.GroupBy(sum => contexts.Settings.Issuers[sum.Issuer].Currency, sum => sum.TotalMinor)
                    .OrderBy(currency => currency.Key.Code, StringComparer.Ordinal)
                    .Select(currency => MoneyAmount.Of(currency.Sum(), currency.Key.Code)),
            ]);
    }

    private static string Words(RunConfirmation found) => string.Create(
        CultureInfo.InvariantCulture, $"{found.Count} documents over {string.Join(" and ", found.Sum.Select(sum => $"{sum.Amount} {sum.Currency}"))}");

    private static Dictionary<string, object?> More(BillingRun preview, RunConfirmation? found) => found is null
        ? new(StringComparer.Ordinal) { ["preview"] = preview.Id.Value }
        : new(StringComparer.Ordinal) { ["preview"] = preview.Id.Value, ["count"] = found.Count, ["sum"] = found.Sum };
}
