using System.Globalization;
using Npgsql;

namespace IspBilling.Postgres.Audit;

/// <summary>
/// Whether the settings journal is whole and untouched, and the settings in force are what it leads to. Computed by the database, by a second hand:
/// nothing here is shared with what writes the journal.
/// </summary>
internal static class SettingsAudit
{
    /// <summary>Texts behind their lengths, as bytes; <paramref name="texts"/> is an SQL array.</summary>
    private static string Parts(string texts) =>
        $"""
        (SELECT string_agg(
             CASE WHEN part IS NULL THEN '\xffffffff'::bytea ELSE int4send(octet_length(convert_to(part, 'UTF8'))) || convert_to(part, 'UTF8') END,
             ''::bytea ORDER BY place)
         FROM unnest({texts}) WITH ORDINALITY AS parts (part, place))
        """;

    /// <summary>The first fault of each entry. A commitment is compared while its salt is there; once erased, the chain still holds it.</summary>
    private static readonly string Broken =
        $"""
        SELECT revision, kind, key,
               CASE WHEN revision <> place THEN 'number' WHEN hash <> expected THEN 'hash' WHEN salt IS NOT NULL AND commitment <> promised THEN 'commitment' ELSE 'before' END AS what,
               place, encode(hash, 'hex'), encode(expected, 'hex'), encode(commitment, 'hex'), encode(promised, 'hex'), previous
        FROM (
            SELECT *, row_number() OVER (ORDER BY revision) AS place, lag(after) OVER (PARTITION BY kind, key ORDER BY revision) AS previous,
                   sha256(coalesce(lag(hash) OVER (ORDER BY revision), '') || {Parts(
                       "ARRAY[revision::text, kind, key, name, actor_kind, actor_id, command::text, (extract(epoch FROM at) * 1000000)::bigint::text, before, after, encode(commitment, 'hex')]")}) AS expected,
                   sha256(coalesce(salt, '') || {Parts("ARRAY[actor_name, reason, personal]")}) AS promised
            FROM settings_journal) entry
        WHERE revision <> place OR hash <> expected OR (salt IS NOT NULL AND commitment <> promised) OR before IS DISTINCT FROM previous
        ORDER BY revision
        """;

    /// <summary>The last entry of each setting against its row. Spaces and the order of members do not matter.</summary>
    private const string Different =
        """
        WITH said AS (SELECT DISTINCT ON (kind, key) kind, key, after FROM settings_journal ORDER BY kind, key, revision DESC),
        stored AS (
            SELECT 'tariff' AS kind, code AS key, definition FROM tariffs
            UNION ALL SELECT 'issuer', id::text, definition FROM (SELECT DISTINCT ON (id) id, definition FROM issuers ORDER BY id, revision DESC) latest
            UNION ALL SELECT 'dunning-policy', 'default', value FROM settings WHERE settings.key = 'dunning-policy'
            UNION ALL SELECT 'dunning-policy', substr(settings.key, 16), value FROM settings WHERE settings.key LIKE 'dunning-policy/%'
            UNION ALL SELECT 'outreach-rules', 'default', value FROM settings WHERE settings.key = 'outreach-rules'
            UNION ALL SELECT 'restriction-release', 'default', value FROM settings WHERE settings.key = 'restriction-release'
            UNION ALL SELECT 'correction-horizon', 'default', value FROM settings WHERE settings.key = 'correction-horizon-months'
            UNION ALL SELECT 'template', substr(key, 10), value FROM settings WHERE starts_with(settings.key, 'template:')
            UNION ALL SELECT 'brand', substr(key, 7), value FROM settings WHERE starts_with(settings.key, 'brand:')
            UNION ALL SELECT 'sms-gateway', 'default', value FROM settings WHERE settings.key = 'sms-gateway'
            UNION ALL SELECT 'api-key', id::text, json_strip_nulls(json_build_object(
                'name', name, 'scopes', to_json(scopes), 'createdAt', to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                'revokedAt', to_char(revoked_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')))::text FROM api_keys
            UNION ALL SELECT 'role', code, json_build_object('name', name, 'rights', to_json(rights))::text FROM roles
            UNION ALL SELECT 'person', id::text, json_strip_nulls(json_build_object(
                'roles', to_json(roles), 'createdAt', to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                'disabledAt', to_char(disabled_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                'removedAt', to_char(removed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')))::text FROM people
            UNION ALL SELECT 'secret', name, json_build_object('changedAt', to_char(changed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text FROM secrets)
        SELECT kind, key, stored.definition, said.after
        FROM stored FULL JOIN said USING (kind, key)
        WHERE kind NOT IN ('credentials', 'session')
          AND stored.definition::jsonb IS DISTINCT FROM CASE WHEN kind = 'api-key' THEN said.after::jsonb - 'secret' ELSE said.after::jsonb END
        ORDER BY kind, key
        """;

