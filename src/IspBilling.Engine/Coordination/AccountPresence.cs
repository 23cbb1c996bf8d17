using System.Collections.Concurrent;
using IspBilling.Domain;

namespace IspBilling.Engine.Coordination;

/// <summary>
/// Which accounts this node has in hand, each in at most one way: awake, or asleep and visited by a coordinator. If both happened at once
/// nothing would be lost, because the journal compares versions; but the whole flight would have to fly again.
/// </summary>
public sealed class AccountPresence
{
    private static readonly Task Awake = Task.CompletedTask;

    /// <summary>For a visited account, a task that ends with the visit.</summary>
    private readonly ConcurrentDictionary<AccountId, Task> _inHand = new();

    /// <returns>The visit to pass to <see cref="Leave"/>; null when the account is awake or someone else visits it.</returns>
    public TaskCompletionSource? TryVisit(AccountId account)
    {
        var visit = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _inHand.TryAdd(account, visit.Task) ? visit : null;
    }

    public void Leave(AccountId account, TaskCompletionSource visit)
    {
        _inHand.TryRemove(new KeyValuePair<AccountId, Task>(account, visit.Task));
        visit.SetResult();
    }

    /// <summary>Returns when nobody visits the account any more; nobody can visit it again before <see cref="Sleep"/>.</summary>
    /// <param name="cancellation">Gives up waking: the account is then not awake.</param>
    public async Task Wake(AccountId account, CancellationToken cancellation)
    {
        while (_inHand.GetOrAdd(account, Awake) is var inHand && inHand != Awake) await inHand.WaitAsync(cancellation);
    }

    public void Sleep(AccountId account) => _inHand.TryRemove(new KeyValuePair<AccountId, Task>(account, Awake));
}
