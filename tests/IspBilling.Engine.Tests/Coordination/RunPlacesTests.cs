using IspBilling.Engine.Coordination;

namespace IspBilling.Engine.Tests.Coordination;

public sealed class RunPlacesTests
{
    private readonly RunPlaces _places = new();

    [Fact]
    public async Task So_many_shards_are_worked_off_at_once_and_the_next_waits_for_a_place()
    {
        var taken = await TakeAll();
        var waiting = _places.Take(CancellationToken.None);
        Assert.False(waiting.IsCompleted);

        taken[2].Dispose();

        Assert.NotNull(await waiting);
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_takes_no_place()
    {
        var taken = await TakeAll();
        using var patience = new CancellationTokenSource();
        var waiting = _places.Take(patience.Token);

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        taken[0].Dispose();

        Assert.NotNull(await _places.Take(CancellationToken.None));
    }

    private async Task<List<IDisposable>> TakeAll()
    {
        var taken = new List<IDisposable>();
        for (var i = 0; i < RunPlaces.AtOnce; i++) taken.Add(await _places.Take(CancellationToken.None));
        return taken;
    }
}
