using Orleans;

namespace IspBilling.Orleans.Imports;

/// <summary>A statement whose entries are being booked; the key is the import's id.</summary>
[Alias("IspBilling.Import")]
public interface IImportGrain : IGrainWithGuidKey
{
    /// <summary>Goes on with the entries that are pending, unless they are being booked; returns at once.</summary>
    /// <returns>Why it stopped, when it did; null while it goes on and when it has ended.</returns>
    [Alias("Continue")]
    Task<string?> Continue();
}

/// <summary>Clerks' assignments that were cut short: one grain, key 0.</summary>
[Alias("IspBilling.Desk")]
public interface IDeskGrain : IGrainWithIntegerKey
{
    [Alias("Resume")]
    Task Resume();
}
