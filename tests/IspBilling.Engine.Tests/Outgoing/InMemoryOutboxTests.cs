using IspBilling.Engine.Journal;
using IspBilling.Engine.Outgoing;

namespace IspBilling.Engine.Tests.Outgoing;

public sealed class InMemoryOutboxTests : OutboxConformance
{
    protected override int Worlds => 200;

    public override Task DisposeAsync() => Task.CompletedTask;

    protected override Task<(IJournal Journal, IOutbox Outbox)> Open()
    {
        var journal = new InMemoryJournal();
        return Task.FromResult<(IJournal, IOutbox)>((journal, journal.Outbox));
    }
}
