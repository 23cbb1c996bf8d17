using IspBilling.Domain;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Json;
using IspBilling.Simulation.Storage;

namespace IspBilling.Engine.Tests.BillingRuns;

/// <summary>On the stores that the simulation runs on.</summary>
public sealed class RunsInMemory : BillingRunConformance
{
    private readonly Books _books = new(Books.Post);
    private readonly InMemoryJournal _journal;
    private readonly MemoryRunStore _store;

    public RunsInMemory() => (_journal, _store) = (new InMemoryJournal { Committed = _books.Write }, new MemoryRunStore(_books));

    protected override Task CutConnections() => Task.CompletedTask;

    public override Task DisposeAsync() => Task.CompletedTask;

    protected override Task<(IJournal Journal, IBillingRunStore Store)> Open() =>
        Task.FromResult<(IJournal, IBillingRunStore)>((_journal, _store));

    protected override Task<IReadOnlyList<(AccountId Account, RunOutcome Outcome, ulong Hash)>> ItemsOf(RunId run) =>
        Task.FromResult<IReadOnlyList<(AccountId, RunOutcome, ulong)>>([.. _store.ItemsOf(run).Select(item => (item.Account, item.Outcome, item.Hash))]);

    protected override Task<IReadOnlyList<(AccountId Account, int Service, Period Period)>> Charges() =>
        Task.FromResult<IReadOnlyList<(AccountId, int, Period)>>([..
            from account in _journal.Accounts
            from document in DocumentsOf(account)
            from line in document.Lines
            select (account, line.Service!.Value, line.Period!.Value)]);

    private IEnumerable<Document> DocumentsOf(AccountId account) =>
        from entry in _journal.EntriesOf(account)
        where entry.Name == "document-issued.v1"
        select ((DocumentIssued)JournalJson.ReadEvent(entry.Name, entry.Payload, entry.Personal)).Document;
}
