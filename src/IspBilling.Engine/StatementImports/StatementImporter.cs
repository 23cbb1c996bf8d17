using IspBilling.Engine.Accounts;
using IspBilling.Engine.Telemetry;

namespace IspBilling.Engine.StatementImports;

public sealed record StatementImporterOptions
{
    /// <summary>Entries looked up and recorded together.</summary>
    public int PageSize { get; init; } = 4_096;
}

/// <summary>Who books the entries of a file that was read in full: this process, or whichever machine of a cluster is to.</summary>
public interface IStatementBooking
{
    /// <summary>Books what is pending; also after a crash.</summary>
    Task<StatementImport> Match(StatementImport import, CancellationToken cancellation);
}

/// <summary>
/// Reads a statement to its end, then books its entries. Every entry ends in exactly one state; the same file twice, or two that
/// overlap, change nothing the second time; a crash is resumed from the entries still pending.
/// </summary>
public sealed class StatementImporter(
    IAccountBatches accounts, IStatementImportStore store, TimeProvider clock, StatementImporterOptions options) : IStatementBooking
{
    /// <summary>One whose outcomes are being recorded, and one that is being booked.</summary>
    private const int PagesUnderWay = 2;

    /// <exception cref="StatementFormatException">Nothing of the file is booked.</exception>
    public async Task<StatementImport> Import(StatementImport import, IAsyncEnumerable<StatementItem> items, CancellationToken cancellation)
    {
        var staged = await store.Stage(import, items, cancellation);
        return await Match(staged, cancellation);
    }

    /// <summary>Books what is pending of a file that was read in full; also after a crash.</summary>
    public Task<StatementImport> Match(StatementImport import, CancellationToken cancellation) => Match(import, after: 0, _ => Task.CompletedTask, cancellation);

    /// <summary>The same for a caller who remembers how far the import was, and of whom there may be two.</summary>
    /// <param name="after">Every entry up to this one is recorded.</param>
    /// <param name="recorded">
    /// Told how far everything is: when a page has been recorded, and again before accounts are asked about a page and before its outcomes are
    /// recorded. It fails when another caller has gone on with the import meanwhile: what that one asks and records stands.
    /// </param>
    /// <remarks>
    /// As if entry by entry, so that it does not matter where a file was cut in two: each account books in the order of the file,
    /// an inference rests on earlier days and those are booked by then, and so is whatever a reversal may take back.
    /// <code>
    /// read      1 2 · 3 ·  4 ·
    /// book        1 · 2 ·  3 ·
    /// record          1 ·  2 ·    a page is booked when the one before the last is recorded
    /// </code>
    /// </remarks>
    public async Task<StatementImport> Match(StatementImport import, long after, Func<long, Task> recorded, CancellationToken cancellation)
    {
        using var span = EngineTelemetry.Activities.StartActivity("statement.match");
        await recorded(after);
        var matching = new Matching(accounts, store, import, await store.BookedAlready(import.Id, options.PageSize * PagesUnderWay, cancellation));
        var (reading, recording) = (Read(after), Task.CompletedTask);
        try
        {
            while (await reading is { Entries: [.., var last] } page)
            {
                reading = Read(last.Id);
                await recorded(after);
                var outcomes = await matching.Book(page, cancellation);
                await recording;
                recording = Record(outcomes, last.Id);
            }

            await recording;
            if (import.Counts.Suspense > 0 || import.Counts.AlreadyKnown > 0) await new LaterTellings(store).Consider(import.Id, cancellation);
        }
        finally
        {
            // What failed here is told; neither goes on behind the caller's back.
            await Task.WhenAll(reading, recording).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        return await store.Finish(import.Id, clock.GetUtcNow(), cancellation);

        Task<ImportPage> Read(long behind) => ImportPage.Read(store, import.Id, behind, options.PageSize, cancellation);

        async Task Record(List<EntryOutcome> outcomes, long last)
        {
            await recorded(after);
            await store.Resolve(import.Id, outcomes, cancellation);
            foreach (var state in outcomes.CountBy(outcome => outcome.State)) EngineTelemetry.EntriesDone(state.Key.ToString(), state.Value);
            await recorded(last);
            after = last;
        }
    }
}
