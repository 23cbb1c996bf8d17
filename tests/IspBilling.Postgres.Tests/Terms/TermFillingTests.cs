using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Reading;
using IspBilling.Postgres.Terms;
using IspBilling.TestKit;

namespace IspBilling.Postgres.Tests.Terms;

public sealed class TermFillingTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await postgres.NewDatabase(MigrationSet.OfProgram);

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Clients_of_an_earlier_release_are_found_once_their_terms_are_written()
    {
        await _database.Searched(1, "Jana Žižková");
        var before = (await new ClientFinding(_database.Source).Find(SearchedClients.Words("zizkova"), 10, CancellationToken.None))!;
        Assert.True(before.Unfinished);
        Assert.Empty(before.Clients);

        Assert.Equal(2, await _database.Fill());

        var after = (await new ClientFinding(_database.Source).Find(SearchedClients.Words("zizkova", "c-1"), 10, CancellationToken.None))!;
        Assert.False(after.Unfinished);
        Assert.Equal("Č-1", Assert.Single(after.Clients).Reference);
        Assert.Equal(0, await _database.Fill());
    }

    [Fact]
    public async Task What_a_node_of_an_earlier_release_changes_is_written_anew()
    {
        await _database.Searched(1, "Jana Žižková");
        await _database.Fill();
        await _database.Searched(1, "Jana Vdaná", revision: 2);

        Assert.Equal(1, await _database.Fill());

        Assert.Empty(await _database.Source.FoundBy("zizkova"));
        Assert.Equal(["Č-1"], await _database.Source.FoundBy("vdana", "777123456", "c-1"));
    }

    [Fact]
    public async Task Numbers_of_contracts_stay_when_the_terms_of_particulars_are_written_anew()
    {
        await _database.Searched(1, "Jana Žižková");
        await _database.Fill();
        await _database.Execute("INSERT INTO client_terms (account_id, kind, term) VALUES (1, 10, '2026/0117')");
        await _database.Execute("UPDATE clients SET terms_of = NULL");

        Assert.Equal(1, await _database.Fill());

        var found = (await new ClientFinding(_database.Source).Find(
            new ClientQuery(null, [(TermKind.Contract, "2026/0117")], null, null, [], []), 10, CancellationToken.None))!;
        Assert.Equal([new FoundIdentifier(Identifier.Contract, "2026/0117")], Assert.Single(found.Clients).Identifiers);
    }

    [Fact]
    public async Task More_clients_than_a_portion_are_all_written_and_progress_is_told()
    {
        await _database.Searched(1, 1_234, "Jan Mnohý");
        var told = new List<TermProgress>();

        Assert.Equal(2 * 1_234, await new TermFilling(_database.Source).Fill(told.Add, CancellationToken.None));

        Assert.Equal([new TermProgress(500, 734), new TermProgress(1_000, 234), new TermProgress(1_234, 0)], told);
        Assert.Equal(1_234, await _database.Scalar<long>("SELECT count(*) FROM client_terms WHERE kind = 1 AND term = 'mnohy'"));
    }

    [Fact]
    public async Task A_client_that_is_being_changed_is_left_to_whoever_changes_it()
    {
        await _database.Searched(1, "Jana Žižková");
        await _database.Searched(2, "Petr Žižka");
        await using var connection = await _database.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var change = new Npgsql.NpgsqlCommand("UPDATE clients SET terms_of = revision WHERE account_id = 1", connection);
        await change.ExecuteNonQueryAsync();

        await _database.Fill();
        await transaction.CommitAsync();

        Assert.Equal(0, await _database.Fill());
        Assert.Equal(2, await _database.Scalar<long>("SELECT account_id FROM client_terms WHERE kind = 1 AND term = 'petr'"));
        Assert.Equal(0, await _database.Scalar<long>("SELECT count(*) FROM client_terms WHERE kind = 1 AND account_id = 1"));
    }

    [Fact]
    public async Task All_terms_can_be_written_anew()
    {
        await _database.Searched(1, "Jana Žižková");
        await _database.Fill();
        await _database.Execute("DELETE FROM client_terms WHERE kind = 1; INSERT INTO client_terms VALUES (1, 1, 'wrong'); UPDATE clients SET terms_of = NULL");

        await _database.Fill();

        Assert.Equal("jana zizkova", await _database.Scalar<string>("SELECT string_agg(term, ' ' ORDER BY term) FROM client_terms WHERE kind = 1"));
    }
}
