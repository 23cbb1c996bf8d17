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

    /// <summary>Takes the turn that the account missed, and has it reminded from now on if it needs to be.</summary>
    [Alias("CatchUp")]
    ValueTask CatchUp();
}
