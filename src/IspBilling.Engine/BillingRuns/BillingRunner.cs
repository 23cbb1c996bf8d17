using System.Runtime.ExceptionServices;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Telemetry;

namespace IspBilling.Engine.BillingRuns;

public sealed record BillingRunnerOptions
{
    /// <summary>Accounts asked and not yet answered: while the first commit, the next decide.</summary>
    public int InHand { get; init; } = 8_192;

    /// <summary>The same while people wait for answers.</summary>
    public int CourteousInHand { get; init; } = 1_280;

    /// <summary>Into how many pages what is in hand is divided; only a page that is answered makes room for the next.</summary>
    public int Pages { get; init; } = 16;

    /// <summary>Accounts that are looked up together; their outcomes wait at most for so many to be saved.</summary>
    public int BatchSize { get; init; } = 2_048;

    /// <summary>Tells whether people wait; null when nobody can.</summary>
    public Courtesy? Courtesy { get; init; }

    internal int PageSizeNow => ((Courtesy is { IsDue: true } ? Math.Min(InHand, CourteousInHand) : InHand) + Pages - 1) / Pages;

    /// <summary>For one of several runners that work side by side on one machine.</summary>
    public BillingRunnerOptions Among(int runners) => this with { InHand = InHand / runners, CourteousInHand = CourteousInHand / runners };
}

