using IspBilling.Engine.Accounts;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Api.Background;

/// <summary>Completes what a crash interrupted: entries of files read in full but not booked, and clerks' assignments half done.</summary>
internal sealed class Resumption(
    IStatementImportStore store, StatementImporter importer, ClerkDesk desk, TimeProvider clock, ILogger<Resumption> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Attempt(MatchUnfinished, stoppingToken);
        while (true)
        {
            // An assignment that a parked account holds up goes on once someone has mended the account.
            await Attempt(desk.Resume, stoppingToken);
            await Task.Delay(Every, clock, stoppingToken);
        }
    }

    private async Task MatchUnfinished(CancellationToken cancellation)
    {
        foreach (var import in await store.Unfinished(cancellation))
        {
            log.LogInformation("Statement {File} is booked on.", import.FileName);
            await importer.Match(import, cancellation);
        }
    }

    private async Task Attempt(Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        try
        {
            await work(cancellation);
        }
        catch (Exception failure) when (failure is not OperationCanceledException and not HostStoppingException)
        {
            log.LogError(failure, "What was interrupted is not completed yet.");
        }
    }
}
