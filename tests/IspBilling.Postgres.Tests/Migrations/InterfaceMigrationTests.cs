using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Settings;
using IspBilling.TestKit;

namespace IspBilling.Postgres.Tests.Migrations;

/// <summary>What an earlier release let happen: keys that share a name, references in two forms.</summary>
public sealed class InterfaceMigrationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private TestDatabase database = null!;

    public async Task InitializeAsync()
    {
        database = await postgres.NewDatabase();
        await new Migrator(database.Source, MigrationSet.From(MigrationSet.OfProgram.Migrations.TakeWhile(step => step.Name != "interface"))).Apply(default);
    }

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task Of_keys_that_share_a_name_the_later_ones_get_their_number_behind_it()
    {
        await database.Execute(
            """
            INSERT INTO api_keys (hash, name, scopes, created_at)
            SELECT sha256(name::bytea), name, '{}', '2026-01-01Z' FROM unnest(ARRAY['crm', 'CRM', 'portal', 'crm (4)', 'Crm ', 'cRm']) AS k (name)
            """);

        await Migrate();

        Assert.Equal(
            ["crm", "CRM (2)", "portal", "crm (4)", "Crm ", "cRm (6)"],
            (await new ApiKeyStore(database.Source).List(default, 10, default)).Select(key => key.Name));
    }

    [Fact]
    public async Task A_number_that_is_a_name_already_is_told_apart_all_the_same()
    {
        await database.Execute(
            """
            INSERT INTO api_keys (hash, name, scopes, created_at)
            SELECT sha256((name || i)::bytea), name, '{}', '2026-01-01Z' FROM unnest(ARRAY['crm (3)', 'crm', 'crm']) WITH ORDINALITY AS k (name, i)
            """);

        await Migrate();

        Assert.Equal(["crm (3)", "crm", "crm (3)'"], (await new ApiKeyStore(database.Source).List(default, 10, default)).Select(key => key.Name));
    }

    [Fact]
    public async Task References_get_one_form_unless_another_client_has_it()
    {
        await database.Execute("INSERT INTO client_references (reference) VALUES ('Dvor\u030ca\u0301k'), ('Nova\u0301k'), ('Nov\u00e1k')");

        await Migrate();

        Assert.Equal(
            "Dvo\u0159\u00e1k,Nova\u0301k,Nov\u00e1k",
            await database.Scalar<string>("SELECT string_agg(reference, ',' ORDER BY account_id) FROM client_references"));
    }

    private Task Migrate() => new Migrator(database.Source, MigrationSet.OfProgram).Apply(default);
}
