using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using Orleans;

namespace IspBilling.Grains.Accounts;

/// <summary>One client account on a cluster; the key is the account's id.</summary>
[Alias("IspBilling.Account")]
public interface IAccountGrain : IGrainWithIntegerKey
{
    /// <summary>Runs one command; turns run one at a time.</summary>
    /// <exception cref="IOException">The journal is out of reach, or its disk full; ask again with the same id.</exception>
    [Alias("Ask")]
    ValueTask<AccountReply> Ask(Envelope envelope);

    /// <summary>Does what fell due while nobody reminded the account, and sees to it that it is reminded.</summary>
    [Alias("CatchUp")]
    ValueTask CatchUp();
}
