using IspBilling.Hosting.Background;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IspBilling.Hosting.Tests;

public sealed class PeriodicWorkTests
{
    private static readonly TimeSpan NotWithinATest = TimeSpan.FromHours(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Rung_it_does_not_wait_for_its_interval()
    {
        using var done = new SemaphoreSlim(0);
        using var work = Work(NotWithinATest, _ => Release(done), NullLogger<PeriodicWork>.Instance);
        await work.StartAsync(CancellationToken.None);
        await Once(done);

        work.Ring();

        await Once(done);
        await work.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Rung_while_it_is_at_work_it_is_done_once_more()
    {
        using var begun = new SemaphoreSlim(0);
        using var goOn = new SemaphoreSlim(0);
        using var work = Work(NotWithinATest, async stopping =>
        {
            begun.Release();
            await goOn.WaitAsync(stopping);
        }, NullLogger<PeriodicWork>.Instance);
        await work.StartAsync(CancellationToken.None);
        await Once(begun);

        work.Ring();
        work.Ring();
        goOn.Release();

        await Once(begun);
        goOn.Release();
        await work.StopAsync(CancellationToken.None);
        Assert.Equal(0, begun.CurrentCount);
    }

    [Fact]
    public async Task Unrung_it_is_done_again_after_its_interval()
    {
        using var done = new SemaphoreSlim(0);
        using var work = Work(TimeSpan.FromMilliseconds(1), _ => Release(done), NullLogger<PeriodicWork>.Instance);
        await work.StartAsync(CancellationToken.None);

        await Once(done);
        await Once(done);
        await work.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_failure_is_told_and_the_next_time_comes_all_the_same()
    {
        using var tried = new SemaphoreSlim(0);
        var log = new Lines();
        using var work = Work(NotWithinATest, async _ =>
        {
            await Release(tried);
            throw new IOException("the disk is away");
        }, log);
        await work.StartAsync(CancellationToken.None);
        await Once(tried);

        work.Ring();

        await Once(tried);
        await work.StopAsync(CancellationToken.None);
        Assert.Equal(["It is not done: the disk is away", "It is not done: the disk is away"], log.Written);
    }

    private static PeriodicWork Work(TimeSpan every, Func<CancellationToken, Task> work, ILogger<PeriodicWork> log) =>
        new(every, work, "It is not done", TimeProvider.System, log);

    private static Task Release(SemaphoreSlim done)
    {
        done.Release();
        return Task.CompletedTask;
    }

    private static async Task Once(SemaphoreSlim done) => Assert.True(await done.WaitAsync(Patience));

    private sealed class Lines : ILogger<PeriodicWork>
    {
        private readonly List<string> _written = [];

        public IReadOnlyList<string> Written
        {
            get
            {
                lock (_written) return [.. _written];
            }
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_written) _written.Add($"{formatter(state, exception)}: {exception?.Message}");
        }
    }
}
