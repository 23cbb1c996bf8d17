using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Coordination;
using IspBilling.Engine.Reviews;
using IspBilling.Engine.StatementImports;
using IspBilling.Simulation.Faults;

namespace IspBilling.Simulation.Hosting;

/// <summary>Calls from node to node, and what befalls them on the way.</summary>
public sealed partial class Cluster
{
    internal async ValueTask<AccountReply> Ask(Node from, AccountId account, Envelope envelope)
    {
        from.RequireAlive();
        _around.Witness.Asked(account, envelope);
        var earlier = _underWay.GetValueOrDefault(account);
        _underWay[account] = earlier + 1;
        try
        {
            if (Weather.Strikes(Weather.Plan.Reordered))
            {
                if (earlier > 0) Weather.Counts.Fired(Fault.Reordered);
                await Loop.Wait();
            }

            if (Weather.Strikes(Fault.Duplicated, Weather.Plan.Duplicated)) Repeat(account, envelope, Loop.Wait);
            var since = _around.Witness.Moment;
            var reply = (await Deliver(from, account, QueuedTurn.Asking(envelope)))!;
            _around.Witness.Answered(account, envelope, reply, since);
            from.RequireAlive();
            Weather.ThrowWhenStruck(Fault.AnswerLost, Weather.Plan.AnswerLost);
            return reply;
        }
        catch (Exception failure) when (!IsFault(failure))
        {
            // Told here, because a job may go on as if the account were merely out of reach.
            Loop.Broke($"{envelope.Command.GetType().Name} of {account}", failure);
            throw;
        }
        finally
        {
            _underWay[account]--;
        }
    }

    internal async Task CatchUp(Node from, AccountId account)
    {
        WitnessErrands(account);
        await Deliver(from, account, QueuedTurn.CatchingUp());
    }

    internal async Task<AccountReply[][]> Book(Node from, int shard, AccountBatch[] batches)
    {
        var home = HomeOf(from, $"booking {shard}", nodes => HomeOfShard(nodes, shard));
        foreach (var (account, envelope) in CommandsOf(batches)) _around.Witness.Asked(account, envelope);
        if (Weather.Strikes(Fault.Duplicated, Weather.Plan.Duplicated)) Loop.Begin("repeated booking", () => IgnoreFault(() => _network.Call(from, home, () => home.Parts.Booking.Book(batches))));
        var since = _around.Witness.Moment;
        var replies = await _network.Call(from, home, () => home.Parts.Booking.Book(batches));
        foreach (var (asked, reply) in CommandsOf(batches).Zip(replies.SelectMany(ofBatch => ofBatch))) _around.Witness.Answered(asked.Account, asked.Envelope, reply, since);
        Weather.ThrowWhenStruck(Fault.AnswerLost, Weather.Plan.AnswerLost);
        return replies;
    }

    internal async Task<ShardProgress> Continue(Node from, RunId run, AccountShard shard, bool again)
    {
        var name = $"shard {shard.Number} of run {run.Value:N}";
        var home = HomeOf(from, name, nodes => HomeOfShard(nodes, shard.Number));
        var progress = await _network.Call(from, home, async () =>
            (await home.Coordinator<RunShard>(name, () => WorkingOff(home, name, run, shard.Number))).Continue(shard.Of, again));
        Weather.ThrowWhenStruck(Fault.AnswerLost, Weather.Plan.AnswerLost);
        return progress;
    }

    internal async Task<string?> Continue(Node from, ImportId import)
    {
        var name = $"import {import.Value:N}";
        var home = HomeOf(from, name, Dice.Pick);
        return await _network.Call(from, home, async () =>
            (await home.Coordinator<ImportCoordinator>(name, () => Task.FromResult<object>(Importing(home, name, import)))).Continue());
    }

    /// <summary>An answer that was lost, or a node that is away: asked again, somebody answers.</summary>
    internal static bool IsAway(Node from, Exception failure) =>
        from.IsAlive && failure is ProcessDiedException or UnreachableException { Fault: Fault.AnswerLost or Fault.Partitioned };

    /// <summary>Sends a command once more; nobody waits for the answer, but it has to be the same.</summary>
    private void Repeat(AccountId account, Envelope envelope, Func<Task> later) => Loop.Begin($"repeated {envelope.Command.GetType().Name} of {account}", async () =>
    {
        await later();
        await IgnoreFault(async () =>
        {
            var since = _around.Witness.Moment;
            var reply = await Deliver(AnyNode(), account, QueuedTurn.Asking(envelope));
            _around.Witness.Answered(account, envelope, reply!, since);
        });
    });

    private async Task IgnoreFault(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception unknown) when (IsFault(unknown))
        {
            _around.Trace.Add($"nobody hears of: {unknown.Message}");
        }
    }

    private Task<AccountReply?> Deliver(Node from, AccountId account, QueuedTurn letter)
    {
        var home = HomeOf(from, Node.NameOf(account), nodes => HomeOfShard(nodes, AccountShard.NumberOf(account, _shards)));
        if (_nodes.Count > 1 && Weather.Strikes(Fault.SecondActivation, Weather.Plan.SecondActivation)) home = Dice.Pick([.. _nodes.Where(node => node != home)]);
        return _network.Call(from, home, () =>
        {
            home.MailboxOf(account, () => Wake(home, account)).Post(letter);
            return letter.Answer;
        });
    }

    /// <summary>An account takes its turn today, or tomorrow if midnight is near: what it then asks itself is known.</summary>
    private void WitnessErrands(AccountId account)
    {
        var now = _around.Clock.GetUtcNow();
        Witness(DateOnly.FromDateTime(now.UtcDateTime));
        if (now.Hour >= LateHour) Witness(DateOnly.FromDateTime(now.UtcDateTime).AddDays(1));

        void Witness(DateOnly day)
        {
            _around.Witness.Asked(account, ReviewPump.Question(account, day));
            foreach (var issuer in _contexts.Settings.Issuers.Keys) _around.Witness.Asked(account, BillOfDay(issuer, account, day));
        }
    }

    private static Envelope BillOfDay(IssuerId issuer, AccountId account, DateOnly day)
    {
        var run = DailyRun.IdOf(issuer, day);
        return new Envelope(CommandIds.Derive("billing-run", run.Value, account.Value), new Bill(day, run, PreviewOnly: false), DailyRun.RequestedBy(day), Bulk: true);
    }

    private static IEnumerable<(AccountId Account, Envelope Envelope)> CommandsOf(AccountBatch[] batches) =>
        batches.SelectMany(batch => batch.Commands.Select(command => (batch.Account, command)));
}
