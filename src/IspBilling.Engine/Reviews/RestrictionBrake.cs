using IspBilling.Domain;
using IspBilling.Engine.Accounts;

namespace IspBilling.Engine.Reviews;

/// <summary>Where the restrictions of each day are counted, for every node.</summary>
public interface IRestrictionPermits
{
    /// <summary>Whether an account is, or becomes, one of so many that may be restricted on a day.</summary>
    ValueTask<bool> TryTake(DateOnly day, AccountId account, long limit, CancellationToken cancellation);

    /// <summary>How many are restricted on a day.</summary>
    ValueTask<long> Taken(DateOnly day, CancellationToken cancellation);

    /// <summary>How many clients there are.</summary>
    ValueTask<long> Clients(CancellationToken cancellation);
}

/// <summary>Where a day stands.</summary>
/// <param name="Limit">Restrictions that may be without a person; null for as many as there are.</param>
/// <param name="Released">A person let the brake go for the day.</param>
public sealed record BrakeStanding(DateOnly On, long? Limit, long Taken, bool Released);

/// <summary>Holds back what is beyond the day's limit until a person has looked at it. A limit that is reached stays so for the day.</summary>
public sealed class RestrictionBrake(IRestrictionPermits permits, LiveContext contexts) : IRestrictionBrake
{
    private sealed record Spent(DateOnly Day, long Limit);

    private sealed record Counted(DateOnly Day, long Clients);

    private Spent? _spent;
    private Counted? _clients;

    public async ValueTask<bool> MayRestrict(AccountId account, DateOnly today, CancellationToken cancellation)
    {
        if (contexts.Settings.Outreach.Brake is null || contexts.Settings.ReleasedOn == today) return true;
        if (await Limit(today, cancellation) is not { } limit) return true;
        if (Volatile.Read(ref _spent) is { } spent && spent.Day == today && spent.Limit >= limit) return false;
        if (await permits.TryTake(today, account, limit, cancellation)) return true;
        Volatile.Write(ref _spent, new Spent(today, limit));
        return false;
    }

    public async Task<BrakeStanding> Look(DateOnly today, CancellationToken cancellation) => new(
        today, await Limit(today, cancellation), await permits.Taken(today, cancellation), contexts.Settings.ReleasedOn == today);

    private async ValueTask<long?> Limit(DateOnly today, CancellationToken cancellation)
    {
        if (contexts.Settings.Outreach.Brake is not { } brake) return null;
        if (Volatile.Read(ref _clients) is { } known && known.Day == today) return brake.Of(known.Clients);
        var counted = new Counted(today, await permits.Clients(cancellation));
        Volatile.Write(ref _clients, counted);
        return brake.Of(counted.Clients);
    }
}

/// <summary>Permits without a database, for simulation.</summary>
public sealed class InMemoryPermits(long clients) : IRestrictionPermits
{
    private readonly Lock _gate = new();
    private readonly HashSet<(DateOnly, AccountId)> _taken = [];

    public ValueTask<bool> TryTake(DateOnly day, AccountId account, long limit, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return ValueTask.FromResult(_taken.Contains((day, account)) || (_taken.Count(permit => permit.Item1 == day) < limit && _taken.Add((day, account))));
        }
    }

    public ValueTask<long> Taken(DateOnly day, CancellationToken cancellation)
    {
        lock (_gate) return ValueTask.FromResult((long)_taken.Count(permit => permit.Item1 == day));
    }

    public ValueTask<long> Clients(CancellationToken cancellation) => ValueTask.FromResult(clients);
}
