using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IspBilling.Domain;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Json;
using IspBilling.Engine.Tests.Journal;
using IspBilling.Postgres.Audit;
using IspBilling.Postgres.Terms;

namespace IspBilling.Engine.Tests.Audit;

/// <summary>What of an event cannot be changed unseen, what can be erased, and how a chain of an earlier release goes on.</summary>
public sealed class ChainAuditTests : IAsyncLifetime
{
    private SmallBooks _books = null!;

    public async Task InitializeAsync() => _books = await SmallBooks.Write();

    public async Task DisposeAsync() => await _books.DisposeAsync();

    [Theory]
    [InlineData("actor_kind = 'Person'")]
    [InlineData("actor_kind = 'Reminder', personal = NULL")]
    [InlineData("actor_id = '8'")]
    [InlineData("by = 'another'")]
    [InlineData("at = at + interval '1 microsecond'")]
    [InlineData("command = gen_random_uuid()")]
    [InlineData("name = 'account-closed.v1'")]
    public async Task Who_asked_when_and_by_which_command_cannot_be_changed_unseen(string change)
    {
        await _books.Database.Tamper($"UPDATE journal SET {change} WHERE account_id = 2 AND version = 2");

        await Names(AuditCode.ChainBroken, "version 2, ");
    }

    [Fact]
    public async Task A_personal_text_cannot_be_changed_unseen()
    {
        await ChangePersonal(2, 1, personal => personal["parts"]![0]!["value"] = "Hana Nováková");

        await Names(AuditCode.PersonalTextDiffers, "version 1, profile-changed.v1");
    }

    [Fact]
    public async Task A_personal_text_cannot_be_changed_unseen_with_a_salt_that_goes_with_it()
    {
        await ChangePersonal(2, 1, personal => personal["parts"]![0] = JsonNode.Parse("""{"salt":"AAAAAAAAAAAAAAAAAAAAAA==","value":"Hana"}"""));

        await Names(AuditCode.PersonalTextDiffers, "version 1, profile-changed.v1");
    }

    [Theory]
    [InlineData("personal = NULL", AuditCode.ChainBroken)]
    [InlineData("""personal = '{"parts":[]}'""", AuditCode.ChainBroken)]
    [InlineData("personal = 'no JSON'", AuditCode.ChainBroken)]
    [InlineData("""personal = convert_to(jsonb_set(convert_from(personal, 'UTF8')::jsonb, '{parts,0}', '{"value":"Hana"}')::text, 'UTF8')""", AuditCode.PersonalTextDiffers)]
    [InlineData("""personal = convert_to((convert_from(personal, 'UTF8')::jsonb #- '{parts,0}')::text, 'UTF8')""", AuditCode.PersonalTextDiffers)]
    public async Task Something_else_than_an_erasure_of_what_is_personal_is_named(string change, AuditCode code)
    {
        await _books.Database.Tamper($"UPDATE journal SET {change} WHERE account_id = 2 AND version = 1");

        await Names(code, "version 1, profile-changed.v1");
    }

    [Fact]
    public async Task An_erased_reason_and_the_erased_name_of_who_gave_it_leave_the_chain_whole()
    {
        var erased = (await StoredRows.EntriesOf(_books.Database.Source, new AccountId(1))).Single(entry => entry.Name == "dunning-exemption-set.v1");
        var salt = JsonNode.Parse(erased.Personal)!["actor"]!["salt"]!.GetValue<string>();
        await ChangePersonal(1, erased.Version, personal =>
        {
            personal["parts"]![0] = new JsonObject();
            personal["actor"] = new JsonObject { ["sha256"] = Convert.ToBase64String(Commitment(salt, Writer.By.Name)) };
        }, isErasure: true);
        await _books.Database.Execute($"UPDATE journal SET by = '' WHERE account_id = 1 AND version = {erased.Version}");

        await IsClean();
        var left = (await StoredRows.EntriesOf(_books.Database.Source, new AccountId(1)))[(int)erased.Version - 1];
        Assert.Equal("(erased)", Assert.IsType<DunningExemptionSet>(JournalJson.ReadEvent(left.Name, left.Payload, left.Personal)).Reason);
        Assert.Equal(new Actor(ActorKind.ApiKey, Writer.By.Id, ""), left.Origin.By);

        // What is left of the event is as firm as before.
        await _books.Database.Tamper($"UPDATE journal SET actor_id = '8' WHERE account_id = 1 AND version = {erased.Version}");
        await Names(AuditCode.ChainBroken, $"version {erased.Version}, ");
    }

