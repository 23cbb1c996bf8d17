using IspBilling.Domain;

namespace IspBilling.Simulation.Storage;

/// <summary>Which account is reminded at which time of day (UTC); survives whatever happens to processes.</summary>
public sealed class Reminders
{
    private readonly SortedDictionary<AccountId, TimeOnly> _times = [];

    public IReadOnlyList<(AccountId Account, TimeOnly At)> All => [.. _times.Select(entry => (entry.Key, entry.Value))];

    public void Clear() => _times.Clear();

    internal void Remove(AccountId account) => _times.Remove(account);

    internal void Register(AccountId account, DateTimeOffset first) => _times[account] = TimeOnly.FromDateTime(first.UtcDateTime);
}
