using IspBilling.Domain;

namespace IspBilling.Outreach.Sms;

/// <summary>The gateway that is set, and what its requests need; whoever keeps settings and secrets implements it.</summary>
public interface ISmsSettings
{
    /// <returns>Null when none is set.</returns>
    ValueTask<SmsTarget?> Target(CancellationToken cancellation);

    /// <returns>Null when there is none of the name.</returns>
    ValueTask<string?> Secret(string name, CancellationToken cancellation);
}

/// <summary>Where a gateway tells what became of a message: an address that nobody can make up.</summary>
public interface IReceiptAddresses
{
    /// <returns>Null while nobody from outside can reach this installation.</returns>
    ValueTask<string?> Of(string target, DeliveryId delivery, CancellationToken cancellation);
}
