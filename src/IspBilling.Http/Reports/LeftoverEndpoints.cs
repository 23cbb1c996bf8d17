using IspBilling.Access.Rights;
using IspBilling.Desk.Checks;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Reports;

internal static class LeftoverEndpoints
{
    public static void MapLeftovers(this RouteGroupBuilder v1) => v1.MapGet("/checks/leftovers", View).WithTags("Reports").RequireRight(Right.ReadReports)
        .Named("listLeftovers", "What an earlier release accepted and would be refused today").Answers<LeftoverView>(200).MayFail();

    private static async Task<Ok<LeftoverView>> View(Leftovers leftovers, CancellationToken cancellation) => TypedResults.Ok(await leftovers.View(cancellation));
}