    /// <summary>
    /// Logins and names against the entry that told of them last. Null is found where nothing is left to compare with: they were erased from the journal.
    /// </summary>
    private const string Named =
        """
        SELECT 'person ' || p.id || ', login and name', told.personal IS NOT NULL AS is_told,
               jsonb_strip_nulls(jsonb_build_object('login', p.login, 'name', p.name))::text, told.personal
        FROM people p LEFT JOIN LATERAL (
            SELECT personal FROM settings_journal
            WHERE kind = 'person' AND key = p.id::text AND (personal IS NOT NULL OR salt IS NULL) ORDER BY revision DESC LIMIT 1) told ON true
        WHERE told.personal IS NULL OR told.personal::jsonb <> jsonb_strip_nulls(jsonb_build_object('login', p.login, 'name', p.name))
        ORDER BY p.id
        """;

    /// <summary>
    /// Hashes of passwords, second factors with their recovery codes, providers' subjects and hashes of keys against the fingerprint of the last entry about them. Whoever was removed
    /// has nothing to sign in by.
    /// </summary>
    private static readonly string Means =
        $"""
        WITH means AS (
            SELECT 'credentials' AS kind, p.id::text AS key, 'means' AS member, p.removed_at IS NOT NULL AS is_gone, ARRAY[
                password, CASE WHEN factor_confirmed THEN encode(factor, 'hex') END, provider, subject,
                (SELECT string_agg(encode(hash, 'hex'), ',' ORDER BY hash) FROM recovery_codes WHERE person = p.id)] AS texts
            FROM people p
            UNION ALL SELECT 'api-key', id::text, 'secret', false, ARRAY[encode(hash, 'hex')] FROM api_keys),
        compared AS (
            SELECT kind, key, is_gone, array_remove(texts, NULL) = ARRAY[]::text[] AS is_empty, told.sha256,
                   encode(sha256(decode(told.salt, 'hex') || {Parts("texts")}), 'hex') AS found
            FROM means LEFT JOIN LATERAL (
                SELECT after::jsonb -> member ->> 'salt' AS salt, after::jsonb -> member ->> 'sha256' AS sha256 FROM settings_journal j
                WHERE j.kind = means.kind AND j.key = means.key ORDER BY revision DESC LIMIT 1) told ON true)
        SELECT kind || ' ' || key, NOT is_gone AND sha256 IS NULL, CASE WHEN is_gone THEN 'means to sign in' ELSE found END, CASE WHEN is_gone THEN 'none' ELSE sha256 END
        FROM compared
        WHERE (is_gone AND NOT is_empty) OR (NOT is_gone AND sha256 IS NULL AND NOT is_empty) OR (NOT is_gone AND sha256 <> found)
        ORDER BY kind, key
        """;

    /// <summary>Sessions that somebody ended, and that are good again. One whose row is gone was over long ago.</summary>
    private const string Revived =
        """
        SELECT 'session ' || s.id FROM sessions s JOIN settings_journal j ON j.kind = 'session' AND j.key = s.id::text
        WHERE s.revoked_at IS NULL ORDER BY s.id
        """;

