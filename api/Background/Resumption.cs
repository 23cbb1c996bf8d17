using IspBilling.Engine.Accounts;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Api.Background;

/// <summary>
/// Completes what a crash or an outage of the database interrupted: entries of files read in full but not booked, and clerks'
/// assignments half done.
/// </summary>
internal sealed class Resumption(
    IStatementImportStore store, StatementImporter importer, ImportsUnderWay underWay, ClerkDesk desk, TimeProvider clock, ILogger<Resumption> log)
    : BackgroundService
{
    /// <summary>Looking costs a query on a table with a row per file.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    /// <summary>An assignment that a parked account holds up goes on once someone has mended the account: looked at every ten minutes.</summary>
    private const int LooksPerDesk = 60;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var look = 0; ; look++)
        {
            await Attempt(MatchUnfinished, stoppingToken);
            if (look % LooksPerDesk == 0 && !await Attempt(desk.Resume, stoppingToken)) look--;
            await Task.Delay(Every, clock, stoppingToken);
        }
    }

    private async Task MatchUnfinished(CancellationToken cancellation)
    {
        foreach (var import in await store.Unfinished(cancellation))
        {
            // One that cannot be booked, for whatever reason, is not to keep the others from it.
            await Attempt(matching => Match(import, matching), cancellation);
        }
    }

    private async Task Match(StatementImport import, CancellationToken cancellation)
    {
        using var work = underWay.Begin(import.Id);
        if (work is null) return;

        // Between the list and this moment its uploader may have finished it.
        if (await store.Find(import.Id, cancellation) is not { Status: ImportStatus.Matching } unfinished) return;
        log.LogInformation("Statement {File} is booked on.", import.FileName);
        await importer.Match(unfinished, cancellation);
    }

    /// <summary>False when it is to be tried again.</summary>
    private async Task<bool> Attempt(Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        try
        {
            await work(cancellation);
            return true;
        }
        catch (Exception failure) when (failure is not OperationCanceledException and not HostStoppingException)
        {
            log.LogError(failure, "What was interrupted is not completed yet.");
            return false;
        }
    }
}
