using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Telemetry;

namespace IspBilling.Engine.BillingRuns;

/// <summary>How far the turns of a day have come.</summary>
public interface IDayTurns
{
    /// <summary>Whether the account's turn of today has passed and can no longer be expected.</summary>
    bool HasPassed(AccountId account);

    /// <summary>Whether the day's last turn has passed.</summary>
    bool AreOver(DateOnly day);
}

/// <summary>
/// Bills accounts whose issuer bills by reminder, and completes the run of a day. Two moments can lose an outcome, and both are found by a
/// later look: an account that got no turn is still due by its date, and one that billed before a crash has a document that names the run.
/// </summary>
public sealed class DailyRuns(IBillingRunStore runs, IDailyRunStore days, LiveContext contexts, TimeProvider clock)
{
    private const int PageSize = 1_024;

    /// <summary>An account may fall due while others are asked. Whoever still does after so many passes is left to the next look.</summary>
    private const int PassesPerLook = 4;

    /// <summary>During the day, who is due without a turn is found by walking through all accounts: issuing an invoice need not keep an index for it.</summary>
    private static readonly TimeSpan BetweenWalks = TimeSpan.FromHours(1);

    private readonly Dictionary<RunId, Walk> _walks = [];

    private readonly record struct Walk(DateTimeOffset At, bool AfterLastTurn);

    /// <summary>Has one account bill what is due in its turn. It waits for tomorrow when the day's run has ended.</summary>
    /// <param name="ask">Asks the account.</param>
    public async Task Bill(AccountState state, Func<Envelope, ValueTask<AccountReply>> ask, CancellationToken cancellation)
    {
        var now = contexts.Now();
        if (!DailyRun.IsDue(state, now.Context)) return;
        // The run is stored before a document can name it, so that whoever finds the one finds the other.
        var run = await Begun(DailyRun.Of(state.RequiredProfile.Issuer, now.Context.Today, now.Instant), cancellation);
        if (run.Status != RunStatus.Open) return;
        var reply = await ask(RunQuestion.To(state.Id, run));
        await days.Record(run.Id, [RunQuestion.Outcome(state.Id, reply)], cancellation);
    }

    /// <summary>Finds what turns have missed, and finishes runs whose day is over. One look at a time.</summary>
    /// <returns>How many accounts were asked.</returns>
    public async Task<int> Look(IAccounts accounts, IDayTurns turns, CancellationToken cancellation)
    {
        var asked = 0;
        foreach (var run in await Unended(cancellation)) asked += await Look(run, accounts, turns, cancellation);
        return asked;
    }

    /// <summary>Runs that are open, and those of today that no account has begun yet.</summary>
    private async Task<List<BillingRun>> Unended(CancellationToken cancellation)
    {
        var now = contexts.Now();
        var unended = (await days.Open(cancellation)).ToList();
        foreach (var issuer in now.Context.Issuers.Values.Where(issuer => issuer.Billing == IssuerBilling.ByReminder).OrderBy(issuer => issuer.Id.Value))
        {
            var today = DailyRun.Of(issuer.Id, now.Context.Today, now.Instant);
            if (unended.TrueForAll(run => run.Id != today.Id) && await runs.Find(today.Id, cancellation) is null) unended.Add(today);
        }

        foreach (var ended in _walks.Keys.Except(unended.Select(run => run.Id)).ToList()) _walks.Remove(ended);
        return unended;
    }

    private async Task<int> Look(BillingRun run, IAccounts accounts, IDayTurns turns, CancellationToken cancellation)
    {
        var isOver = turns.AreOver(run.Through);
        if (!IsTimeToWalk(run, isOver)) return 0;
        var withDue = DailyRun.BillsByReminder(run.Filter.Issuer!.Value, contexts.Now().Context);
        var asked = 0;
        for (var pass = 0; pass < PassesPerLook; pass++)
        {
            var (found, unanswered) = await Walked(run, withDue, isOver ? null : turns.HasPassed, accounts, cancellation);
            asked += found;
            if (unanswered > 0) return asked;
            if (found > 0 && isOver) continue;
            _walks[run.Id] = new Walk(clock.GetUtcNow(), isOver);
            if (isOver) await End(run, withDue, cancellation);
            break;
        }

        return asked;
    }

    /// <summary>A run whose day is over is worked on until it has ended. As long as nothing of a day is known to be due, an hour goes by between walks.</summary>
    private bool IsTimeToWalk(BillingRun run, bool isOver)
    {
        if (!_walks.TryGetValue(run.Id, out var last)) return true;
        return clock.GetUtcNow() >= last.At + BetweenWalks || (isOver && !last.AfterLastTurn);
    }

    /// <summary>Walks through all accounts once and asks those that have no outcome.</summary>
    /// <param name="hasPassed">Null when nobody's turn is to be waited for.</param>
    private async Task<(int Found, int Unanswered)> Walked(
        BillingRun run, bool withDue, Func<AccountId, bool>? hasPassed, IAccounts accounts, CancellationToken cancellation)
    {
        var (found, unanswered, after) = (0, 0, default(AccountId));
        while (await days.UnrecordedAfter(run, withDue, after, PageSize, cancellation) is { Count: > 0 } page)
        {
            after = page[^1];
            var missed = hasPassed is null ? page : [.. page.Where(hasPassed)];
            if (missed.Count == 0) continue;
            found += missed.Count;
            unanswered += missed.Count - await AskAndRecord(await Begun(run, cancellation), missed, accounts, cancellation);
        }

        return (found, unanswered);
    }

    /// <returns>How many answered.</returns>
    private async Task<int> AskAndRecord(BillingRun run, IReadOnlyList<AccountId> missed, IAccounts accounts, CancellationToken cancellation)
    {
        var answers = await Task.WhenAll(missed.Select(account => Ask(run, account, accounts, cancellation)));
        List<RunItem> items = [.. answers.OfType<RunItem>()];
        if (items.Count > 0) await days.Record(run.Id, items, cancellation);
        return items.Count;
    }

    /// <summary>Null when the account cannot be reached. It holds up nobody else, and the run stays open until it has answered.</summary>
    private static async Task<RunItem?> Ask(BillingRun run, AccountId account, IAccounts accounts, CancellationToken cancellation)
    {
        try
        {
            return RunQuestion.Outcome(account, await accounts.Ask(account, RunQuestion.To(account, run), cancellation));
        }
        catch (Exception failure) when (failure is not OperationCanceledException && !Outage.Is(failure))
        {
            EngineTelemetry.AccountUnanswered(account, failure);
            return null;
        }
    }

    /// <summary>The run as it is stored, which it is from now on.</summary>
    private async Task<BillingRun> Begun(BillingRun run, CancellationToken cancellation) =>
        await runs.Find(run.Id, cancellation) ?? await runs.Create(run, cancellation);

    private async Task End(BillingRun run, bool withDue, CancellationToken cancellation)
    {
        if (await runs.Find(run.Id, cancellation) is not { Status: RunStatus.Open } open) return;
        var isLeftToAPerson = !withDue && await days.UnrecordedAfter(run, withDue: true, default, max: 1, cancellation) is { Count: > 0 };
        await runs.Finish(
            isLeftToAPerson
                ? open with { Status = RunStatus.Failed, Failure = "The issuer bills by run now: what is still due waits for a billing run." }
                : open with { Status = RunStatus.Finished, FinishedAt = clock.GetUtcNow() },
            cancellation);
    }
}
