using IspBilling.Domain;
using IspBilling.Postgres.Journal;
using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Reading;
using IspBilling.TestKit;

namespace IspBilling.Engine.Tests.Journal;

public class JournalReadingTests
{
    /// <summary>Documents of an earlier release do not say that they charge days again; those before them do.</summary>
    [Fact]
    public async Task Whether_an_earlier_document_charged_days_is_looked_up_in_the_documents()
    {
        await using var database = await new PostgresFixture().NewDatabase(MigrationSet.OfProgram);
        await using var journal = new PostgresJournal(database.Source, new PostgresJournalOptions());
        var (writer, account) = (new Writer(journal, 1), new AccountId(1));
        await writer.Commit(Given.Client(symbol: 7001), "2026-01-01");
        await writer.Commit(Given.Service("net", "2026-01-01", Given.Slow, end: null), "2026-01-01");
        await writer.Commit(Given.Service("tv", "2026-02-01", Given.Slow, end: null), "2026-01-01");
        await writer.Commit(Given.Bill("2026-02-01"), "2026-02-01");
        var state = (await journal.Load(account, default, bulk: false, CancellationToken.None)).State;
        var reading = new JournalReading(database.Source);

        Assert.NotNull(await At(1, "2026-01-31", "2026-02-01", state.Version + 1));
        Assert.NotNull(await At(2, "2026-02-28", "2026-04-01", state.Version + 1));
        Assert.Null(await At(2, "2026-01-01", "2026-02-01", state.Version + 1));
        Assert.Null(await At(1, "2026-03-01", "2026-04-01", state.Version + 1));
        Assert.Null(await At(3, "2026-01-01", "2026-04-01", state.Version + 1));
        var issued = await At(1, "2026-01-01", "2026-02-01", state.Version + 1);
        Assert.Null(await At(1, "2026-01-01", "2026-02-01", issued!.Value));

        Task<long?> At(int service, string from, string to, long before) =>
            reading.LastCharging(account, service, new Period(Given.Day(from), Given.Day(to)), before, CancellationToken.None);
    }
}
