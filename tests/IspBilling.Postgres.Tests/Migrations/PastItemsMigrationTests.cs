using IspBilling.Postgres.Migrations;
using IspBilling.TestKit;

namespace IspBilling.Postgres.Tests.Migrations;

/// <summary>Which accounts are folded once more because their state lacks what it remembers today.</summary>
public sealed class PastItemsMigrationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Only_states_from_which_an_item_may_have_left_are_marked()
    {
        await using var database = await postgres.NewDatabase();
        var all = MigrationSet.OfProgram.Migrations;
        var before = all.TakeWhile(migration => !migration.Name.Contains("past_items", StringComparison.Ordinal)).ToList();
        await new Migrator(database.Source, MigrationSet.From(before)).Apply(default);
        await Account(database, 1, "profile-changed.v1", "one-off-added.v1", "document-issued.v1");
        await Account(database, 2, "profile-changed.v1", "one-off-added.v1", "one-off-cancelled.v1");
        await Account(database, 3, "profile-changed.v1", "one-off-added.v1", "history-settled.v1");
        await Account(database, 4, "profile-changed.v1", "document-issued.v1", "history-settled.v1");

        await new Migrator(database.Source, MigrationSet.OfProgram).Apply(default);

        Assert.Equal("1=2, 2=0, 3=0, 4=2", await database.Scalar<string>("SELECT string_agg(id || '=' || get_byte(state, 0), ', ' ORDER BY id) FROM accounts"));
        Assert.Equal(4, await database.Scalar<long>("SELECT count(*) FROM accounts WHERE length(state) = 3"));
    }

    private static async Task Account(TestDatabase database, long id, params string[] events)
    {
        await database.Execute(
            $"INSERT INTO accounts (id, version, head, state, status, level, issuer, balance, catalogue_revision) VALUES ({id}, {events.Length}, '\\x00', '\\x020304', 1, 0, 1, 0, 1)");
        for (var i = 0; i < events.Length; i++)
        {
            await database.Execute(
                $"INSERT INTO journal (account_id, version, name, at, by, payload, hash) VALUES ({id}, {i + 1}, '{events[i]}', now(), 'test', '\\x00', '\\x00')");
        }
    }
}
