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

    protected override Task<IReadOnlyList<(AccountId Account, OutgoingMessage Message)>> Outbox() => Task.FromResult(_journal.Outbox);
}
