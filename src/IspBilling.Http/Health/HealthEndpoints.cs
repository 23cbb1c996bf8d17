using System.Text.Json.Serialization;
using IspBilling.Documents.Rendering;
using IspBilling.Http.Problems;
using IspBilling.Http.Security;
using IspBilling.Postgres.Migrations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
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

    /// <remarks>Without the renderer a node does everything but print, so it is ready and says what it lacks. A worker prints nothing.</remarks>
    private static async Task<IResult> Ready(
        NpgsqlDataSource database, IHostApplicationLifetime lifetime, IServiceProvider services, CancellationToken cancellation)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested) return NotReady("The engine is stopping.");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            if (!await MigrationSet.OfProgram.IsApplied(database, patience.Token)) return NotReady("The database is not at this program's schema.");
            var canPrint = services.GetService<IInvoiceRenderer>() is not { } renderer || await renderer.MissingAsync(patience.Token) is null;
            return TypedResults.Ok(new HealthView("ready") { Lacks = canPrint ? null : ["the PDF renderer"] });
        }
        catch (Exception away) when (away is NpgsqlException or OperationCanceledException)
        {
            return NotReady("The database cannot be reached.");
        }
    }

    private static IResult NotReady(string why) => Problem.Of(StatusCodes.Status503ServiceUnavailable, "not-ready", "Not ready.", why);
}

public sealed record HealthView(string Status)
{
    /// <summary>What is not installed, so that something does not work; null when everything does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Lacks { get; init; }
}
