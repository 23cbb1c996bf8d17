using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.Outgoing;
using Npgsql;
using NpgsqlTypes;

namespace IspBilling.Postgres.Outgoing;

/// <summary>Entries on the clerk's desk and the accounts that are proposed for them.</summary>
public sealed class PostgresUnassignedMoney(NpgsqlDataSource database) : IUnassignedMoney
{
    /// <remarks>A candidate is written with its account first, so its text tells without being parsed; the desk is short, and an index holds it.</remarks>
    public async ValueTask<bool> MayBeOf(AccountId account, CancellationToken cancellation) => await Patience.With(async () =>
    {
        await using var select = database.CreateCommand("SELECT EXISTS (SELECT FROM statement_entries WHERE on_desk AND state = 2 AND candidates LIKE @likely)")
            .With("likely", NpgsqlDbType.Text, string.Create(CultureInfo.InvariantCulture, $"%\"account\":{account.Value},%"));
        return (bool)(await select.ExecuteScalarAsync(cancellation))!;
    });
}
