using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Coordination;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Simulation.Hosting;

/// <summary>The nodes of a simulated cluster as one of them sees them.</summary>
internal sealed class SimulatedNodes(Cluster cluster, Node from) : INodes
{
    public ValueTask<AccountReply> Ask(AccountId account, Envelope envelope) => cluster.Ask(from, account, envelope);

    public async ValueTask CatchUp(AccountId account) => await cluster.CatchUp(from, account);

    public Task<ShardProgress> Continue(RunId run, AccountShard shard, bool again) => cluster.Continue(from, run, shard, again);

    public Task<string?> Continue(ImportId import) => cluster.Continue(from, import);

    public Task<AccountReply[][]> Book(int shard, AccountBatch[] batches) => cluster.Book(from, shard, batches);

    public bool IsAway(Exception failure) => Cluster.IsAway(from, failure);

    public bool IsBusy(Exception failure) => false;
}

/// <summary>Visits to the accounts of a node, of which the witness hears.</summary>
internal sealed class WitnessedVisits(AccountVisits visits, IWitness witness) : IAccounts
{
    public async ValueTask<AccountReply> Ask(AccountId account, Envelope envelope, CancellationToken cancellation)
    {
        witness.Asked(account, envelope);
        var since = witness.Moment;
        var reply = await visits.Ask(account, envelope, cancellation);
        witness.Answered(account, envelope, reply, since);
        return reply;
    }
}
