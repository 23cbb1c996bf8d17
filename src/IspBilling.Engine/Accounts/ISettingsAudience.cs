namespace IspBilling.Engine.Accounts;

/// <summary>Whoever else goes by the provider's settings and keys, and has to know that they changed: other nodes of a cluster.</summary>
public interface ISettingsAudience
{
    /// <summary>Returns when everyone within reach goes by what is stored now.</summary>
    Task Changed(CancellationToken cancellation);
}

/// <summary>Keeps for a while what it read of the settings and keys.</summary>
public interface ISettingsMemory
{
    /// <summary>Reads anew when it is asked next.</summary>
    void Forget();
}