    /// <summary>An issuer is printed from the row of its revision, also from those that are no longer the last.</summary>
    private const string Reprinted =
        """
        SELECT e.revision, e.key, i.definition, e.after
        FROM settings_journal e LEFT JOIN issuers i ON i.id = e.key::integer AND i.revision = (e.after::jsonb ->> 'revision')::integer
        WHERE e.kind = 'issuer' AND e.after IS NOT NULL AND i.definition::jsonb IS DISTINCT FROM e.after::jsonb
        ORDER BY e.revision
        """;

    /// <param name="named">By events of accounts. Entries that were cut off at the journal's end leave a chain that is whole.</param>
    /// <returns>How many logins, hashes of passwords and hashes of keys there is nothing to compare with.</returns>
    public static async Task<long> Check(NpgsqlConnection connection, NamedRevisions named, FindingList findings, CancellationToken cancellation)
    {
        await using (var head = new NpgsqlCommand("SELECT coalesce(max(revision), 0) FROM settings_journal", connection))
        {
            var last = (long)(await head.ExecuteScalarAsync(cancellation))!;
            if (named.Youngest is var (revision, account) && revision > last)
            {
                findings.Add(
                    AuditCode.SettingsJournalBroken, account, string.Create(CultureInfo.InvariantCulture, $"settings revision {revision}, which an event names"),
                    string.Create(CultureInfo.InvariantCulture, $"{last} revisions"), "the entry");
            }
        }

        await Each(connection, Broken, row => AddBroken(row, findings), cancellation);
        await Each(connection, Different, row => findings.Add(
            AuditCode.SettingDiffers, null, $"{row.GetString(0)} {row.GetString(1)}", row.TextOrNull(2) ?? "nothing", row.TextOrNull(3) ?? "nothing"), cancellation);
        await Each(connection, Reprinted, row => findings.Add(
            AuditCode.SettingDiffers, null, string.Create(CultureInfo.InvariantCulture, $"issuer {row.GetString(1)} of revision {row.GetInt64(0)}"),
            row.TextOrNull(2) ?? "nothing", row.GetString(3)), cancellation);

        long unverified = 0;
        await Each(connection, Named, row =>
        {
            if (row.GetBoolean(1)) findings.Add(AuditCode.SettingDiffers, null, row.GetString(0), row.GetString(2), row.GetString(3));
            else unverified++;
        }, cancellation);
        await Each(connection, Means, row =>
        {
            if (row.GetBoolean(1)) unverified++;
            else findings.Add(AuditCode.SettingDiffers, null, $"{row.GetString(0)}, fingerprint", row.GetString(2), row.GetString(3));
        }, cancellation);
        await Each(connection, Revived, row => findings.Add(AuditCode.SettingDiffers, null, row.GetString(0), "good", "ended"), cancellation);
        return unverified;
    }

    private static void AddBroken(NpgsqlDataReader row, FindingList findings)
    {
        var (found, expected) = row.GetString(3) switch
        {
            "number" => ($"revision {row.GetInt64(0)}", $"revision {row.GetInt64(4)}"),
            "hash" => (row.GetString(5), row.GetString(6)),
            "commitment" => (row.GetString(7), row.GetString(8)),
            _ => ("another setting before the change", row.TextOrNull(9) ?? "nothing before it"),
        };
        findings.Add(
            AuditCode.SettingsJournalBroken, null,
            string.Create(CultureInfo.InvariantCulture, $"settings revision {row.GetInt64(0)}, {row.GetString(1)} {row.GetString(2)}"), found, expected);
    }

    private static async Task Each(NpgsqlConnection connection, string sql, Action<NpgsqlDataReader> add, CancellationToken cancellation)
    {
        await using var select = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await using var row = await select.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation)) add(row);
    }
}
