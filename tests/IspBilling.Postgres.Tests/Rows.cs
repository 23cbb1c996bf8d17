using IspBilling.TestKit;
using Npgsql;

namespace IspBilling.Postgres.Tests;

/// <summary>Accounts, documents and payments as the journal would have written them, for tests of what reads them.</summary>
internal static class Rows
{
    public static async Task Account(
        this TestDatabase database, long id, DateOnly? nextBillOn = null, DateOnly? nextReviewOn = null, int status = 1, int issuer = 1,
        long catalogueRevision = 1)
    {
        await using var command = database.Source.CreateCommand(
            """
            INSERT INTO accounts (id, version, head, state, status, level, issuer, balance, next_bill_on, next_review_on, catalogue_revision)
            VALUES ($1, 1, '', '', $2, 0, $3, 0, $4, $5, $6)
            """);
        Add(command, id, (short)status, issuer, nextBillOn, nextReviewOn, catalogueRevision);
        await command.ExecuteNonQueryAsync();
    }

    public static async Task Document(
        this TestDatabase database, long account, int ordinal, long? symbol = null, Guid? run = null, string number = "2600000001")
    {
        await using var command = database.Source.CreateCommand(
            """
            INSERT INTO documents (account_id, ordinal, version, issuer, kind, year, sequence, number, symbol, issued_on, supplied_on, due_on,
                currency, net, tax, rounding, total, customer_revision, issuer_revision, run)
            VALUES ($1, $2, 1, 1, 0, 2026, (SELECT count(*) + 1 FROM documents), $3, $4, '2026-01-01', '2026-01-01', '2026-01-15',
                'CZK', 41240, 8660, 0, 49900, 1, 1, $5)
            """);
        Add(command, account, ordinal, number, symbol, run);
        await command.ExecuteNonQueryAsync();
    }

    public static async Task Client(this TestDatabase database, long account, long? symbol)
    {
        await using var command = database.Source.CreateCommand(
            "INSERT INTO clients (account_id, issuer, revision, name, account_symbol) VALUES ($1, 1, 1, 'Client', $2)");
        Add(command, account, symbol);
        await command.ExecuteNonQueryAsync();
    }

    public static async Task Payment(
        this TestDatabase database, long account, int ordinal, long amount, DateOnly bookedOn, int rule, int status = 0, long? symbol = null,
        string? payer = null, string? order = null, string currency = "CZK", string entry = "entry", string? reversedBy = null)
    {
        await using var command = database.Source.CreateCommand(
            """
            INSERT INTO payments (account_id, ordinal, version, amount, currency, booked_on, symbol, counter_account, order_reference, rule, status, entry, reversed_by)
            VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            """);
        Add(command, account, ordinal, amount, currency, bookedOn, symbol, payer, order, (short)rule, (short)status, entry, reversedBy);
        await command.ExecuteNonQueryAsync();
    }

    private static void Add(NpgsqlCommand command, params ReadOnlySpan<object?> values)
    {
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
    }
}
