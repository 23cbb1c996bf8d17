using System.Net.Http.Json;
using System.Text.Json;
using IspBilling.Demo;
using IspBilling.Domain;
using IspBilling.FaultKit.Clients;

namespace IspBilling.FaultKit.Chaos;

/// <summary>
/// What an operator and a clerk do in a round: bill the next month for everybody and upload what was paid of the month before.
/// Both repeat their request under its key until it is answered, as a careful program does.
/// </summary>
/// <param name="began">The day on which the trial began: rounds count from it, also when midnight passes between them.</param>
internal sealed class MonthOfWork(EngineClient caller, EngineBooks books, DateOnly began, int round, Guid runBefore, string purpose)
{
    private const string FileType = "application/octet-stream";
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private byte[] _file = [];
    private object? _confirm;

    /// <summary>Movements in the file.</summary>
    public int Entries { get; private set; }

    private string FileName => $"{purpose}-{round}.gpc";

    /// <summary>Writes the file.</summary>
    public async Task Prepare() => _file = await Statement();

    /// <summary>Starts both; ends when both requests have been answered.</summary>
    public Task Ask() => Task.WhenAll(Bill(), UntilAnswered(Upload));

    /// <summary>Later rounds bill further ahead than anybody does unasked: what the engine says they come to is confirmed.</summary>
    public async Task Bill()
    {
        var attempt = await UntilAnswered(StartRun);
        if (!attempt.WantsConfirmation) return;
        var refused = JsonDocument.Parse(attempt.Body!).RootElement;
        _confirm = new { count = refused.GetProperty("count"), sum = refused.GetProperty("sum") };
        await UntilAnswered(StartRun);
    }

    /// <summary>Whether both are still at it.</summary>
    public async Task<(bool Run, bool Import)> UnderWay() => (
        await books.Count("billing_runs WHERE status = 0") > 0,
        Entries > 0 && await books.Count($"statement_imports WHERE file_name = '{FileName}' AND finished_at IS NOT NULL") == 0);

    /// <summary>The run's id, and that it billed everybody once; what is wrong otherwise.</summary>
    public async Task<(Guid Run, List<string> Problems)> Check(int clients)
    {
        var problems = new List<string>();
        var runs = await books.RunsThrough(Through);
        if (runs.Count != 1) problems.Add($"{runs.Count} runs through {Through:yyyy-MM-dd} instead of one");
        var run = runs is [var first, ..] ? first : Guid.Empty;
        await Expect("runs that failed", $"billing_runs WHERE id = '{run}' AND status <> 1", 0);
        await Expect("accounts dealt with", $"billing_run_items WHERE run = '{run}'", clients);
        await Expect("invoices of the run", $"documents WHERE run = '{run}' AND kind = 0", clients);
        await Expect("clients with an invoice of the run", $"(SELECT DISTINCT account_id FROM documents WHERE run = '{run}' AND kind = 0) billed", clients);
        if (Entries > 0)
        {
            var ofFile = $"statement_entries e JOIN statement_imports i ON i.id = e.import_id WHERE i.file_name = '{FileName}'";
            await Expect("imports of the file", $"statement_imports WHERE file_name = '{FileName}'", 1);
            await Expect("movements of the file", ofFile, Entries);
            await Expect("movements without an end", $"{ofFile} AND e.state = 0", 0);
        }

        await Expect("payments booked twice", "(SELECT entry FROM payments GROUP BY entry HAVING count(*) > 1) twice", 0);
        return (run, problems);

        async Task Expect(string what, string from, long expected)
        {
            var found = await books.Count(from);
            if (found != expected) problems.Add($"round {round}: {what}: {found} instead of {expected}");
        }
    }

    private DateOnly Through => SeededProvider.MonthOf(began).AddMonths(round);

    private Task<HttpRequestMessage> StartRun() => Task.FromResult(new HttpRequestMessage(HttpMethod.Post, "/v1/billing-runs")
    {
        Content = JsonContent.Create(new { mode = "issue", through = $"{Through:yyyy-MM-dd}", confirm = _confirm }),
        Headers = { { "Idempotency-Key", $"{purpose}-run-{round}{(_confirm is null ? "" : "-confirmed")}" } },
    });

    private Task<HttpRequestMessage> Upload()
    {
        var content = new ByteArrayContent(_file);
        content.Headers.ContentType = new(FileType);
        return Task.FromResult(new HttpRequestMessage(HttpMethod.Post, $"/v1/statements?fileName={FileName}")
        {
            Content = content,
            Headers = { { "Idempotency-Key", $"{purpose}-import-{round}" } },
        });
    }

    /// <summary>Each round has a day of its own, so that its movements are not those of another round.</summary>
    private async Task<byte[]> Statement()
    {
        var day = began.AddDays(-round);
        var movements = DemoPayments.For(await books.InvoicesOf(runBefore), day, seed: round).ToList();
        Entries = movements.Count;
        using var file = new MemoryStream();
        await DemoStatement.Write(file, day, movements, CancellationToken.None);
        return file.ToArray();
    }

    private async Task<Attempt> UntilAnswered(Func<Task<HttpRequestMessage>> request)
    {
        using var limit = new CancellationTokenSource(Limit);
        for (var isRepeated = false; ; isRepeated = true)
        {
            using var message = await request();
            var attempt = await caller.Send(message, isRepeated);
            // Also what should never be answered is asked again: the tally has it, and the round is to end.
            if ((int?)attempt.Status < 500 && !attempt.IsPreviewed) return attempt;
            await Task.Delay(RetryPause, limit.Token);
        }
    }
}
