using IspBilling.Domain;

namespace IspBilling.Engine.Outgoing;

/// <summary>Money that the bank received and nobody has assigned yet: whoever may have sent it is not reminded meanwhile.</summary>
public interface IUnassignedMoney
{
    /// <summary>Whether an entry that waits for a person is likely to be this account's.</summary>
    ValueTask<bool> MayBeOf(AccountId account, CancellationToken cancellation);
}
