using System.Globalization;
using IspBilling.Banking;
using IspBilling.Demo;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.StatementImports;
using IspBilling.Hosting;
using IspBilling.Http.BillingRuns;
using IspBilling.Postgres.Reading;
using IspBilling.Postgres.Settings;
using Npgsql;

namespace IspBilling.Api.Demo;

/// <summary>
/// A whole month on a made-up provider: clients in, invoices out, payments matched. Every step carries an id derived from the
/// month, so that starting the demo again in the same month changes nothing and shows the same.
/// </summary>
internal sealed class DemoMonth(
    NpgsqlDataSource database, IAccounts accounts, LiveContext contexts, IStatementImportStore imports, IStatementBooking booking,
    IBillingRunStore runs, RunBell bell, TimeProvider clock)
{
    private const int Clients = 2_000;
    private const int Seed = 2026;
    private static readonly Actor By = Actor.System("demo");
    private const string Mark = "demo";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <exception cref="StartFailedException">The database holds clients that are not the demo's.</exception>
    public async Task<DemoOutcome> Play(string directory, CancellationToken cancellation)
    {
        await RequireOwnDatabase(cancellation);
        var settings = new SettingsStore(database);
        var tariffs = await DemoSettings.Put(settings, clock.GetUtcNow(), cancellation);
        contexts.Replace(await settings.Load(cancellation));

        var today = contexts.Today;
        var month = new DateOnly(today.Year, today.Month, 1);
        var seeding = new DemoSeeding(accounts, new ClientDirectory(database).GetOrCreateMany, tariffs);
        await seeding.Push(DemoClients.Generate(new DemoPopulation(Clients, Seed, month)), progress: null, cancellation);
        var run = await BillMonth(month, today, cancellation);
        var file = await WriteStatement(directory, month, today, cancellation);
        var import = await Import(file, month, cancellation);
        return new DemoOutcome(run, import, file, await new InvoiceReading(database).FirstNumber(cancellation));
    }

    private async Task RequireOwnDatabase(CancellationToken cancellation)
    {
        if (!await new SettingsStore(database).ClaimForDemo(cancellation))
            throw new StartFailedException("This database already holds clients that are not the demo's. Start without --demo, or with another .data folder.");
    }

    private async Task<BillingRun> BillMonth(DateOnly month, DateOnly today, CancellationToken cancellation)
    {
        var id = new RunId(IdOf("run", month));
        await runs.Create(
            new BillingRun(
                id, RunMode.Issue, today, RunFilter.Everyone, ComparedTo: null, By,
                clock.GetUtcNow(), FinishedAt: null, RunStatus.Running, default, RunCounts.None, Failure: null),
            cancellation);
        bell.Ring();
        while (true)
        {
            if (await runs.Find(id, cancellation) is { Status: not RunStatus.Running } ended) return ended;
            await Task.Delay(Look, clock, cancellation);
        }
    }

    private async Task<string> WriteStatement(string directory, DateOnly month, DateOnly today, CancellationToken cancellation)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(directory);
        else Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var file = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"statement-{month:yyyy-MM}.gpc"));
        if (File.Exists(file)) return file;
        var entries = DemoPayments.For(await PayableInvoices(cancellation), today, Seed).ToList();

        // Under its name only when it is whole: a statement cut short would be refused.
        var unfinished = file + ".part";
        await using (var stream = File.Create(unfinished)) await DemoStatement.Write(stream, today, entries, cancellation);
        File.Move(unfinished, file, overwrite: true);
        return file;
    }

    private async Task<List<PayableInvoice>> PayableInvoices(CancellationToken cancellation)
    {
        var invoices = await new InvoiceReading(database).ToBePaid(cancellation);
        return [.. invoices.Select(invoice => new PayableInvoice(invoice.Symbol, invoice.Total))];
    }

    private async Task<StatementImport> Import(string file, DateOnly month, CancellationToken cancellation)
    {
        await using var stream = File.OpenRead(file);
        var opened = await StatementReaders.Open(
            stream, Path.GetFileName(file), new StatementReaderOptions { OwnAccounts = [DemoProvider.BankAccount] }, cancellation);
        var request = new StatementImport(
            new ImportId(IdOf("import", month)), Path.GetFileName(file), opened.Format, By, clock.GetUtcNow(), FinishedAt: null,
            ImportStatus.Reading, ImportCounts.None, [], Refusal: null);
        var import = await imports.Find(request.Id, cancellation) ?? await imports.Stage(request, opened.Items, cancellation);
        return import.Status == ImportStatus.Matching ? await booking.Match(import, cancellation) : import;
    }

    private static Guid IdOf(string what, DateOnly month) =>
        CommandIds.Derive("demo-" + what, month.ToString("yyyy-MM", CultureInfo.InvariantCulture)).Value;
}

/// <param name="File">The statement that was written and imported.</param>
/// <param name="ExampleNumber">Number of an invoice to look at.</param>
internal sealed record DemoOutcome(BillingRun Run, StatementImport Import, string File, string? ExampleNumber);
