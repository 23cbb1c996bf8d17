using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Actors;
using IspBilling.Engine.Journal;
using IspBilling.Simulation.Faults;
using IspBilling.Simulation.Running;

namespace IspBilling.Simulation.Hosting;

/// <summary>Hears of every command that is sent and of every answer that arrives.</summary>
public interface IWitness
{
    void Asked(AccountId account, Envelope envelope);

    /// <param name="since">The <see cref="Moment"/> at which this copy of the command was sent.</param>
    void Answered(AccountId account, Envelope envelope, AccountReply reply, long since);

    /// <summary>How much has become durable so far.</summary>
    long Moment { get; }
}

/// <summary>
/// Two processes that share the accounts between them, over a network on which commands are lost, doubled and overtaken, and
/// where now and then both believe that an account is theirs.
/// </summary>
public sealed class Cluster(
    IJournal journal, IContextSource contexts, Deciding decide, Loop loop, Calendar calendar, Dice dice, Weather weather, IWitness witness, Trace trace)
{
    private const int Places = 2;
    private const int MaxDaysLater = 20;
    private readonly Node[] _nodes = [new Node(0), new Node(1)];
    private readonly Dictionary<AccountId, int> _underWay = [];

    /// <summary>One of the processes that live now.</summary>
    public Node AnyNode() => dice.Pick(_nodes);

    /// <summary>Faults that strike by themselves, between two steps.</summary>
    public void Weathering()
    {
        if (weather.Strikes(weather.Plan.Crashed)) Crash(dice.Below(Places));
        if (weather.Strikes(weather.Plan.Evicted)) EvictBusy(dice.Pick(_nodes));
    }

    /// <summary>All processes end and start anew.</summary>
    public void Restart()
    {
        for (var place = 0; place < Places; place++) Crash(place);
    }

    /// <param name="from">The process that asks; null for a caller outside.</param>
    public async ValueTask<AccountReply> Ask(Node? from, AccountId account, Envelope envelope)
    {
        from?.RequireAlive();
        witness.Asked(account, envelope);
        var earlier = _underWay.GetValueOrDefault(account);
        _underWay[account] = earlier + 1;
        try
        {
            if (weather.Strikes(weather.Plan.Reordered))
            {
                if (earlier > 0) weather.Counts.Fired(Fault.Reordered);
                await loop.Wait();
            }

            if (weather.Strikes(Fault.Duplicated, weather.Plan.Duplicated)) Repeat(account, envelope, loop.Wait);
            if (from is null && weather.Strikes(Fault.RepeatedLater, weather.Plan.RepeatedLater))
                Repeat(account, envelope, () => calendar.Days(dice.Between(1, MaxDaysLater)));
            var since = witness.Moment;
            var reply = await Post(account, envelope).Answer;
            witness.Answered(account, envelope, reply, since);
            from?.RequireAlive();
            weather.ThrowWhenStruck(Fault.AnswerLost, weather.Plan.AnswerLost);
            return reply;
        }
        catch (Exception failure) when (!IsFault(failure))
        {
            // Told here, because a job may go on as if the account were merely out of reach.
            loop.Broke($"{envelope.Command.GetType().Name} of {account}", failure);
            throw;
        }
        finally
        {
            _underWay[account]--;
        }
    }

    /// <summary>Sends a command once more; nobody waits for the answer, but it has to be the same.</summary>
    private void Repeat(AccountId account, Envelope envelope, Func<Task> later) => loop.Begin($"repeated {envelope.Command.GetType().Name} of {account}", async () =>
    {
        await later();
        try
        {
            var since = witness.Moment;
            witness.Answered(account, envelope, await Post(account, envelope).Answer, since);
        }
        catch (Exception unknown) when (IsFault(unknown))
        {
            trace.Add($"repeated {envelope.Command.GetType().Name} of {account}: {unknown.Message}");
        }
    });

    /// <summary>What callers have to live with: they ask again with the same id.</summary>
    public static bool IsFault(Exception failure) =>
        failure is UnreachableException or ProcessDiedException
        || (failure is InvalidOperationException and not InvariantBrokenException
            && (failure.Message.Contains("twice?", StringComparison.Ordinal) || (failure.InnerException is { } inner && IsFault(inner))));

    private Letter Post(AccountId account, Envelope envelope)
    {
        var home = (int)(account.Value % Places);
        if (weather.Strikes(Fault.SecondActivation, weather.Plan.SecondActivation)) home = (home + 1) % Places;
        var node = _nodes[home];
        var letter = new Letter(envelope);
        node.MailboxOf(account, () => new AccountActor(account, new FaultyJournal(journal, node, loop, weather), contexts, decide)).Post(letter);
        return letter;
    }

    private void Crash(int place)
    {
        var dead = _nodes[place];
        if (dead.IsBusy) weather.Counts.Fired(Fault.Crashed);
        trace.Add($"process {place} dies with {dead.Busy().Count} turns under way");
        _nodes[place] = new Node(place);
        dead.Die();
    }

    private void EvictBusy(Node node)
    {
        var busy = node.Busy();
        if (busy.Count == 0) return;
        var account = dice.Pick(busy);
        weather.Counts.Fired(Fault.Evicted);
        trace.Add($"process {node.Place} lets go of {account} in mid-turn");
        node.Evict(account);
    }
}

/// <summary>The accounts as a job sees them that runs in one of the processes.</summary>
public sealed class AccountsOf(Cluster cluster, Node node) : IAccounts
{
    public ValueTask<AccountReply> Ask(AccountId account, Envelope envelope, CancellationToken cancellation) => cluster.Ask(node, account, envelope);
}