/// <summary>
/// Bills every due account: pages by key, asks with a bounded number in hand, saves outcomes in order. Run again
/// after a crash it goes on behind the cursor; accounts billed but not yet recorded answer with their first reply.
/// </summary>
public sealed class BillingRunner(
    IAccounts accounts, IBillingRunStore store, LiveContext contexts, TimeProvider clock, BillingRunnerOptions options)
{
    /// <summary>How often an account that fails by itself is asked.</summary>
    private const int MaxAttempts = 3;

    /// <param name="Items">Outcomes in the order asked, up to the first account that failed.</param>
    private sealed record AskedPage(List<RunItem> Items, Exception? Failure);

    /// <param name="progress">Called after every save.</param>
    public async Task<BillingRun> Execute(BillingRun requested, Action<BillingRun>? progress, CancellationToken cancellation)
    {
        using var span = EngineTelemetry.Activities.StartActivity("billing.run");
        // One that was interrupted comes with what it had counted by then: it is not created once more.
        var run = await store.Find(requested.Id, cancellation) ?? await store.Create(requested, cancellation);
        if (run.Status == RunStatus.Finished) return run;
        run = run with { Status = RunStatus.Running, Failure = null };

        try
        {
            run = await WorkThrough(run, progress, cancellation);
        }
        catch (Exception failure) when (failure is not OperationCanceledException and not RunOvertakenException && !Outage.Is(failure))
        {
            // After an outage a run is as unfinished as after a crash and goes on like one; when another runner overtook this one, the run
            // goes on there. Anything else would fail again: a person resumes the run behind the page that was saved last.
            var saved = await store.Find(run.Id, cancellation) ?? run;
            await store.Finish(saved with { Status = RunStatus.Failed, Failure = failure.Message }, cancellation);
            throw;
        }

        run = run with { Status = RunStatus.Finished, FinishedAt = clock.GetUtcNow() };
        await store.Finish(run, cancellation);
        span?.SetTag("accounts", run.Counts.Accounts);
        return run;
    }

    private async Task<BillingRun> WorkThrough(BillingRun run, Action<BillingRun>? progress, CancellationToken cancellation)
    {
        var due = new DueAccounts(store, run, contexts.Settings.Catalogue.Revision, options.BatchSize, cancellation);
        var inFlight = new Queue<Task<AskedPage>>(options.Pages);
        var ended = new List<RunItem>(options.BatchSize);
        var saving = Task.CompletedTask;
        try
        {
            while (true)
            {
                while (inFlight.Count < options.Pages && await due.Take(options.PageSizeNow) is { Count: > 0 } page)
                    inFlight.Enqueue(AskPage(run, page, cancellation));
                if (inFlight.Count == 0) break;
                var answered = await inFlight.Peek();
                _ = inFlight.Dequeue();
                ended.AddRange(answered.Items);
                if (answered.Failure is { } failure) await FailBehindSaved(failure);
                // Outcomes are saved in order, and asking does not wait for it: what ends during a save is saved together after it.
                if (saving.IsCompleted || ended.Count >= options.BatchSize) await SaveEnded();
            }

            await SaveEnded();
            await saving;
        }
        finally
        {
            // Pages already asked end before the run does, well or badly; what they did is found again by a resumed run. It is waited
            // for where the run itself runs, so that a host with a thread of its own keeps everything on it.
            await Task.WhenAll([.. inFlight, saving, due.AtRest]).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        }

        return run;

        // While the database is away there is nowhere to save to; the accounts answer the same when the run goes on.
        async Task FailBehindSaved(Exception failure)
        {
            if (!Outage.Is(failure) && !cancellation.IsCancellationRequested)
            {
                await SaveEnded();
                await saving;
            }

            ExceptionDispatchInfo.Throw(failure);
        }

        async Task SaveEnded()
        {
            await saving;
            if (ended.Count == 0) return;
            run = Counted(run, ended);
            saving = Save(run, [.. ended], progress, cancellation);
            ended.Clear();
        }
    }

    private async Task Save(BillingRun run, RunItem[] items, Action<BillingRun>? progress, CancellationToken cancellation)
    {
        await store.SavePage(run, items, cancellation);
        progress?.Invoke(run);
    }

    /// <summary>Everybody is asked and has answered, or failed, when it returns. Up to the first one that failed, outcomes can be saved.</summary>
    private async Task<AskedPage> AskPage(BillingRun run, IReadOnlyList<AccountId> due, CancellationToken cancellation)
    {
        var bill = new Bill(run.Through, run.Id, run.Mode == RunMode.Preview);
        var asked = new Task<AccountReply>[due.Count];
        for (var i = 0; i < asked.Length; i++) asked[i] = accounts.Ask(due[i], RunQuestion.To(due[i], run, bill), cancellation).AsTask();
        // Whatever befalls one of them, the others have answered before anything else happens.
        await ((Task)Task.WhenAll(asked)).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        var items = new List<RunItem>(asked.Length);
        for (var i = 0; i < asked.Length; i++)
        {
            if (asked[i].IsFaulted) asked[i] = AskAgain(run, due[i], bill, asked[i].Exception!.InnerException!, cancellation);
            try
            {
                items.Add(RunQuestion.Outcome(due[i], await asked[i]));
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                return new AskedPage(items, failure);
            }
        }

        return new AskedPage(items, Failure: null);
    }

    /// <summary>An account that fails by itself is asked again under the same id: what happened the first time does not happen twice.</summary>
    private async Task<AccountReply> AskAgain(BillingRun run, AccountId account, Bill bill, Exception failure, CancellationToken cancellation)
    {
        for (var attempt = 2; attempt <= MaxAttempts && !Outage.Is(failure); attempt++)
        {
            EngineTelemetry.AccountUnanswered(account, failure);
            try
            {
                return await accounts.Ask(account, RunQuestion.To(account, run, bill), cancellation);
            }
            catch (Exception again) when (again is not OperationCanceledException)
            {
                failure = again;
            }
        }

        ExceptionDispatchInfo.Throw(failure);
        throw failure;
    }

    private static BillingRun Counted(BillingRun run, List<RunItem> items)
    {
        var counts = run.Counts;
        foreach (var item in items) counts = counts.With(item);
        foreach (var outcome in items.CountBy(item => item.Outcome)) EngineTelemetry.RunAccountsDone(outcome.Key.ToString(), outcome.Value);
        return run with { Cursor = items[^1].Account, Counts = counts };
    }
}
