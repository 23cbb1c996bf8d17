using IspBilling.Domain;
using IspBilling.Engine.Journal;

namespace IspBilling.Engine.Tests.Journal;

public sealed class InMemoryJournalTests : JournalConformance
{
    private readonly InMemoryJournal _journal = new();

    public override Task DisposeAsync() => Task.CompletedTask;

    protected override Task<IJournal> Open() => Task.FromResult<IJournal>(_journal);

    protected override Task<IJournal> OpenAnother() => Task.FromResult<IJournal>(_journal);

    protected override Task<IReadOnlyList<ChainedEvent>> EntriesOf(AccountId account) => Task.FromResult(_journal.EntriesOf(account));

    protected override Task<IReadOnlyList<(DeliveryId Delivery, OutgoingMessage Message)>> Outbox() => Task.FromResult<IReadOnlyList<(DeliveryId Delivery, OutgoingMessage Message)>>([.. _journal.Outbox.After(0).Select(delivery => (delivery.Id, delivery.Message))]);
}
