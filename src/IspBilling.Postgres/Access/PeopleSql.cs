using Dapper;
using Npgsql;

namespace IspBilling.Postgres.Access;

/// <summary>How rows of people and roles are read, wherever they are.</summary>
internal static class PeopleSql
{
    public const string Columns =
        """
        p.id, p.login, p.name, p.roles, p.password IS NOT NULL AS HasPassword, p.factor_confirmed AS HasFactor, p.subject IS NOT NULL AS HasProvider,
        p.locked_until AS LockedUntil, p.created_at AS CreatedAt, p.disabled_at AS DisabledAt, p.removed_at AS RemovedAt
        """;

    /// <param name="Roles">Of <c>string</c>; the driver names no closer type for an array column.</param>
    internal sealed record Row(
        int Id, string? Login, string Name, Array Roles, bool HasPassword, bool HasFactor, bool HasProvider, DateTime? LockedUntil, DateTime CreatedAt,
        DateTime? DisabledAt, DateTime? RemovedAt)
    {
        public PersonRow ToPerson() => new(
            new PersonId(Id), Login, Name, (string[])Roles, HasPassword, HasFactor, HasProvider, Utc(LockedUntil), Utc(CreatedAt), Utc(DisabledAt), Utc(RemovedAt));
    }

    private sealed record RoleOfTable(string Code, string Name, Array Rights, long? Revision);

    public static DateTimeOffset Utc(DateTime at) => new(at, TimeSpan.Zero);

    public static DateTimeOffset? Utc(DateTime? at) => at is { } known ? Utc(known) : null;

    public static async Task<IReadOnlyList<RoleRow>> Roles(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var rows = await connection.QueryAsync<RoleOfTable>(new CommandDefinition(
            "SELECT code, name, rights, (SELECT max(revision) FROM settings_journal j WHERE j.kind = 'role' AND j.key = r.code) AS Revision FROM roles r ORDER BY code",
            cancellationToken: cancellation));
        return [.. rows.Select(row => new RoleRow(row.Code, row.Name, (string[])row.Rights, row.Revision))];
    }

    public static async Task<IReadOnlyList<PersonRow>> People(NpgsqlConnection connection, string where, object parameters, CancellationToken cancellation)
    {
        var rows = await connection.QueryAsync<Row>(new CommandDefinition($"SELECT {Columns} FROM people p {where}", parameters, cancellationToken: cancellation));
        return [.. rows.Select(row => row.ToPerson())];
    }
}
