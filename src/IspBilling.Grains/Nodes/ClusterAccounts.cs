using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Coordination;

namespace IspBilling.Grains.Nodes;

/// <inheritdoc cref="PatientAccounts"/>
public sealed class ClusterAccounts(INodes nodes, TimeProvider clock) : IAccounts
{
    private readonly PatientAccounts _accounts = new(nodes, clock);

    public ValueTask<AccountReply> Ask(AccountId account, Envelope envelope, CancellationToken cancellation) => _accounts.Ask(account, envelope, cancellation);
}
