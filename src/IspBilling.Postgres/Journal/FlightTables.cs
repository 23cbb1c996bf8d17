using IspBilling.Domain;
using IspBilling.Engine.Journal;
using IspBilling.Postgres.Copying;
using IspBilling.Postgres.Figures;
using IspBilling.Postgres.Outgoing;
using IspBilling.Postgres.Terms;
using Npgsql;
using NpgsqlTypes;

namespace IspBilling.Postgres.Journal;

/// <summary>Sends an encoded flight: COPY for rows that cannot conflict, UNNEST where a version is checked or a row may exist.</summary>
internal static class FlightTables
{
    /// <exception cref="ConflictException">An account is not at the version decided on.</exception>
    /// <exception cref="ChannelSwitchedException">The rows were encoded for other channels than deliver now.</exception>
    public static async Task Write(NpgsqlConnection connection, FlightRows rows)
    {
        await UpdateAccounts(connection, rows.Changed);
        await Copy(connection, rows.NewAccounts);
        await Copy(connection, rows.Journal);
        await WriteOutbox(connection, rows);
        await WriteReadModels(connection, rows.ReadModels);
        await Copy(connection, rows.Figures.Encoded());
    }

    private static async Task WriteOutbox(NpgsqlConnection connection, FlightRows rows)
    {
        if (rows.Outbox.Rows == 0) return;
        await ChannelTable.Require(connection, rows.ChannelsOn);
        await Copy(connection, rows.Outbox);
    }

    private static async Task WriteReadModels(NpgsqlConnection connection, ReadModelRows rows)
    {
        await Copy(connection, rows.Profiles);
        await Copy(connection, rows.Documents);
        await Copy(connection, rows.Lines);
        await Copy(connection, rows.Postings);
        await Copy(connection, rows.Payments);
        await Copy(connection, rows.Allocations);
        await Copy(connection, rows.CreditUses);
        await Copy(connection, rows.OpenItems);
        await UpsertClients(connection, rows.Clients);
        // Behind the clients' rows, whose locks keep TermFilling away.
        await TermRows.Delete(connection, rows.ChangedClients);
        await TermRows.DeleteContracts(connection, rows.ChangedContracts);
        await TermRows.Copy(connection, rows.Terms, CancellationToken.None);
        await UpdatePayments(connection, rows.PaymentStatuses);
        await ChangeOpenItems(connection, rows.ChangedOpenItems);
    }

    private static async Task Copy(NpgsqlConnection connection, CopyRows rows)
    {
        if (rows.Rows == 0) return;
        await using var stream = await connection.BeginRawBinaryCopyAsync($"COPY {rows.Target} FROM STDIN (FORMAT BINARY)");
        await stream.WriteAsync(rows.Finished());
    }

    private static async Task UpdateAccounts(NpgsqlConnection connection, ChangedAccounts changed)
    {
        if (changed.Ids.Count == 0) return;
        await using var update = new NpgsqlCommand(
            """
            UPDATE accounts a
            SET version = c.version, head = c.head, state = c.state, status = c.status, level = c.level, balance = c.balance,
                next_bill_on = c.next_bill, next_review_on = c.next_review, catalogue_revision = coalesce(c.catalogue, a.catalogue_revision)
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                 AS c (id, expected, version, head, state, status, level, balance, next_bill, next_review, catalogue)
            WHERE a.id = c.id AND a.version = c.expected
            """,
            connection);
        Add(update, changed.Ids, NpgsqlDbType.Bigint);
        Add(update, changed.Expected, NpgsqlDbType.Bigint);
        Add(update, changed.Versions, NpgsqlDbType.Bigint);
        Add(update, changed.Heads.All(), NpgsqlDbType.Bytea);
        Add(update, changed.States.All(), NpgsqlDbType.Bytea);
        Add(update, changed.Statuses, NpgsqlDbType.Smallint);
        Add(update, changed.Levels, NpgsqlDbType.Smallint);
        Add(update, changed.Balances, NpgsqlDbType.Bigint);
        Add(update, changed.NextBills, NpgsqlDbType.Date);
        Add(update, changed.NextReviews, NpgsqlDbType.Date);
        Add(update, changed.CatalogueRevisions, NpgsqlDbType.Bigint);
        var updated = await update.ExecuteNonQueryAsync();
        if (updated != changed.Ids.Count) throw new ConflictException($"{changed.Ids.Count - updated} accounts have moved on");
    }