    [Fact]
    public async Task A_client_whose_particulars_are_erased_loads_and_bills_without_them()
    {
        await ChangePersonal(3, 1, personal => personal["parts"] = new JsonArray([.. personal["parts"]!.AsArray().Select(_ => new JsonObject())]), isErasure: true);
        var left = (await StoredRows.EntriesOf(_books.Database.Source, new AccountId(3)))[0];
        var erased = Assert.IsType<ProfileChanged>(JournalJson.ReadEvent(left.Name, left.Payload, left.Personal));
        // As an erasure will: the read models follow, and the state is folded from its events when it is next loaded.
        await _books.Database.Execute($"UPDATE account_profiles SET profile = convert_to('{JsonSerializer.Serialize(erased.Profile, JournalJson.Options)}', 'UTF8') WHERE account_id = 3");
        await _books.Database.Execute("UPDATE clients SET name = '(erased)', email = NULL, phone = NULL, company_number = NULL, terms_of = NULL WHERE account_id = 3");
        await new TermFilling(_books.Database.Source).Fill(progress: null, CancellationToken.None);
        await _books.Database.Execute("UPDATE accounts SET state = set_byte(state, 0, 0) WHERE id = 3");

        await using var journal = _books.OpenJournal();
        var writer = new Writer(journal, 3);
        await writer.Load();
        await writer.Commit(Given.Bill("2026-05-01"), "2026-05-01");

        Assert.Equal(("(erased)", "(erased)"), (writer.State.RequiredProfile.Name, writer.State.RequiredProfile.Address.Street));
        await IsClean();
    }

    [Fact]
    public async Task A_chain_of_an_earlier_release_goes_on_in_the_format_of_this_one()
    {
        await TakeBack(account: 1, versions: int.MaxValue);
        await IsClean();

        await using (var journal = _books.OpenJournal())
        {
            var writer = new Writer(journal, 1);
            await writer.Load();
            await writer.Commit(new SetDunningExemption(!writer.State.Dunning.Exempt, "moved away"), "2026-05-01");
        }

        await IsClean();
        Assert.Equal(1, await _books.Database.Scalar<long>("SELECT count(*) FROM journal WHERE account_id = 1 AND actor_kind IS NOT NULL"));
    }

    [Fact]
    public async Task An_event_that_claims_the_earlier_format_behind_one_of_this_is_named_though_its_hash_fits()
    {
        var last = await _books.Database.Scalar<long>("SELECT version FROM accounts WHERE id = 2");
        await TakeBack(account: 2, versions: 1, from: (int)last);

        await Names(AuditCode.ChainFormatWentBack, $"version {last}, ");
    }

    [Fact]
    public async Task A_personal_part_in_an_event_of_an_earlier_release_is_named()
    {
        await TakeBack(account: 1, versions: int.MaxValue);
        await _books.Database.Tamper("UPDATE journal SET personal = '{\"parts\":[{}]}' WHERE account_id = 1 AND version = 3");

        await Names(AuditCode.PersonalTextDiffers, "version 3, ");
    }

    private async Task Names(AuditCode code, string subject)
    {
        var finding = Assert.Single((await _books.Audit()).Findings);
        Assert.Equal(code, finding.Code);
        Assert.StartsWith(subject, finding.Subject, StringComparison.Ordinal);
    }

    private async Task IsClean() => Assert.Empty((await _books.Audit()).Findings);

    private async Task ChangePersonal(long account, long version, Action<JsonNode> change, bool isErasure = false)
    {
        var row = (await StoredRows.EntriesOf(_books.Database.Source, new AccountId(account)))[(int)version - 1];
        var personal = JsonNode.Parse(row.Personal)!;
        change(personal);
        var update = $"UPDATE journal SET personal = '\\x{Convert.ToHexString(Encoding.UTF8.GetBytes(personal.ToJsonString()))}' WHERE account_id = {account} AND version = {version}";
        await (isErasure ? _books.Database.Execute(update) : _books.Database.Tamper(update));
    }

    /// <summary>Rewrites events as the release before would have stored them, and the chain with them.</summary>
    private async Task TakeBack(long account, int versions, int from = 1)
    {
        var hash = Array.Empty<byte>();
        foreach (var entry in await StoredRows.EntriesOf(_books.Database.Source, new AccountId(account)))
        {
            if (entry.Version < from || entry.Version - from >= versions)
            {
                hash = [.. entry.Hash];
                continue;
            }

            var happened = JournalJson.ReadEvent(entry.Name, entry.Payload, entry.Personal);
            var payload = JsonSerializer.SerializeToUtf8Bytes(happened, happened.GetType(), JournalJson.Options);
            hash = EarlierHash(hash, account, entry.Version, entry.Name, payload);
            await _books.Database.Tamper(
                $"""
                UPDATE journal SET actor_kind = NULL, actor_id = NULL, personal = NULL, by = 'CRM (key 7)', payload = '\x{Convert.ToHexString(payload)}',
                    hash = '\x{Convert.ToHexString(hash)}' WHERE account_id = {account} AND version = {entry.Version}
                """);
        }

        await _books.Database.Execute($"UPDATE accounts SET head = '\\x{Convert.ToHexString(hash)}' WHERE id = {account}");
    }

    /// <summary>As releases up to 2026-11-26 computed it.</summary>
    private static byte[] EarlierHash(byte[] before, long account, long version, string name, byte[] payload)
    {
        var numbers = Convert.FromHexString(string.Create(CultureInfo.InvariantCulture, $"{account:X16}{version:X16}"));
        return SHA256.HashData([.. before, .. numbers, .. Encoding.ASCII.GetBytes(name), 0, .. payload]);
    }

    private static byte[] Commitment(string salt, string text) => SHA256.HashData([.. Convert.FromBase64String(salt), .. Encoding.UTF8.GetBytes(text)]);
}
