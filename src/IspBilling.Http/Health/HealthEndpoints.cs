using IspBilling.Http.Problems;
using IspBilling.Http.Security;
using IspBilling.Postgres.Migrations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace IspBilling.Http.Health;

/// <summary>For whoever watches the process: alive says it need not be restarted, ready says it may be sent requests.</summary>
internal static class HealthEndpoints
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", static () => TypedResults.Ok(new HealthView("live"))).OpenToAll().DisableRateLimiting().ExcludeFromDescription();
        routes.MapGet("/health/ready", Ready).OpenToAll().DisableRateLimiting().ExcludeFromDescription();
    }

    private static async Task<IResult> Ready(NpgsqlDataSource database, IHostApplicationLifetime lifetime, CancellationToken cancellation)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested) return NotReady("The engine is stopping.");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            return await MigrationSet.OfProgram.IsApplied(database, patience.Token)
                ? TypedResults.Ok(new HealthView("ready"))
                : NotReady("The database is not at this program's schema.");
        }
        catch (Exception away) when (away is NpgsqlException or OperationCanceledException)
        {
            return NotReady("The database cannot be reached.");
        }
    }

    private static IResult NotReady(string why) => Problem.Of(StatusCodes.Status503ServiceUnavailable, "not-ready", "Not ready.", why);
}

public sealed record HealthView(string Status);
