using IspBilling.Postgres.Migrations;
using IspBilling.TestKit;

namespace IspBilling.Postgres.Tests.Migrations;

public sealed class MigratorTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly Migration Shelves = Migration.FromFile("0001_shelves.sql", "CREATE TABLE shelves (id integer PRIMARY KEY);");
    private static readonly Migration Books = Migration.FromFile("0002_books.sql", "CREATE TABLE books (title text);\nINSERT INTO shelves VALUES (1);");
    private static readonly Migration Broken = Migration.FromFile(
        "0003_broken.sql", "CREATE TABLE half (id integer);\n\n-- next\nINSERT INTO nowhere VALUES (1);\n");

    private TestDatabase database = null!;

    public async Task InitializeAsync() => database = await postgres.NewDatabase();

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task A_fresh_database_gets_every_migration_in_order()
    {
        var applied = await Apply(Shelves, Books);

        Assert.Equal([Shelves, Books], applied);
        Assert.Equal("1 shelves, 2 books", await Recorded());
        Assert.Equal(1, await database.Scalar<long>("SELECT count(*) FROM shelves"));
    }

    [Fact]
    public async Task Applying_again_changes_nothing()
    {
        await Apply(Shelves, Books);

        Assert.Empty(await Apply(Shelves, Books));
        Assert.Equal(1, await database.Scalar<long>("SELECT count(*) FROM shelves"));
    }

    [Fact]
    public async Task A_newer_program_adds_only_what_is_new()
    {
        await Apply(Shelves);

        Assert.Equal([Books], await Apply(Shelves, Books));
    }

    [Fact]
    public async Task What_a_database_lacks_is_counted_without_changing_it()
    {
        Assert.Equal(2, await Missing(Shelves, Books));
        await Apply(Shelves);

        Assert.Equal(1, await Missing(Shelves, Books));
        Assert.Equal("1 shelves", await Recorded());
        Assert.Equal(0, await Missing(Shelves));
        await Assert.ThrowsAsync<MigrationException>(() => Missing());
    }

    [Fact]
    public async Task A_program_without_migrations_leaves_only_the_history_table()
    {
        Assert.Empty(await Apply());
        Assert.Equal("schema_migrations", await database.Scalar<string>("SELECT string_agg(relname, ',') FROM pg_stat_user_tables"));
    }

    [Fact]
    public async Task Engines_that_start_at_once_apply_each_migration_once()
    {
        var engines = Enumerable.Range(0, 8).Select(_ => Apply(Shelves, Books));

        var applied = await Task.WhenAll(engines);

        Assert.Equal([1, 2], applied.SelectMany(a => a).Select(m => m.Number).Order());
        Assert.Equal(1, await database.Scalar<long>("SELECT count(*) FROM shelves"));
    }

    [Fact]
    public async Task A_changed_migration_is_refused_by_its_file_name()
    {
        await Apply(Shelves, Books);

        var refusal = await Refused(Shelves with { Sql = "CREATE TABLE shelves (id bigint PRIMARY KEY);" }, Books);

        Assert.Contains("0001_shelves.sql is not what was applied", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_renamed_migration_is_refused()
    {
        await Apply(Shelves);

        var refusal = await Refused(Shelves with { Name = "racks" });

        Assert.Contains("0001_racks.sql is not what was applied to this database (as shelves", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_line_ends_are_no_change()
    {
        await Apply(Shelves, Books);

        Assert.Empty(await Apply(Shelves, Migration.FromFile("0002_books.sql", Books.Sql.ReplaceLineEndings("\r\n"))));
    }

    [Fact]
    public async Task A_database_newer_than_the_program_is_refused()
    {
        await Apply(Shelves, Books);

        var refusal = await Refused(Shelves);

        Assert.Contains("newer than this program: it has the migration 2 (books)", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failing_migration_leaves_nothing_and_names_the_file()
    {
        var refusal = await Refused(Shelves, Books, Broken);

        Assert.Contains("0003_broken.sql: relation \"nowhere\" does not exist (42P01)", refusal, StringComparison.Ordinal);
        Assert.Equal("1 shelves, 2 books", await Recorded());
        Assert.Equal(0, await database.Scalar<long>("SELECT count(*) FROM pg_class WHERE relname = 'half'"));
    }

    [Fact]
    public async Task After_the_failing_migration_is_mended_the_rest_is_applied()
    {
        await Refused(Shelves, Books, Broken);

        var mended = Broken with { Sql = "CREATE TABLE half (id integer);" };

        Assert.Equal([mended], await Apply(Shelves, Books, mended));
    }

    [Fact]
    public async Task A_history_changed_by_hand_is_refused()
    {
        await Apply(Shelves, Books);
        await database.Execute("DELETE FROM schema_migrations WHERE number = 1");

        Assert.Contains("lacks number 1", await Refused(Shelves, Books), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_are_read_from_the_resources_of_an_assembly()
    {
        var migrations = MigrationSet.FromResources(typeof(MigratorTests).Assembly);

        await new Migrator(database.Source, migrations).Apply(CancellationToken.None);

        Assert.Equal("1 shelves, 2 books", await Recorded());
        Assert.Equal(1, await database.Scalar<long>("SELECT shelf_count()"));
    }

    [Fact]
    public async Task A_database_from_the_fixture_has_the_migrations_and_is_nobody_elses()
    {
        var migrations = MigrationSet.From([Shelves, Books]);
        await using var one = await postgres.NewDatabase(migrations);
        await using var another = await postgres.NewDatabase(migrations);

        await one.Execute("INSERT INTO shelves VALUES (2)");

        Assert.Equal(2, await one.Scalar<long>("SELECT count(*) FROM shelves"));
        Assert.Equal(1, await another.Scalar<long>("SELECT count(*) FROM shelves"));
        Assert.Empty(await new Migrator(one.Source, migrations).Apply(CancellationToken.None));
    }

    private async Task<IReadOnlyList<Migration>> Apply(params Migration[] migrations) =>
        await new Migrator(database.Source, MigrationSet.From(migrations)).Apply(CancellationToken.None);

    private Task<int> Missing(params Migration[] migrations) => new Migrator(database.Source, MigrationSet.From(migrations)).Missing(CancellationToken.None);

    private async Task<string> Refused(params Migration[] migrations) =>
        (await Assert.ThrowsAsync<MigrationException>(() => Apply(migrations))).Message;

    private Task<string?> Recorded() =>
        database.Scalar<string>("SELECT string_agg(number || ' ' || name, ', ' ORDER BY number) FROM schema_migrations");
}
