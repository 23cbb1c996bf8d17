using System.Collections.Immutable;
using System.Data;
using System.Globalization;
using System.Text.Json;
using Dapper;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Json;
using IspBilling.Engine.Outgoing;
using IspBilling.Engine.Wording;
using IspBilling.Postgres.Outgoing;
using Npgsql;

namespace IspBilling.Postgres.Settings;

/// <summary>
/// Tariffs, issuers and policy of the provider, in the JSON contract of the journal. What stands in the tables follows from the settings
/// journal, in which every change has its entry (<see cref="SettingsTurn"/>); to say what is already so changes nothing and has none.
/// </summary>
public sealed class SettingsStore(NpgsqlDataSource database)
{
    private const string CatalogueRevision = "catalogue-revision";
    private const string DunningPolicyKey = "dunning-policy";
    private const string GroupPolicyKeys = "dunning-policy/";
    private const string OutreachRulesKey = "outreach-rules";
    private const string RestrictionReleaseKey = "restriction-release";
    private const string CorrectionHorizon = "correction-horizon-months";
    private const string SmsGatewayKey = "sms-gateway";
    private const string DemoMark = "demo";
    private const string TemplatePrefix = "template:";
    private const string BrandPrefix = "brand:";

    private static readonly DunningPolicy NoDunning = new("none", [], ThankOnClearing: false);

    /// <summary>Groups of clients with a policy of their own.</summary>
    public const int MaxGroupPolicies = 100;

    /// <summary>Everything, as of one moment. Without a stored policy nobody is reminded.</summary>
    public async Task<ProviderSettings> Load(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        var tariffs = await Query<string>(connection, "SELECT definition FROM tariffs ORDER BY id", cancellation);
        var issuers = await Query<string>(connection, "SELECT DISTINCT ON (id) definition FROM issuers ORDER BY id, revision DESC", cancellation);
        var policy = await Setting(connection, DunningPolicyKey, cancellation);
        var horizon = await Setting(connection, CorrectionHorizon, cancellation);
        var revisions = await Revisions(connection, cancellation);
        var channels = await ChannelTable.Read(connection);
        return new ProviderSettings(
            TariffCatalogue.Of(await Revision(connection, cancellation), tariffs.Select(Read<Tariff>)),
            VatRates.Known,
            issuers.Select(Read<Issuer>).ToImmutableDictionary(issuer => issuer.Id),
            policy is null ? NoDunning : Read<DunningPolicy>(policy),
            horizon is null ? ProviderSettings.DefaultCorrectionHorizonMonths : int.Parse(horizon, CultureInfo.InvariantCulture))
        {
            Revisions = revisions,
            Templates = (await Rows(connection, TemplatePrefix, cancellation)).ToImmutableDictionary(
                row => TemplateKey.Read(row.Key) ?? throw new FormatException($"'{row.Key}' names no template"),
                row => new StoredTemplate(Read<MessageTemplate>(row.Value), revisions.Of(SettingKinds.Template, row.Key) ?? 0)),
            Brands = (await Rows(connection, BrandPrefix, cancellation)).ToImmutableDictionary(
                row => new IssuerId(int.Parse(row.Key, CultureInfo.InvariantCulture)), row => Read<MessageBrand>(row.Value)),
            GroupPolicies = await GroupPolicies(connection, cancellation),
            Outreach = await Setting(connection, OutreachRulesKey, cancellation) is { } rules ? Read<OutreachRules>(rules) : OutreachRules.None,
            ReleasedOn = await Setting(connection, RestrictionReleaseKey, cancellation) is { } released ? Read<DateOnly>(released) : null,
            Delivering = Delivering(channels),
            PostsLetters = channels.Contains(MessageChannel.Print),
            BankDataThrough = await BankDataThrough(connection, cancellation),
        };
    }

