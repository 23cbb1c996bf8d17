using Orleans.Runtime;
using Orleans.Runtime.Messaging;

namespace IspBilling.Orleans;

/// <summary>Failures that say something about a silo and nothing about what was asked of it.</summary>
internal static class Failover
{
    /// <summary>Asked again with the same id, another silo answers; whether it happened before is unknown until then.</summary>
    public static bool Is(Exception failure) =>
        failure is SiloUnavailableException or OrleansMessageRejectionException or ConnectionFailedException or ClientNotAvailableException
            or TimeoutException;
}
