using System.CommandLine;
using IspBilling.Hosting;
using IspBilling.Postgres.Audit;

namespace IspBilling.Api;

/// <summary><c>audit</c>: recomputes everything from the journal and names what is wrong; the exit code says whether something is.</summary>
internal static class AuditVerb
{
    public static Command Create()
    {
        var command = new Command("audit", "Checks the books: events, states, documents, postings, numbers, payments");
        command.SetAction((_, cancellation) => StartFailure.Guard(() => Audit(SettingsReader.Read(), cancellation)));
        return command;
    }

    private static async Task<int> Audit(HostSettings settings, CancellationToken cancellation)
    {
        using var logs = LoggerFactory.Create(logging => Telemetry.Configure(logging, settings));
        await using var database = await Database.OpenBeside(settings, logs, cancellation);
        return AuditConsole.Print(await LedgerAudit.Run(database.Source, progress: null, cancellation), Console.Out);
    }
}
