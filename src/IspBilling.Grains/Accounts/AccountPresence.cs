using System.Collections.Concurrent;
using IspBilling.Domain;

namespace IspBilling.Grains.Accounts;

/// <summary>
/// Which accounts this silo has in hand, each in one way at most: awake as a grain, or asleep and visited by a coordinator. Were both
/// to happen at once nothing would be lost, because the journal compares versions; but the whole flight would fly again.
/// </summary>
internal sealed class AccountPresence
{
    private static readonly Task Awake = Task.CompletedTask;

    /// <summary>Under a visited account, what ends with the visit.</summary>
    private readonly ConcurrentDictionary<AccountId, Task> _inHand = new();

    /// <returns>What <see cref="Leave"/> is to be told; null when the account is awake, or visited by another.</returns>
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

    /// <summary>Ends when nobody visits the account, and nobody will before <see cref="Sleep"/>.</summary>
    /// <param name="cancellation">Of who gives up waking: the account is then not awake.</param>
    public async Task Wake(AccountId account, CancellationToken cancellation)
    {
        while (_inHand.GetOrAdd(account, Awake) is var inHand && inHand != Awake) await inHand.WaitAsync(cancellation);
    }

    public void Sleep(AccountId account) => _inHand.TryRemove(new KeyValuePair<AccountId, Task>(account, Awake));
}