    /// <summary>The policy of a group of clients; null takes it away, and they are dunned like everybody.</summary>
    /// <inheritdoc cref="PutDunningPolicy"/>
    /// <exception cref="ArgumentException">There are <see cref="MaxGroupPolicies"/> others, or the policy has too many steps, or the group no name.</exception>
    public async Task PutGroupPolicy(string group, DunningPolicy? policy, Authorship by, CancellationToken cancellation)
    {
        if (policy is { Steps.Length: > DunningPolicy.MaxSteps }) throw new ArgumentException($"at most {DunningPolicy.MaxSteps} steps expected", nameof(policy));
        if (group.Length is 0 or > AccountProfile.MaxGroup || group == SettingKinds.OnlyOne)
            throw new ArgumentException($"a name of 1 to {AccountProfile.MaxGroup} characters other than '{SettingKinds.OnlyOne}' expected", nameof(group));
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var turn = await SettingsTurn.Take(transaction, cancellation);
        if (await turn.IsDone(SettingKinds.DunningPolicy, group, by, cancellation)) return;
        var (row, after) = (GroupPolicyKeys + group, policy is null ? null : Write(policy));
        var before = await Setting(connection, row, cancellation);
        if (before == after) return;
        if (before is null && (await GroupPolicies(connection, cancellation)).Count >= MaxGroupPolicies)
            throw new ArgumentException($"at most {MaxGroupPolicies} groups with a policy of their own expected", nameof(group));
        if (after is null) await connection.ExecuteAsync(new CommandDefinition("DELETE FROM settings WHERE key = @row", new { row }, cancellationToken: cancellation));
        else await Set(connection, row, after, cancellation);
        await ReviewDebts(connection, cancellation);
        await turn.Append(new SettingsChange(SettingKinds.DunningPolicy, group, "dunning-policy.v1", before, after), by, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>From now on clients are reached, and restricted, by these rules.</summary>
    /// <exception cref="SettingMovedOnException">Somebody else changed the rules since the author looked at them.</exception>
    public Task PutOutreachRules(OutreachRules rules, Authorship by, CancellationToken cancellation) => PutOnly(
        SettingKinds.OutreachRules, "outreach-rules.v1", OutreachRulesKey, Write(rules), by, connection => ReviewDebts(connection, cancellation), cancellation);

    /// <summary>A person looked at what is restricted on a day, and lets the brake go.</summary>
    public Task ReleaseRestrictions(DateOnly day, Authorship by, CancellationToken cancellation) => PutOnly(
        SettingKinds.RestrictionRelease, "restriction-release.v1", RestrictionReleaseKey, Write(day), by, connection => ReviewDebts(connection, cancellation), cancellation);

    /// <summary>A new tariff, or other terms of the one with that code. A change gives the catalogue a new revision.</summary>
    /// <remarks>No price ever disappears: past charges were made from it.</remarks>
    /// <exception cref="ArgumentException">The terms have a <see cref="TariffTerms.Problem"/>.</exception>
    /// <exception cref="SettingMovedOnException">Somebody else changed the tariff since the author looked at it.</exception>
    public async Task<Tariff> PutTariff(TariffTerms terms, Authorship by, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var turn = await SettingsTurn.Take(transaction, cancellation);
        var stored = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "SELECT definition FROM tariffs WHERE code = @code", new { code = terms.Code }, cancellationToken: cancellation));
        var before = stored is null ? null : Read<Tariff>(stored);
        if (await turn.IsDone(SettingKinds.Tariff, terms.Code, by, cancellation) && before is not null) return before;
        if (terms.Problem(before) is { } problem) throw new ArgumentException(problem, nameof(terms));
        var revision = await Revision(connection, cancellation) + 1;
        var tariff = terms.AppliedTo(before, before?.Id ?? await NextTariffId(connection, cancellation), revision, turn.Next);
        if (before is not null && tariff with { Versions = before.Versions } == before && tariff.Versions.SequenceEqual(before.Versions)) return before;

        var definition = Write(tariff);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO tariffs (id, code, definition) VALUES (@id, @code, @definition)
            ON CONFLICT (id) DO UPDATE SET definition = EXCLUDED.definition
            """,
            new { id = tariff.Id.Value, code = tariff.Code, definition }, cancellationToken: cancellation));
        await Set(connection, CatalogueRevision, revision.ToString(CultureInfo.InvariantCulture), cancellation);
        await turn.Append(new SettingsChange(SettingKinds.Tariff, tariff.Code, "tariff.v1", stored, definition), by, cancellation);
        await transaction.CommitAsync(cancellation);
        return tariff;
    }

    /// <summary>A new issuer, or other particulars of one: documents issued from now on name the new revision.</summary>
    /// <param name="issuer">Its revision is assigned here, whatever it says.</param>
    /// <exception cref="ArgumentException">Another currency: the issuer's accounts have balances in the one it has.</exception>
    /// <exception cref="SettingMovedOnException">Somebody else changed the issuer since the author looked at it.</exception>
    public async Task<Issuer> PutIssuer(Issuer issuer, Authorship by, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var turn = await SettingsTurn.Take(transaction, cancellation);
        var stored = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "SELECT definition FROM issuers WHERE id = @id ORDER BY revision DESC LIMIT 1", new { id = issuer.Id.Value }, cancellationToken: cancellation));
        var before = stored is null ? null : Read<Issuer>(stored);
        if (await turn.IsDone(SettingKinds.Issuer, issuer.Id.ToString(), by, cancellation) && before is not null) return before;
        if (before is not null && before.Currency != issuer.Currency)
            throw new ArgumentException($"issuer {issuer.Id} invoices in {before.Currency}; its currency cannot change", nameof(issuer));
        var revised = issuer with { Revision = (before?.Revision ?? 0) + 1 };
        if (before is not null && revised with { Revision = before.Revision } == before) return before;

        var definition = Write(revised);
        await connection.ExecuteAsync(new CommandDefinition(
            "INSERT INTO issuers (id, revision, definition) VALUES (@id, @revision, @definition)",
            new { id = revised.Id.Value, revision = revised.Revision, definition }, cancellationToken: cancellation));
        await turn.Append(new SettingsChange(SettingKinds.Issuer, revised.Id.ToString(), "issuer.v1", stored, definition), by, cancellation);
        await transaction.CommitAsync(cancellation);
        return revised;
    }

    /// <summary>An issuer as it was printed on documents of that revision; null when there is none.</summary>
    public async Task<Issuer?> FindIssuer(IssuerId id, int revision, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var definition = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "SELECT definition FROM issuers WHERE id = @id AND revision = @revision", new { id = id.Value, revision }, cancellationToken: cancellation));
        return definition is null ? null : Read<Issuer>(definition);
    }

    /// <summary>From now on whoever is restricted or overdue is looked at under this policy.</summary>
    /// <remarks>
    /// When an account is to be reviewed was found out under the policy before, and may be never: nobody would lift a restriction that no
    /// step justifies any more, or remind somebody whom no step reached so far. To look too early is harmless.
    /// </remarks>
    /// <exception cref="SettingMovedOnException">Somebody else changed the policy since the author looked at it.</exception>
    public async Task PutDunningPolicy(DunningPolicy policy, Authorship by, CancellationToken cancellation)
    {
        if (policy.Steps.Length > DunningPolicy.MaxSteps)
            throw new ArgumentException($"at most {DunningPolicy.MaxSteps} steps expected", nameof(policy));
        await PutOnly(
            SettingKinds.DunningPolicy, "dunning-policy.v1", DunningPolicyKey, Write(policy), by, connection => ReviewDebts(connection, cancellation), cancellation);
    }

    /// <summary>Once more when everybody works by a new policy: what was decided under the one before may have landed meanwhile.</summary>
    public async Task ReviewDebts(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await ReviewDebts(connection, cancellation);
    }

    private static async Task ReviewDebts(NpgsqlConnection connection, CancellationToken cancellation) =>
        await connection.ExecuteAsync(new CommandDefinition(
            """
            WITH owing AS (
                SELECT account_id, min(due_on) + 1 AS overdue_on FROM open_items WHERE open > 0 AND NOT disputed GROUP BY account_id)
            UPDATE accounts a SET next_review_on = looked.on_day
            FROM (SELECT id, CASE WHEN level <> 0 THEN @sinceEver ELSE owing.overdue_on END AS on_day
                  FROM accounts LEFT JOIN owing ON owing.account_id = id
                  WHERE level <> 0 OR owing.account_id IS NOT NULL) looked
            WHERE a.id = looked.id AND (a.next_review_on IS NULL OR a.next_review_on > looked.on_day)
            """,
            new { sinceEver = AccountLimits.EarliestDate }, commandTimeout: 0, cancellationToken: cancellation));

    public Task PutCorrectionHorizon(int months, Authorship by, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(months);
        return PutOnly(
            SettingKinds.CorrectionHorizon, "correction-horizon.v1", CorrectionHorizon, months.ToString(CultureInfo.InvariantCulture), by,
            static _ => Task.CompletedTask, cancellation);
    }

    /// <summary>Whoever is written to on the occasion is told so from now on. Earlier versions stay in the settings journal.</summary>
    /// <param name="template">Null goes back to the program's words.</param>
    /// <exception cref="SettingMovedOnException">Somebody else changed the template since the author looked at it.</exception>
    public Task PutTemplate(TemplateKey key, MessageTemplate? template, Authorship by, CancellationToken cancellation) =>
        PutOrRemove(SettingKinds.Template, "template.v1", key.ToString(), TemplatePrefix, template is null ? null : Write(template), by, cancellation);

    /// <param name="brand">Null goes back to the program's.</param>
    /// <exception cref="SettingMovedOnException">Somebody else changed the brand since the author looked at it.</exception>
    public Task PutBrand(IssuerId issuer, MessageBrand? brand, Authorship by, CancellationToken cancellation) =>
        PutOrRemove(SettingKinds.Brand, "brand.v1", issuer.ToString(), BrandPrefix, brand is null ? null : Write(brand), by, cancellation);

    /// <summary>A setting that takes the place of the program's own while it is there.</summary>
    private async Task PutOrRemove(string kind, string name, string key, string prefix, string? value, Authorship by, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var turn = await SettingsTurn.Take(transaction, cancellation);
        if (await turn.IsDone(kind, key, by, cancellation)) return;
        var before = await Setting(connection, prefix + key, cancellation);
        if (before == value) return;
        if (value is not null) await Set(connection, prefix + key, value, cancellation);
        else await connection.ExecuteAsync(new CommandDefinition("DELETE FROM settings WHERE key = @key", new { key = prefix + key }, cancellationToken: cancellation));
        await turn.Append(new SettingsChange(kind, key, name, before, value), by, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>The gateway for short messages, as whoever sends them reads and writes it.</summary>
    public Task PutSmsGateway(string definition, Authorship by, CancellationToken cancellation) =>
        PutOnly(SettingKinds.SmsGateway, "sms-gateway.v1", SmsGatewayKey, definition, by, static _ => Task.CompletedTask, cancellation);

    /// <summary>Null when none is set.</summary>
    public async Task<string?> SmsGateway(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await Setting(connection, SmsGatewayKey, cancellation);
    }

    /// <summary>A setting that there is only one of.</summary>
    /// <param name="alongside">What else happens in the same transaction when the setting changes.</param>
    private async Task PutOnly(
        string kind, string name, string row, string value, Authorship by, Func<NpgsqlConnection, Task> alongside, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var turn = await SettingsTurn.Take(transaction, cancellation);
        if (await turn.IsDone(kind, SettingKinds.OnlyOne, by, cancellation)) return;
        var before = await Setting(connection, row, cancellation);
        if (before == value) return;
        await Set(connection, row, value, cancellation);
        await alongside(connection);
        await turn.Append(new SettingsChange(kind, SettingKinds.OnlyOne, name, before, value), by, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Marks the database as the demo's for good. False, and no mark, when it holds clients that are not the demo's.</summary>
    public async Task<bool> ClaimForDemo(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await SettingsTurn.Take(transaction, cancellation);
        if (await Setting(connection, DemoMark, cancellation) is not null) return true;
        if (await connection.ExecuteScalarAsync<bool>(new CommandDefinition("SELECT EXISTS (SELECT FROM client_references)", cancellationToken: cancellation))) return false;
        await Set(connection, DemoMark, "yes", cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>Tariffs are never deleted and writers take turns, so the next id is free.</summary>
    private static async Task<TariffId> NextTariffId(NpgsqlConnection connection, CancellationToken cancellation) =>
        new(await connection.ExecuteScalarAsync<int>(new CommandDefinition("SELECT coalesce(max(id), 0) + 1 FROM tariffs", cancellationToken: cancellation)));

    private static async Task<SettingRevisions> Revisions(NpgsqlConnection connection, CancellationToken cancellation) => new(
        (await Query<(string Kind, string Key, long Revision)>(connection, "SELECT kind, key, max(revision) FROM settings_journal WHERE kind = ANY (ARRAY['tariff', 'issuer', 'dunning-policy', 'outreach-rules', 'restriction-release', 'correction-horizon', 'template', 'brand']) GROUP BY kind, key", cancellation))
            .ToImmutableDictionary(row => (row.Kind, row.Key), row => row.Revision));

    private static async Task<long> Revision(NpgsqlConnection connection, CancellationToken cancellation) =>
        await Setting(connection, CatalogueRevision, cancellation) is { } revision ? long.Parse(revision, CultureInfo.InvariantCulture) : 0;

    /// <summary>Settings of a kind, by their keys without the prefix.</summary>
    private static Task<IEnumerable<(string Key, string Value)>> Rows(NpgsqlConnection connection, string prefix, CancellationToken cancellation) =>
        connection.QueryAsync<(string Key, string Value)>(new CommandDefinition(
            "SELECT substr(key, length(@prefix) + 1), value FROM settings WHERE starts_with(key, @prefix) ORDER BY key", new { prefix }, cancellationToken: cancellation));

    private static async Task<ImmutableDictionary<string, DunningPolicy>> GroupPolicies(NpgsqlConnection connection, CancellationToken cancellation) =>
        (await connection.QueryAsync<(string Key, string Value)>(new CommandDefinition(
            "SELECT key, value FROM settings WHERE key LIKE @like", new { like = GroupPolicyKeys + "%" }, cancellationToken: cancellation)))
            .ToImmutableDictionary(row => row.Key[GroupPolicyKeys.Length..], row => Read<DunningPolicy>(row.Value));

    private static DunningActions Delivering(ChannelSet channels) =>
        (channels.Contains(MessageChannel.Email) ? DunningActions.Email : DunningActions.None)
        | (channels.Contains(MessageChannel.Sms) ? DunningActions.Sms : DunningActions.None);

    /// <summary>By issuer, the last day of their newest statement.</summary>
    private static async Task<ImmutableDictionary<IssuerId, DateOnly>> BankDataThrough(NpgsqlConnection connection, CancellationToken cancellation) =>
        (await connection.QueryAsync<(int Issuer, DateOnly Day)>(new CommandDefinition(
            "SELECT issuer, max(last_day) FROM bank_statements WHERE issuer IS NOT NULL GROUP BY issuer", cancellationToken: cancellation)))
            .ToImmutableDictionary(row => new IssuerId(row.Issuer), row => row.Day);

    private static Task<string?> Setting(NpgsqlConnection connection, string key, CancellationToken cancellation) =>
        connection.ExecuteScalarAsync<string?>(new CommandDefinition("SELECT value FROM settings WHERE key = @key", new { key }, cancellationToken: cancellation));

    private static async Task Set(NpgsqlConnection connection, string key, string value, CancellationToken cancellation) =>
        await connection.ExecuteAsync(new CommandDefinition(
            "INSERT INTO settings (key, value) VALUES (@key, @value) ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value",
            new { key, value }, cancellationToken: cancellation));

    private static Task<IEnumerable<T>> Query<T>(NpgsqlConnection connection, string sql, CancellationToken cancellation) =>
        connection.QueryAsync<T>(new CommandDefinition(sql, cancellationToken: cancellation));

    private static string Write<T>(T value) => JsonSerializer.Serialize(value, JournalJson.Options);

    private static T Read<T>(string json) =>
        JsonSerializer.Deserialize<T>(json, JournalJson.Options) ?? throw new JsonException($"null is no {typeof(T).Name}");
}
