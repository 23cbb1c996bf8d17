using IspBilling.Domain;
using Npgsql;
using NpgsqlTypes;

namespace IspBilling.Postgres.Outgoing;

/// <summary>Where the mails of each issuer go, entry by entry with who said so; the last one holds. What an entry says is the interface's form.</summary>
public sealed class MailTargetStore(NpgsqlDataSource database)
{
    /// <returns>Null when none is set.</returns>
    public async Task<string?> Find(IssuerId issuer, CancellationToken cancellation) => await Patience.With(async () =>
    {
        await using var select = database.CreateCommand("SELECT target FROM mail_targets WHERE issuer = @issuer ORDER BY entry DESC LIMIT 1")
            .With("issuer", NpgsqlDbType.Integer, issuer.Value);
        return await select.ExecuteScalarAsync(cancellation) as string;
    });

    public async Task Put(IssuerId issuer, string target, Actor by, DateTimeOffset at, string reason, CancellationToken cancellation) => await Patience.With(async () =>
    {
        await using var insert = database.CreateCommand(
            "INSERT INTO mail_targets (issuer, target, at, by_kind, by_id, by_name, reason) VALUES (@issuer, @target, @at, @byKind, @byId, @by, @reason)")
            .With("issuer", NpgsqlDbType.Integer, issuer.Value)
            .With("target", NpgsqlDbType.Text, target)
            .With("at", NpgsqlDbType.TimestampTz, at.ToUniversalTime())
            .WithActor("by", by)
            .With("reason", NpgsqlDbType.Text, reason);
        await insert.ExecuteNonQueryAsync(cancellation);
    });
}
