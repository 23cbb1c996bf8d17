using IspBilling.Access.People;
using IspBilling.Access.Ring;
using IspBilling.Access.SignIn;
using IspBilling.Access.Rights;
using IspBilling.Domain;
using IspBilling.Postgres.Access;
using IspBilling.Postgres.Audit;
using IspBilling.Postgres.Settings;
using IspBilling.TestKit;

namespace IspBilling.Access.Tests;

/// <summary>Who lets whom in, and why, stands in the settings journal, and what opens a door does not.</summary>
public sealed class PeopleInTheJournal(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const string Password = "correct horse battery";
    private Door door = null!;

    public async Task InitializeAsync() => door = await Door.Open(postgres);

    public async Task DisposeAsync() => await door.DisposeAsync();

    [Fact]
    public async Task Every_change_of_a_person_has_an_entry_that_says_who_and_why()
    {
        var eva = await door.Person("eva@example.com", Password, "owner");
        var adam = await door.Person("adam@example.com", Password, "clerk");

        await door.People.SetRoles(adam, ["clerk", "sales"], Asks.With(RightSet.All, "helps in the shop"), default);
        await door.People.Disable(adam, Asks.With(RightSet.All, "left"), default);
        await door.People.Remove(adam, Asks.WithAll, default);

        var entries = await Entries("person", adam.Value);
        Assert.Equal([null, "helps in the shop", "left", null], entries.Select(entry => entry.Reason));
        Assert.All(entries, entry => Assert.Equal(new Actor(ActorKind.Person, "77", "Jana"), entry.By));
        Assert.Contains("""["clerk","sales"]""", entries[1].After!.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(entries.Skip(1).Select(entry => entry.Before), entries.SkipLast(1).Select(entry => entry.After));
        Assert.Contains("removedAt", entries[^1].After, StringComparison.Ordinal);
        Assert.Single(await Entries("person", eva.Value));
        await IsClean();
    }

    [Fact]
    public async Task A_link_and_a_password_are_told_of_and_not_told()
    {
        var eva = await door.Person("eva@example.com", Password, "owner");
        var link = (await door.People.NewLink(eva, Asks.WithAll, default)).Link!;
        await door.People.Follow(link.Token, "another horse battery", first: null, default);

        var entries = await Entries("credentials", eva.Value);
        Assert.Equal(["Jana", "eva", "Jana", "eva"], entries.Select(entry => entry.By.Name));
        Assert.Equal(["link made", "password chosen", "link made", "password chosen"], entries.Select(entry => Act(entry.After!)));
        await IsClean();
    }

    [Fact]
    public async Task What_takes_nothing_away_is_not_told_and_a_lock_that_ends_is()
    {
        var eva = await door.Person("eva@example.com", Password, "owner");
        var before = (await Entries("credentials", eva.Value)).Count;

        await door.People.RemoveFactor(eva, Asks.WithAll, default);
        await door.People.Enable(eva, Asks.WithAll, default);
        Assert.Equal(before, (await Entries("credentials", eva.Value)).Count);
        await door.Database.Execute($"UPDATE people SET locked_until = now() WHERE id = {eva.Value}");
        await door.People.Enable(eva, Asks.With(RightSet.All, "called, it was her"), default);

        var entry = (await Entries("credentials", eva.Value))[^1];
        Assert.Equal(("lock ended", "called, it was her"), (Act(entry.After!), entry.Reason));
        Assert.Contains("eva@example.com", (await Entries("person", eva.Value))[0].Personal, StringComparison.Ordinal);
        await IsClean();
    }

    [Fact]
    public async Task A_role_has_an_entry_when_it_comes_changes_and_goes()
    {
        await door.People.PutRole("night", "Night", [Right.ReadMoney], Asks.WithAll, default);
        await door.People.PutRole("night", "Night", [Right.ReadMoney], Asks.WithAll, default);
        await door.People.PutRole("night", "Night", [Right.ReadMoney, Right.ReadClients], Asks.WithAll, default);
        await door.People.RemoveRole("night", Asks.With(RightSet.All, "nobody works at night"), default);

        var entries = await Entries("role", "night");
        Assert.Equal(3, entries.Count);
        Assert.Equal((null, "nobody works at night"), (entries[^1].After, entries[^1].Reason));
        await IsClean();
    }

    [Fact]
    public async Task What_was_refused_leaves_no_entry()
    {
        var owner = await door.Person("owner@example.com", Password, "owner");
        var before = await Entries("person", owner.Value);

        Assert.Equal(PeopleRefusal.LastWhoManages, (await door.People.Disable(owner, Asks.WithAll, default)).Refusal);

        Assert.Equal(before.Count, (await Entries("person", owner.Value)).Count);
    }

    [Fact]
    public async Task A_session_that_somebody_else_ends_has_an_entry_and_one_s_own_has_none()
    {
        var eva = await door.Person("eva@example.com", Password, "owner");
        await door.SignIn("eva@example.com", Password);
        await door.SignIn("eva@example.com", Password);
        var sessions = await door.Get<SessionStore>().List(eva, default, 10, door.Clock.GetUtcNow(), SessionTerms.Usual, default);

        Assert.True(await door.Get<SessionStore>().RevokeOwn(sessions[0].Id, eva, door.Clock.GetUtcNow(), default));
        Assert.True(await door.Get<SessionStore>().Revoke(sessions[1].Id, Asks.WithAll.By, default));
        Assert.False(await door.Get<SessionStore>().Revoke(new SessionId(99), Asks.WithAll.By, default));

        var entry = Assert.Single(await door.Get<SettingsJournal>().List(new SettingsFilter("session"), null, 10, default));
        Assert.Equal($"{sessions[1].Id.Value}", entry.Key);
        await IsClean();
    }

    [Fact]
    public async Task A_secret_is_told_of_and_not_told()
    {
        var secrets = door.Get<SecretStore>();
        await secrets.Put("smtp", "password of the server", Asks.WithAll.By, default);
        await secrets.Remove("smtp", Asks.With(RightSet.All, "another server").By, default);

        var entries = await Entries("secret", "smtp");
        Assert.Equal([null, "another server"], entries.Select(entry => entry.Reason));
        Assert.Equal(0, await door.Database.Scalar<long>("SELECT count(*) FROM settings_journal WHERE settings_journal::text LIKE '%password of the server%'"));
        await IsClean();
    }

    [Fact]
    public async Task A_role_that_was_given_behind_the_journal_s_back_is_found()
    {
        var clerk = await door.Person("clerk@example.com", Password, "clerk");
        await door.Database.Execute($"UPDATE people SET roles = '{{owner}}' WHERE id = {clerk.Value}");

        var report = await LedgerAudit.Run(door.Database.Source, progress: null, default);

        Assert.Contains(report.Findings, finding => finding.Code == AuditCode.SettingDiffers && finding.Subject.Contains($"person {clerk.Value}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("UPDATE people SET password = 'AQAAAA'", "credentials")]
    [InlineData("UPDATE people SET password = NULL", "credentials")]
    [InlineData("UPDATE people SET factor_confirmed = false", "credentials")]
    [InlineData("UPDATE people SET factor = '\\x00'", "credentials")]
    [InlineData("UPDATE recovery_codes SET hash = sha256('mine') WHERE hash = (SELECT hash FROM recovery_codes ORDER BY hash LIMIT 1)", "credentials")]
    [InlineData("UPDATE people SET provider = 'https://idp', subject = 'mine'", "credentials")]
    [InlineData("UPDATE people SET login = 'mine@example.com'", "login and name")]
    [InlineData("UPDATE people SET name = 'Somebody'", "login and name")]
    [InlineData("UPDATE api_keys SET hash = sha256('mine')", "api-key")]
    [InlineData("UPDATE sessions SET revoked_at = NULL", "session")]
    public async Task What_opens_a_door_and_was_put_in_behind_the_journal_s_back_is_found(string tampering, string subject)
    {
        var eva = await door.Person("eva@example.com", Password, "owner");
        await WithFactor(eva);
        await new ApiKeyStore(door.Database.Source).Create("crm", [], Asks.WithAll.By, default);
        var session = await door.Get<SessionStore>().Add(eva, [1], "password", null, null, door.Clock.GetUtcNow(), SessionTerms.Usual, default);
        await door.Get<SessionStore>().Revoke(session, Asks.WithAll.By, default);
        var before = await LedgerAudit.Run(door.Database.Source, progress: null, default);
        Assert.Equal((0, 0), (before.Findings.Count, before.Unverified));

        await door.Database.Execute(tampering);

        var finding = Assert.Single((await LedgerAudit.Run(door.Database.Source, progress: null, default)).Findings);
        Assert.Equal(AuditCode.SettingDiffers, finding.Code);
        Assert.Contains(subject, finding.Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_factor_that_is_asked_for_from_now_on_has_an_entry()
    {
        var eva = await door.Person("eva@example.com", Password, "owner");
        await WithFactor(eva);

        var entry = (await Entries("credentials", eva.Value))[^1];
        Assert.Equal(("second factor confirmed", ActorKind.Person, "Eva"), (Act(entry.After!), entry.By.Kind, entry.By.Name));
        await IsClean();
    }

    [Fact]
    public async Task Means_that_an_earlier_release_stored_are_counted_and_not_found_fault_with()
    {
        var eva = await door.Person("eva@example.com", Password, "owner");
        var stored = await new ApiKeyStore(door.Database.Source).Create("crm", [], Asks.WithAll.By, default);
        await door.Database.Tamper("DELETE FROM settings_journal");
        await using (var connection = await door.Database.Source.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            // As the migration to the settings journal wrote them, without fingerprints.
            var turn = await SettingsTurn.Take(transaction, default);
            var person = await door.Database.Scalar<string>("SELECT json_strip_nulls(json_build_object('roles', to_json(roles), 'createdAt', to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')))::text FROM people");
            var key = await door.Database.Scalar<string>("SELECT json_build_object('name', name, 'scopes', to_json(scopes), 'createdAt', to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'))::text FROM api_keys");
            await turn.Append(new SettingsChange("person", $"{eva.Value}", "person.v1", null, person, """{"login":"eva@example.com","name":"eva"}"""), Asks.WithAll.By, default);
            await turn.Append(new SettingsChange("api-key", $"{stored.Key.Id.Value}", "api-key.v1", null, key), Asks.WithAll.By, default);
            await transaction.CommitAsync();
        }

        var report = await LedgerAudit.Run(door.Database.Source, progress: null, default);
        Assert.Equal((0, 2), (report.Findings.Count, report.Unverified));

        // A key that is revoked now has no fingerprint either; a password that is chosen now has.
        await new ApiKeyStore(door.Database.Source).Revoke(stored.Key.Id, Asks.WithAll.By, default);
        await door.People.NewLink(eva, Asks.WithAll, default);
        report = await LedgerAudit.Run(door.Database.Source, progress: null, default);
        Assert.Equal((0, 1), (report.Findings.Count, report.Unverified));
    }

    [Fact]
    public async Task A_role_is_changed_only_by_who_saw_it_as_it_is()
    {
        await door.People.PutRole("night", "Night", [Right.ReadMoney], Based(0), default);
        var first = Assert.Single(await door.Get<PeopleStore>().Roles(default)).Revision!.Value;
        await door.People.PutRole("night", "Night", [Right.ReadClients], Based(first), default);

        var late = await Assert.ThrowsAsync<SettingMovedOnException>(() => door.People.PutRole("night", "Night", [Right.ReadReports], Based(first), default));
        Assert.Equal((first, first + 1), (late.BasedOn!.Revision, late.Current!.Revision));
        await Assert.ThrowsAsync<SettingMovedOnException>(() => door.People.RemoveRole("night", Based(first), default));
        Assert.Null((await door.People.RemoveRole("night", Based(first + 1), default)).Refusal);
        Assert.Null((await door.People.PutRole("night", "Night", [Right.ReadMoney], Based(0), default)).Refusal);
        await IsClean();

        static Asker Based(long revision) => Asks.WithAll with { By = Asks.WithAll.By with { BasedOn = revision } };
    }

    [Fact]
    public async Task Of_two_who_enter_the_last_secret_together_one_is_refused()
    {
        var secrets = door.Get<SecretStore>();
        for (var i = 1; i < SecretStore.Max; i++) Assert.True(await secrets.Put($"s/{i}", "x", Asks.WithAll.By, default));

        var last = await Task.WhenAll(secrets.Put("last/a", "x", Asks.WithAll.By, default), secrets.Put("last/b", "x", Asks.WithAll.By, default));

        Assert.Equal([false, true], last.Order());
        Assert.True(await secrets.Put("s/1", "another", Asks.WithAll.By with { At = Asks.WithAll.By.At.AddDays(1) }, default));
        Assert.Equal(SecretStore.Max, (await secrets.List("", SecretStore.Max + 1, default)).Count);
    }

    private async Task WithFactor(PersonId person)
    {
        var factor = door.Get<SecondFactor>();
        var begun = (await factor.Begin(person, "eva@example.com", default))!;
        var code = new OtpNet.Totp(OtpNet.Base32Encoding.ToBytes(begun.Secret)).ComputeTotp(door.Clock.GetUtcNow().UtcDateTime);
        Assert.NotNull(await factor.Confirm(person, "Eva", code, default));
    }

    private async Task IsClean() => Assert.Empty((await LedgerAudit.Run(door.Database.Source, progress: null, default)).Findings);

    private Task<IReadOnlyList<SettingsEntry>> Entries(string kind, int key) => Entries(kind, $"{key}");

    /// <summary>The oldest first.</summary>
    private async Task<IReadOnlyList<SettingsEntry>> Entries(string kind, string key) =>
        [.. (await door.Get<SettingsJournal>().List(new SettingsFilter(kind, key), null, 50, default)).Reverse()];

    private static string Act(string json) => System.Text.Json.JsonDocument.Parse(json).RootElement.GetProperty("act").GetString()!;
}
