using IspBilling.Domain;
using IspBilling.Engine.Journal;
using IspBilling.Simulation.Hosting;
using IspBilling.Simulation.Running;

namespace IspBilling.Simulation.Faults;

/// <summary>The journal as one process sees it over a network that loses what it likes, until the process dies.</summary>
public sealed class FaultyJournal(IJournal journal, Node node, Loop loop, Weather weather) : IJournal
{
    public async ValueTask<LoadedAccount> Load(AccountId account, CommandId asking, bool bulk, CancellationToken cancellation)
    {
        await Way();
        weather.ThrowWhenStruck(Fault.LoadFailed, weather.Plan.LoadFails);
        var loaded = await journal.Load(account, asking, bulk, cancellation);
        await Way();
        return loaded;
    }

    public async ValueTask<(AccountReply? Reply, long Version)> FindReply(AccountId account, CommandId command, CancellationToken cancellation)
    {
        await Way();
        weather.ThrowWhenStruck(Fault.LoadFailed, weather.Plan.LoadFails);
        return await journal.FindReply(account, command, cancellation);
    }

    public async ValueTask<AppendResult> Append(AccountCommit commit, CancellationToken cancellation)
    {
        node.RequireAlive();
        await loop.Wait();
        // What a process sent before it died may still arrive.
        if (!node.IsAlive && weather.Strikes(Fault.CrashBeforeCommit, 0.5)) throw new ProcessDiedException();
        weather.ThrowWhenStruck(Fault.CommitFailed, weather.Plan.CommitFails);

        var result = await journal.Append(commit, cancellation);
        var wasAlive = node.IsAlive;
        if (wasAlive) await loop.Wait();
        if (!node.IsAlive)
        {
            if (result is AppendResult.Committed) weather.Counts.Fired(Fault.CrashAfterCommit);
            throw new ProcessDiedException();
        }

        if (result is AppendResult.VersionConflict) weather.Counts.Fired(Fault.VersionConflict);
        if (result is AppendResult.DateBeforeSeries) weather.Counts.Fired(Fault.PassedMidnight);
        if (result is AppendResult.Committed) weather.ThrowWhenStruck(Fault.CommitReplyLost, weather.Plan.CommitReplyLost);
        return result;
    }

    public async ValueTask Park(AccountId account, string command, string reason, DateTimeOffset at, CancellationToken cancellation)
    {
        await Way();
        await journal.Park(account, command, reason, at, cancellation);
        weather.Counts.Fired(Fault.Parked);
    }

    public async ValueTask Unpark(AccountId account, CancellationToken cancellation)
    {
        await Way();
        await journal.Unpark(account, cancellation);
    }

    private async Task Way()
    {
        node.RequireAlive();
        await loop.Wait();
        node.RequireAlive();
    }
}
