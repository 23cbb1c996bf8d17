using System.Globalization;
using System.Text.Json;
using Dapper;
using IspBilling.Engine.Accounts;
using IspBilling.Postgres.Settings;
using Npgsql;

namespace IspBilling.Postgres.Access;

/// <summary>
/// What happened to a person's means to sign in, in the settings journal. An entry says what was done, never what the means are: of these it has a
/// salted fingerprint, by which the audit finds means that were put into the tables past the journal.
/// </summary>
internal static class Credentials
{
    private sealed record Means(string? Password, string? Factor, string? Provider, string? Subject, string? Codes);

    /// <summary>Within the transaction that changed them, and after it did.</summary>
    public static async Task Tell(NpgsqlConnection connection, SettingsTurn journal, PersonId person, string act, Authorship by, CancellationToken cancellation)
    {
        var key = person.Value.ToString(CultureInfo.InvariantCulture);
        var last = await SettingsEntry.Last(connection, SettingKinds.Credentials, key, cancellation);
        var means = await connection.QuerySingleAsync<Means>(new CommandDefinition(
            """
            SELECT password, CASE WHEN factor_confirmed THEN encode(factor, 'hex') END AS Factor, provider, subject,
                   (SELECT string_agg(encode(hash, 'hex'), ',' ORDER BY hash) FROM recovery_codes WHERE person = p.id) AS Codes
            FROM people p WHERE id = @id
            """,
            new { id = person.Value }, cancellationToken: cancellation));
        var told = JsonSerializer.Serialize(new
        {
            act,
            at = by.At.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
            means = SaltedFingerprint.Of(means.Password, means.Factor, means.Provider, means.Subject, means.Codes),
        });
        await journal.Append(new SettingsChange(SettingKinds.Credentials, key, "credentials.v1", last?.After, told), by, cancellation);
    }
}
