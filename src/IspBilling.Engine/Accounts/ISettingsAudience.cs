namespace IspBilling.Engine.Accounts;

/// <summary>Everyone else who works by the provider's settings and keys and has to know that they changed: the other nodes of a cluster.</summary>
public interface ISettingsAudience
{
    /// <summary>Returns when everyone within reach works by what is stored now.</summary>
    Task Changed(CancellationToken cancellation);
}

/// <summary>Keeps for a while what it read of the settings and keys.</summary>
public interface ISettingsMemory
{
    /// <summary>Reads anew when it is asked next.</summary>
    void Forget();
}

/// <summary>Everything on a node that keeps settings or keys for a while.</summary>
public sealed class SettingsMemories(IEnumerable<ISettingsMemory> memories)
{
    public void Forget()
    {
        foreach (var memory in memories) memory.Forget();
    }
}