    private static async Task UpsertClients(NpgsqlConnection connection, List<(AccountId Account, ProfileChanged Change)> clients)
    {
        if (clients.Count == 0) return;

        // A commit may change the particulars twice; the newest stands.
        var newest = clients.GroupBy(client => client.Account).Select(group => group.Last()).ToList();
        await using var upsert = new NpgsqlCommand(
            """
            INSERT INTO clients (account_id, issuer, revision, terms_of, name, company_number, email, phone, account_symbol)
            SELECT * FROM unnest($1, $2, $3, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (account_id) DO UPDATE SET
                issuer = excluded.issuer, revision = excluded.revision, terms_of = excluded.terms_of, name = excluded.name, company_number = excluded.company_number,
                email = excluded.email, phone = excluded.phone, account_symbol = excluded.account_symbol
            """,
            connection);
        Add(upsert, newest.ConvertAll(client => client.Account.Value), NpgsqlDbType.Bigint);
        Add(upsert, newest.ConvertAll(client => client.Change.Profile.Issuer.Value), NpgsqlDbType.Integer);
        Add(upsert, newest.ConvertAll(client => client.Change.Revision), NpgsqlDbType.Integer);
        Add(upsert, newest.ConvertAll(client => client.Change.Profile.Name), NpgsqlDbType.Text);
        Add(upsert, newest.ConvertAll(client => client.Change.Profile.CompanyNumber), NpgsqlDbType.Text);
        Add(upsert, newest.ConvertAll(client => client.Change.Profile.Email), NpgsqlDbType.Text);
        Add(upsert, newest.ConvertAll(client => client.Change.Profile.Phone), NpgsqlDbType.Text);
        Add(upsert, newest.ConvertAll(client => client.Change.Profile.AccountSymbol?.Value), NpgsqlDbType.Bigint);
        await upsert.ExecuteNonQueryAsync();
    }

    private static async Task UpdatePayments(NpgsqlConnection connection, List<(AccountId Account, int Payment, PaymentStatus Status, string? ReversedBy)> payments)
    {
        if (payments.Count == 0) return;
        await using var update = new NpgsqlCommand(
            """
            UPDATE payments p SET status = c.status, reversed_by = c.reversed_by
            FROM unnest($1, $2, $3, $4) AS c (account_id, ordinal, status, reversed_by)
            WHERE p.account_id = c.account_id AND p.ordinal = c.ordinal
            """,
            connection);
        Add(update, payments.ConvertAll(payment => payment.Account.Value), NpgsqlDbType.Bigint);
        Add(update, payments.ConvertAll(payment => payment.Payment), NpgsqlDbType.Integer);
        Add(update, payments.ConvertAll(payment => (short)payment.Status), NpgsqlDbType.Smallint);
        Add(update, payments.ConvertAll(payment => payment.ReversedBy), NpgsqlDbType.Text);
        await update.ExecuteNonQueryAsync();
    }

    private static async Task ChangeOpenItems(NpgsqlConnection connection, List<(AccountId Account, OpenDocument Document)> changed)
    {
        if (changed.Count == 0) return;
        var closed = changed.FindAll(item => item.Document.Open.IsZero);
        var open = changed.FindAll(item => !item.Document.Open.IsZero);
        if (closed.Count > 0)
        {
            await using var delete = new NpgsqlCommand(
                "DELETE FROM open_items o USING unnest($1, $2) AS c (account_id, document) WHERE o.account_id = c.account_id AND o.document = c.document", connection);
            Add(delete, closed.ConvertAll(item => item.Account.Value), NpgsqlDbType.Bigint);
            Add(delete, closed.ConvertAll(item => item.Document.Ordinal), NpgsqlDbType.Integer);
            await delete.ExecuteNonQueryAsync();
        }

        if (open.Count > 0)
        {
            await using var upsert = new NpgsqlCommand(
                """
                INSERT INTO open_items (account_id, document, due_on, open, disputed) SELECT * FROM unnest($1, $2, $3, $4, $5)
                ON CONFLICT (account_id, document) DO UPDATE SET open = excluded.open, disputed = excluded.disputed
                """,
                connection);
            Add(upsert, open.ConvertAll(item => item.Account.Value), NpgsqlDbType.Bigint);
            Add(upsert, open.ConvertAll(item => item.Document.Ordinal), NpgsqlDbType.Integer);
            Add(upsert, open.ConvertAll(item => item.Document.DueOn), NpgsqlDbType.Date);
            Add(upsert, open.ConvertAll(item => item.Document.OpenDebt.Minor), NpgsqlDbType.Bigint);
            Add(upsert, open.ConvertAll(item => item.Document.Disputed), NpgsqlDbType.Boolean);
            await upsert.ExecuteNonQueryAsync();
        }
    }

    private static void Add<T>(NpgsqlCommand command, List<T> column, NpgsqlDbType type) =>
        command.Parameters.Add(new NpgsqlParameter { Value = column, NpgsqlDbType = NpgsqlDbType.Array | type });
}
