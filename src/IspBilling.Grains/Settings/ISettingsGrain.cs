using Orleans;

namespace IspBilling.Grains.Settings;

/// <summary>Takes the provider's settings and keys over on one silo; the key is the silo's address.</summary>
[Alias("IspBilling.Settings")]
public interface ISettingsGrain : IGrainWithStringKey
{
    /// <summary>Returns when the silo goes by what is stored now.</summary>
    [Alias("Reload")]
    Task Reload();
}
