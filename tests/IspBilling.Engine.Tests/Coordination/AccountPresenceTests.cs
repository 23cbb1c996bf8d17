using IspBilling.Domain;
using IspBilling.Engine.Coordination;

namespace IspBilling.Engine.Tests.Coordination;

public sealed class AccountPresenceTests
{
    private static readonly AccountId Account = new(7);
    private readonly AccountPresence _presence = new();

    [Fact]
    public async Task An_account_that_is_awake_is_not_visited_until_it_sleeps()
    {
        await _presence.Wake(Account, CancellationToken.None);
        Assert.Null(_presence.TryVisit(Account));

        _presence.Sleep(Account);

        Assert.NotNull(_presence.TryVisit(Account));
    }

    [Fact]
    public async Task An_account_that_is_visited_wakes_when_the_visit_has_ended()
    {
        var visit = _presence.TryVisit(Account)!;
        var waking = _presence.Wake(Account, CancellationToken.None);
        Assert.False(waking.IsCompleted);

        _presence.Leave(Account, visit);
        await waking;

        Assert.Null(_presence.TryVisit(Account));
    }

    [Fact]
    public async Task Who_gives_up_waking_an_account_has_not_woken_it()
    {
        var visit = _presence.TryVisit(Account)!;
        using var patience = new CancellationTokenSource();
        var waking = _presence.Wake(Account, patience.Token);

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waking);
        _presence.Leave(Account, visit);

        Assert.NotNull(_presence.TryVisit(Account));
    }

    [Fact]
    public void An_account_is_visited_by_one_at_a_time()
    {
        var visit = _presence.TryVisit(Account)!;
        Assert.Null(_presence.TryVisit(Account));

        _presence.Leave(Account, visit);

        Assert.NotNull(_presence.TryVisit(Account));
    }

    [Fact]
    public async Task Whoever_ends_leaves_the_hold_of_others_alone()
    {
        var visit = _presence.TryVisit(Account)!;
        _presence.Sleep(Account);
        Assert.Null(_presence.TryVisit(Account));

        _presence.Leave(Account, visit);
        await _presence.Wake(Account, CancellationToken.None);
        await _presence.Wake(Account, CancellationToken.None);

        Assert.Null(_presence.TryVisit(Account));
    }
}
