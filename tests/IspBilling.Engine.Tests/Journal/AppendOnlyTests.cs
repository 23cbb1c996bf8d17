using IspBilling.Engine.Tests.Audit;
using Npgsql;

namespace IspBilling.Engine.Tests.Journal;

/// <summary>The database itself refuses to change what was written once.</summary>
public sealed class AppendOnlyTests : IAsyncLifetime
{
    private SmallBooks _books = null!;

    public async Task InitializeAsync() => _books = await SmallBooks.Write();

    public async Task DisposeAsync() => await _books.DisposeAsync();

    [Theory]
    [InlineData("UPDATE journal SET payload = '{}'")]
    [InlineData("UPDATE journal SET hash = hash || '\\x00'")]
    [InlineData("UPDATE journal SET at = at + interval '1 day'")]
    [InlineData("UPDATE journal SET actor_id = '8'")]
    [InlineData("UPDATE journal SET command = NULL WHERE command IS NOT NULL")]
    [InlineData("UPDATE journal SET reply = NULL WHERE reply IS NOT NULL")]
    [InlineData("UPDATE journal SET by = 'another'")]
    [InlineData("UPDATE journal SET personal = NULL WHERE personal IS NOT NULL")]
    [InlineData("""UPDATE journal SET personal = '{"parts":[]}' WHERE personal IS NOT NULL""")]
    [InlineData("""UPDATE journal SET personal = convert_to(jsonb_set(convert_from(personal, 'UTF8')::jsonb, '{parts,0,value}', '"Hana"')::text, 'UTF8') WHERE name = 'profile-changed.v1'""")]
    [InlineData("""UPDATE journal SET personal = convert_to(jsonb_set(convert_from(personal, 'UTF8')::jsonb, '{actor,salt}', '"AAAA"')::text, 'UTF8') WHERE name = 'profile-changed.v1'""")]
    [InlineData("DELETE FROM journal WHERE account_id = 1 AND version = 1")]
    [InlineData("TRUNCATE journal")]
    [InlineData("UPDATE documents SET total = 1")]
    [InlineData("DELETE FROM documents")]
    [InlineData("UPDATE document_lines SET amount = 1")]
    [InlineData("DELETE FROM document_lines")]
    [InlineData("UPDATE postings SET amount = 1")]
    [InlineData("DELETE FROM postings")]
    [InlineData("TRUNCATE postings, allocations")]
    [InlineData("UPDATE allocations SET amount = 1")]
    [InlineData("DELETE FROM credit_uses")]
    [InlineData("UPDATE account_profiles SET revision = revision + 1")]
    [InlineData("DELETE FROM account_profiles")]
    [InlineData("DELETE FROM issuers")]
    [InlineData("UPDATE bank_statements SET closings = openings")]
    [InlineData("DELETE FROM statement_entry_decisions")]
    [InlineData("DELETE FROM settings_journal")]
    [InlineData("TRUNCATE settings_journal")]
    public async Task What_was_written_once_is_neither_changed_nor_removed(string sql)
    {
        var before = await Written();

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => _books.Database.Execute(sql));

        Assert.Equal(PostgresErrorCodes.RestrictViolation, refusal.SqlState);
        Assert.Equal(before, await Written());
    }

    [Fact]
    public async Task Personal_texts_are_erased_and_never_come_back()
    {
        const string erase =
            """
            UPDATE journal SET by = '', personal = convert_to(jsonb_set(jsonb_set(convert_from(personal, 'UTF8')::jsonb, '{parts,0}', '{}'), '{actor}', '{"sha256":"AA=="}')::text, 'UTF8')
            WHERE name = 'profile-changed.v1'
            """;
        await _books.Database.Execute(erase);

        Assert.Equal("", await _books.Database.Scalar<string>("SELECT string_agg(DISTINCT by, ',') FROM journal WHERE name = 'profile-changed.v1'"));
        await Refused("UPDATE journal SET by = 'CRM' WHERE name = 'profile-changed.v1'");
        await Refused("""UPDATE journal SET personal = convert_to(jsonb_set(convert_from(personal, 'UTF8')::jsonb, '{parts,0}', '{"salt":"AA==","value":"Hana"}')::text, 'UTF8') WHERE name = 'profile-changed.v1'""");
    }

    [Fact]
    public async Task No_trigger_looks_at_new_rows() =>
        Assert.Equal(0, await _books.Database.Scalar<long>(
            "SELECT count(*) FROM information_schema.triggers WHERE event_manipulation = 'INSERT' AND trigger_schema = 'public'"));

    private async Task Refused(string sql) =>
        Assert.Equal(PostgresErrorCodes.RestrictViolation, (await Assert.ThrowsAsync<PostgresException>(() => _books.Database.Execute(sql))).SqlState);

    private Task<string?> Written() => _books.Database.Scalar<string>(
        "SELECT md5(string_agg(j::text, '' ORDER BY account_id, version)) || (SELECT count(*) FROM postings) || ':' || (SELECT sum(amount) FROM postings) FROM journal j");
}
