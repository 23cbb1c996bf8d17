using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Settings;
using IspBilling.TestKit;

namespace IspBilling.Postgres.Tests.Settings;

public sealed class ClientDirectoryTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private TestDatabase database = null!;
    private ClientDirectory directory = null!;

    public async Task InitializeAsync()
    {
        database = await postgres.NewDatabase(MigrationSet.OfProgram);
        directory = new ClientDirectory(database.Source);
    }

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task A_reference_gets_an_account_once_and_keeps_it()
    {
        var first = await directory.GetOrCreate("crm-1", default);
        var again = await directory.GetOrCreate("crm-1", default);
        var other = await directory.GetOrCreate("crm-2", default);

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.Equal(first, await directory.Find("crm-1", default));
        Assert.Equal("crm-1", await directory.ReferenceOf(first, default));
    }

    [Fact]
    public async Task Asking_for_a_known_reference_uses_up_no_account_id()
    {
        var first = await directory.GetOrCreate("crm-1", default);
        for (var i = 0; i < 5; i++) await directory.GetOrCreate("crm-1", default);

        Assert.Equal(first.Value + 1, (await directory.GetOrCreate("crm-2", default)).Value);
    }

    [Fact]
    public async Task A_reference_is_found_in_both_its_forms_and_stored_in_one()
    {
        const string one = "Dvo\u0159\u00e1k", other = "Dvor\u030ca\u0301k";
        var account = await directory.GetOrCreate(other, default);

        Assert.Equal(account, await directory.GetOrCreate(one, default));
        Assert.Equal(account, await directory.Find(other, default));
        Assert.Equal([account, account], (await directory.Find([one, other], default)).OrderBy(pair => pair.Key.Length).Select(pair => pair.Value));
        Assert.Equal([account, account], await directory.GetOrCreateMany([one, other], default));
        Assert.Equal(one, await directory.ReferenceOf(account, default));
    }

    [Fact]
    public async Task A_reference_that_was_stored_in_another_form_keeps_its_client()
    {
        const string stored = "Dvor\u030ca\u0301k";
        await database.Execute($"INSERT INTO client_references (reference) VALUES ('{stored}')");

        var account = await directory.Find(stored, default);

        Assert.NotNull(account);
        Assert.Equal(account, await directory.GetOrCreate(stored, default));
        Assert.Equal(account, (await directory.GetOrCreateMany([stored], default))[0]);
        Assert.NotEqual(account, await directory.GetOrCreate("Dvo\u0159\u00e1k", default));
    }

    [Fact]
    public async Task Callers_at_once_get_the_same_account()
    {
        var accounts = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => directory.GetOrCreate("crm-1", default)));

        Assert.Single(accounts.Distinct());
    }

    [Fact]
    public async Task Many_references_are_found_at_once_and_the_unknown_are_left_out()
    {
        var (one, two) = (await directory.GetOrCreate("crm-1", default), await directory.GetOrCreate("Crm-1", default));

        var found = await directory.Find(["crm-1", "Crm-1", "nobody", ""], default);

        Assert.Equal([one, two], [found["crm-1"], found["Crm-1"]]);
        Assert.Equal(2, found.Count);
        Assert.Equal("Crm-1", (await directory.ReferencesOf([one, two], default))[two]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" x")]
    [InlineData("x ")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123+")]
    public async Task What_is_no_reference_is_never_stored(string text)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => directory.GetOrCreate(text, default));
        Assert.Null(await directory.Find(text, default));
    }
}
