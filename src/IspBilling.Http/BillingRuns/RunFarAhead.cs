using System.Globalization;
using IspBilling.Desk.Runs;
using IspBilling.Domain;
using IspBilling.Engine.BillingRuns;
using IspBilling.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace IspBilling.Http.BillingRuns;

/// <summary>Says why a run far ahead does not begin.</summary>
internal static class RunFarAhead
{
    /// <summary>Null when it may begin.</summary>
    public static IResult? Objection(BillingRun requested, RunConfirmation? confirmed, LookAhead look)
    {
        if (look.MayBegin) return null;
        if (look.Found is not { } found)
        {
            return Problem.Of(
                StatusCodes.Status409Conflict, "preview-unfinished", "What the run would issue is not known yet.",
                $"Preview {look.Preview} goes on; send the same request with the same Idempotency-Key again.", More(look.Preview, found: null));
        }

        return confirmed is null
            ? Problem.Of(
                StatusCodes.Status422UnprocessableEntity, "run-far-ahead", "The run reaches beyond the first day of next month.",
                string.Create(CultureInfo.InvariantCulture, $"Through {requested.Through:yyyy-MM-dd} it would issue {Words(found)}. Send it with confirm, naming count and sum, to issue them."),
                More(look.Preview, found))
            : Problem.Of(
                StatusCodes.Status409Conflict, "run-changed", "The run would issue something else than was confirmed.",
                $"It would issue {Words(found)} now.", More(look.Preview, found));
    }

    private static string Words(RunFindings found) =>
        string.Create(CultureInfo.InvariantCulture, $"{found.Documents} {(found.Documents == 1 ? "document" : "documents")} over {string.Join(" and ", found.Sums)}");

    private static Dictionary<string, object?> More(RunId preview, RunFindings? found)
    {
        var more = new Dictionary<string, object?>(StringComparer.Ordinal) { ["preview"] = preview.Value };
        if (found is null) return more;
        var confirmation = RunConfirmation.Of(found);
        (more["count"], more["sum"]) = (confirmation.Count, confirmation.Sum);
        return more;
    }
}
