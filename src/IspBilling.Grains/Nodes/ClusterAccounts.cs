using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Coordination;
using Orleans;

namespace IspBilling.Grains.Nodes;

/// <inheritdoc cref="PatientAccounts"/>
public sealed class ClusterAccounts(IGrainFactory grains, TimeProvider clock) : IAccounts
{
    private readonly PatientAccounts _accounts = new(new GrainNodes(grains), clock);

    public ValueTask<AccountReply> Ask(AccountId account, Envelope envelope, CancellationToken cancellation) => _accounts.Ask(account, envelope, cancellation);
}
