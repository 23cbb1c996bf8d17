using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Postgres.Audit;
using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Settings;
using IspBilling.TestKit;

namespace IspBilling.Postgres.Tests.Settings;

public sealed class SettingsJournalTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly Authorship Jana = new(new Actor(ActorKind.ApiKey, "7", "Jana"), Now.AddTicks(12_345_678), "indexace 2026");
    private TestDatabase database = null!;
    private SettingsStore store = null!;
    private SettingsJournal journal = null!;

    public async Task InitializeAsync()
    {
        database = await postgres.NewDatabase(MigrationSet.OfProgram);
        store = new SettingsStore(database.Source);
        journal = new SettingsJournal(database.Source);
    }

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task A_change_says_who_made_it_when_why_and_from_what_to_what()
    {
        await store.PutTariff(Fibre(499), Jana with { Reason = null }, default);

        await store.PutTariff(Fibre(549), Jana, default);

        var entry = (await journal.Find(2, default))!;
        Assert.Equal(
            (2L, SettingKinds.Tariff, "FIBRE", "tariff.v1", Jana.Actor, "indexace 2026"),
            (entry.Revision, entry.Kind, entry.Key, entry.Name, entry.By, entry.Reason));
        Assert.Equal(Now.AddMicroseconds(1_234_567), entry.At);
        Assert.Equal((await journal.Find(1, default))!.After, entry.Before);
        Assert.Contains("549.00 CZK", entry.After, StringComparison.Ordinal);
        Assert.Equal(2, (await store.Load(default)).Revisions.Of(SettingKinds.Tariff, "FIBRE"));
    }

    [Fact]
    public async Task To_say_what_is_so_already_has_no_entry()
    {
        foreach (var _ in Enumerable.Range(0, 2))
        {
            await store.PutTariff(Fibre(499), Jana, default);
            await store.PutIssuer(Provider, Jana, default);
            await store.PutDunningPolicy(Policy(5), Jana, default);
            await store.PutCorrectionHorizon(36, Jana, default);
        }

        Assert.Equal(
            [SettingKinds.CorrectionHorizon, SettingKinds.DunningPolicy, SettingKinds.Issuer, SettingKinds.Tariff],
            (await journal.List(new SettingsFilter(), null, 10, default)).Select(entry => entry.Kind));
    }

    [Fact]
    public async Task A_key_is_told_of_without_its_secret_and_its_hash()
    {
        var (key, plain) = await new ApiKeyStore(database.Source).Create("crm", ["billing"], Jana, default);
        await new ApiKeyStore(database.Source).Revoke(key.Id, Jana with { At = Now.AddDays(1) }, default);
        await new ApiKeyStore(database.Source).Revoke(key.Id, Jana with { At = Now.AddDays(2) }, default);

        var entries = await journal.List(new SettingsFilter(SettingKinds.ApiKey), null, 10, default);
        Assert.Equal(2, entries.Count);
        Assert.Contains("\"revokedAt\"", entries[0].After, StringComparison.Ordinal);
        var hash = await database.Scalar<string>("SELECT encode(hash, 'hex') FROM api_keys");
        var whole = await database.Scalar<string>("SELECT string_agg(j::text, '') FROM settings_journal j");
        Assert.DoesNotContain(plain, whole, StringComparison.Ordinal);
        Assert.DoesNotContain(hash!, whole, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revisions_have_no_gap_however_many_write_at_once()
    {
        await Task.WhenAll(Enumerable.Range(1, 12).Select(i => store.PutTariff(Fibre(499) with { Code = $"T{i % 6}", Name = $"{i}" }, Jana, default)));
        await store.PutTariff(Fibre(499) with { Code = "T1", Versions = [] }, Jana, default).ContinueWith(refused => Assert.True(refused.IsFaulted), TaskScheduler.Default);
        await store.PutCorrectionHorizon(36, Jana, default);

        Assert.Equal(Enumerable.Range(1, 13).Reverse().Select(i => (long)i), (await journal.List(new SettingsFilter(), null, 20, default)).Select(entry => entry.Revision));
        Assert.Empty((await LedgerAudit.Run(database.Source, null, default)).Findings);
    }

    [Fact]
    public async Task Whoever_looked_at_an_older_revision_is_told_both_and_changes_nothing()
    {
        await store.PutTariff(Fibre(499), Jana, default);
        await store.PutTariff(Fibre(549), Jana, default);

        var late = await Assert.ThrowsAsync<SettingMovedOnException>(() => store.PutTariff(Fibre(599), Jana with { BasedOn = 1 }, default));

        Assert.Equal((2L, 1L), (late.Current!.Revision, late.BasedOn!.Revision));
        Assert.Equal(2, (await store.Load(default)).Catalogue.Revision);
        await store.PutTariff(Fibre(599), Jana with { BasedOn = 2 }, default);
        Assert.Equal(3, (await store.Load(default)).Revisions.Of(SettingKinds.Tariff, "FIBRE"));
    }

    [Fact]
    public async Task A_change_that_is_asked_for_again_undoes_nothing_that_came_after_it()
    {
        var once = Jana with { Command = Guid.Parse("00000000-0000-0000-0000-000000000001"), BasedOn = 0 };
        await store.PutDunningPolicy(Policy(5), once, default);
        await store.PutDunningPolicy(Policy(7), Jana, default);

        await store.PutDunningPolicy(Policy(5), once, default);

        Assert.Equal(7, (await store.Load(default)).DunningPolicy.Steps[0].DaysOverdue);
        Assert.Equal(2, (await journal.List(new SettingsFilter(), null, 10, default)).Count);
    }

    [Fact]
    public async Task The_journal_is_read_by_kind_key_actor_and_time_the_newest_first()
    {
        var petr = new Authorship(new Actor(ActorKind.Person, "7", "Petr"), Now.AddDays(2));
        await store.PutTariff(Fibre(499), Jana, default);
        await store.PutTariff(Fibre(499) with { Code = "DSL" }, petr, default);
        await store.PutTariff(Fibre(549), petr with { At = Now.AddDays(3) }, default);
        await store.PutCorrectionHorizon(36, Jana, default);

        Assert.Equal([3, 2, 1], await Found(new SettingsFilter(SettingKinds.Tariff)));
        Assert.Equal([3, 1], await Found(new SettingsFilter(SettingKinds.Tariff, "FIBRE")));
        Assert.Equal([3, 2], await Found(new SettingsFilter(ActorKind: ActorKind.Person, ActorId: "7")));
        Assert.Equal([3], await Found(new SettingsFilter(From: Now.AddDays(2).AddSeconds(1))));
        Assert.Equal([4, 2, 1], await Found(new SettingsFilter(Before: Now.AddDays(3))));
        Assert.Equal([2, 1], (await journal.List(new SettingsFilter(), before: 3, 10, default)).Select(entry => entry.Revision));

        async Task<IEnumerable<long>> Found(SettingsFilter filter) => (await journal.List(filter, null, 10, default)).Select(entry => entry.Revision);
    }

    [Theory]
    [InlineData("UPDATE settings_journal SET after = replace(after, '549.00', '1.00') WHERE revision = 2", AuditCode.SettingsJournalBroken)]
    [InlineData("UPDATE settings_journal SET before = NULL WHERE revision = 2", AuditCode.SettingsJournalBroken)]
    [InlineData("UPDATE settings_journal SET actor_id = '8' WHERE revision = 1", AuditCode.SettingsJournalBroken)]
    [InlineData("UPDATE settings_journal SET actor_name = 'Petr' WHERE revision = 1", AuditCode.SettingsJournalBroken)]
    [InlineData("UPDATE settings_journal SET reason = NULL WHERE revision = 1", AuditCode.SettingsJournalBroken)]
    [InlineData("UPDATE settings_journal SET at = at + interval '1 microsecond' WHERE revision = 1", AuditCode.SettingsJournalBroken)]
    [InlineData("DELETE FROM settings_journal WHERE revision = 1", AuditCode.SettingsJournalBroken)]
    [InlineData("DELETE FROM settings_journal WHERE revision = 3", AuditCode.SettingDiffers)]
    [InlineData("UPDATE tariffs SET definition = replace(definition, '549.00', '1.00')", AuditCode.SettingDiffers)]
    [InlineData("UPDATE settings SET value = replace(value, '5', '6') WHERE key = 'dunning-policy'", AuditCode.SettingDiffers)]
    [InlineData("UPDATE issuers SET definition = replace(definition, 'Praha', 'Brno') WHERE revision = 1", AuditCode.SettingDiffers)]
    [InlineData("UPDATE api_keys SET scopes = '{operator}'", AuditCode.SettingDiffers)]
    [InlineData("INSERT INTO settings (key, value) VALUES ('correction-horizon-months', '1')", AuditCode.SettingDiffers)]
    public async Task The_audit_names_what_was_changed_behind_the_journals_back(string tampering, AuditCode code)
    {
        await store.PutTariff(Fibre(499), Jana, default);
        await store.PutTariff(Fibre(549), Jana, default);
        await store.PutDunningPolicy(Policy(5), Jana, default);
        await store.PutIssuer(Provider, Jana, default);
        await store.PutIssuer(Provider with { Web = "example.net" }, Jana, default);
        await new ApiKeyStore(database.Source).Create("crm", ["billing"], Jana, default);
        Assert.Empty((await LedgerAudit.Run(database.Source, null, default)).Findings);

        await database.Tamper(tampering);

        Assert.Contains((await LedgerAudit.Run(database.Source, null, default)).Findings, finding => finding.Code == code);
    }

    [Fact]
    public async Task What_a_person_may_ask_to_be_forgotten_is_erased_and_the_chain_still_verifies()
    {
        await using (var connection = await database.Source.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            var turn = await SettingsTurn.Take(transaction, default);
            await turn.Append(new SettingsChange("credentials", "7", "credentials.v1", null, """{"act":"link made"}""", """{"name":"Jana Nová"}"""), Jana, default);
            await transaction.CommitAsync();
        }

        await database.Execute("UPDATE settings_journal SET actor_name = NULL, reason = NULL, personal = NULL, salt = NULL WHERE revision = 1");

        Assert.Empty((await LedgerAudit.Run(database.Source, null, default)).Findings);
        Assert.Equal(("7", ""), ((await journal.Find(1, default))!.By.Id, (await journal.Find(1, default))!.By.Name));
    }

    private static readonly Issuer Provider = new(
        IssuerId.Default, 0, "Provider s.r.o.", new PostalAddress("Dlouhá 1", "Praha", "110 00", "CZ"), "12345678", "CZ12345678", null, Currency.Czk,
        new IssuerBankAccount("123-456789/0100", "CZ6508000000192000145399", null), null, null, null);

    private static DunningPolicy Policy(int days) =>
        new("usual", [new DunningStep("first", days, [Money.Czk(100)], DunningActions.Email, 0)], ThankOnClearing: true);

    private static TariffTerms Fibre(int price) => new(
        "FIBRE", "Optika", ServiceKind.Internet, PriceMode.Gross, VatCategory.Standard, [new TariffVersion(new DateOnly(2026, 1, 1), Money.Czk(price))]);
}
