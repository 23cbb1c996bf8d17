using IspBilling.Domain;
using Npgsql;

namespace IspBilling.Postgres.Audit;

// Rows of the books with value equality, so that what is stored and what the events say are compared whole. Each knows its table.

internal sealed record AccountRow(
    long Version, string Head, byte[] State, short Status, short Level, int Issuer, long Balance, DateOnly? NextBillOn)
{
    public const string Select = "SELECT id, version, head, state, status, level, issuer, balance, next_bill_on FROM accounts WHERE id > $1 AND id <= $2";

    public static AccountRow Read(NpgsqlDataReader row) => new(
        row.GetInt64(1), Convert.ToHexString(row.GetFieldValue<byte[]>(2)), row.GetFieldValue<byte[]>(3), row.GetInt16(4), row.GetInt16(5),
        row.GetInt32(6), row.GetInt64(7), row.OrNull<DateOnly>(8));
}

/// <param name="At">In microseconds since 2000-01-01 UTC.</param>
/// <param name="By">The actor's name.</param>
/// <param name="Kind">Of the actor; null in a row of an earlier release, which was hashed without it.</param>
/// <param name="Personal">What opens the row's commitments; null where there is none to open.</param>
internal sealed record EventRow(
    long Version, string Name, Guid? Command, bool HasReply, byte[] Payload, byte[] Hash, long At, string By, string? Kind, string? Id, byte[]? Personal)
{
    public const string Select =
        """
        SELECT account_id, version, name, command, reply IS NOT NULL, payload, hash,
               (extract(epoch FROM at - timestamptz '2000-01-01 00:00:00Z') * 1000000)::bigint, by, actor_kind, actor_id, personal
        FROM journal WHERE account_id > $1 AND account_id <= $2 ORDER BY account_id, version
        """;

    public static EventRow Read(NpgsqlDataReader row) => new(
        row.GetInt64(1), row.GetString(2), row.OrNull<Guid>(3), row.GetBoolean(4), row.GetFieldValue<byte[]>(5), row.GetFieldValue<byte[]>(6),
        row.GetInt64(7), row.GetString(8), row.TextOrNull(9), row.TextOrNull(10), row.IsDBNull(11) ? null : row.GetFieldValue<byte[]>(11));
}

internal sealed record ProfileRow(int Revision, string Profile)
{
    public const string Select = "SELECT account_id, revision, profile FROM account_profiles WHERE account_id > $1 AND account_id <= $2";

    public static ProfileRow Read(NpgsqlDataReader row) => new(row.GetInt32(1), System.Text.Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(2)));
}

internal sealed record ClientSearchRow(int Issuer, int Revision, string Name, string? CompanyNumber, string? Email, string? Phone, long? Symbol)
{
    public const string Select =
        "SELECT account_id, issuer, revision, name, company_number, email, phone, account_symbol, terms_of IS NOT DISTINCT FROM revision FROM clients WHERE account_id > $1 AND account_id <= $2";

    /// <summary>False until the terms of the newest particulars are written, where an earlier release wrote those.</summary>
    public static bool HasTerms(NpgsqlDataReader row) => row.GetBoolean(8);

    public static ClientSearchRow Read(NpgsqlDataReader row) => new(
        row.GetInt32(1), row.GetInt32(2), row.GetString(3), row.TextOrNull(4), row.TextOrNull(5), row.TextOrNull(6), row.OrNull<long>(7));
}

/// <param name="HasTerms">False until terms are written for what an earlier release stored.</param>
internal sealed record ReferenceRow(string Reference, bool HasTerms)
{
    public const string Select = "SELECT account_id, reference, has_terms FROM client_references WHERE account_id > $1 AND account_id <= $2";

    public static ReferenceRow Read(NpgsqlDataReader row) => new(row.GetString(1), row.GetBoolean(2));
}

internal sealed record TermRow(short Kind, string Term)
{
    public const string Select = "SELECT account_id, kind, term FROM client_terms WHERE account_id > $1 AND account_id <= $2";

    public static TermRow Read(NpgsqlDataReader row) => new(row.GetInt16(1), row.GetString(2));
}

internal sealed record DocumentRow(
    int Ordinal, long Version, int Issuer, short Kind, short Year, long Sequence, string Number, long? Symbol, DateOnly IssuedOn, DateOnly SuppliedOn,
    DateOnly DueOn, string Currency, long Net, long Tax, long Rounding, long Total, int CustomerRevision, int IssuerRevision, Guid? Run)
{
    public const string Select =
        """
        SELECT account_id, ordinal, version, issuer, kind, year, sequence, number, symbol, issued_on, supplied_on, due_on, currency, net, tax, rounding,
               total, customer_revision, issuer_revision, run
        FROM documents WHERE account_id > $1 AND account_id <= $2
        """;

    public static DocumentRow Read(NpgsqlDataReader row) => new(
        row.GetInt32(1), row.GetInt64(2), row.GetInt32(3), row.GetInt16(4), row.GetInt16(5), row.GetInt64(6), row.GetString(7), row.OrNull<long>(8),
        row.Day(9), row.Day(10), row.Day(11), row.GetString(12), row.GetInt64(13), row.GetInt64(14), row.GetInt64(15), row.GetInt64(16),
        row.GetInt32(17), row.GetInt32(18), row.OrNull<Guid>(19));
}

internal sealed record LineRow(
    int Document, int Line, short Reason, int? Service, string? OneOff, int? Tariff, string Text, DateOnly? From, DateOnly? To, long Quantity,
    long UnitPrice, short PriceMode, short VatCategory, int VatRate, long Amount, int? CorrectsDocument, int? CorrectsLine)
{
    public const string Select =
        """
        SELECT account_id, document, line, reason, service, one_off, tariff, text, period_from, period_to, quantity, unit_price, price_mode,
               vat_category, vat_rate, amount, corrects_document, corrects_line
        FROM document_lines WHERE account_id > $1 AND account_id <= $2
        """;

    public static LineRow Read(NpgsqlDataReader row) => new(
        row.GetInt32(1), row.GetInt32(2), row.GetInt16(3), row.OrNull<int>(4), row.TextOrNull(5), row.OrNull<int>(6), row.GetString(7),
        row.OrNull<DateOnly>(8), row.OrNull<DateOnly>(9), row.GetInt64(10), row.GetInt64(11), row.GetInt16(12), row.GetInt16(13), row.GetInt32(14),
        row.GetInt64(15), row.OrNull<int>(16), row.OrNull<int>(17));
}

internal sealed record PostingRow(long Version, DateOnly On, short Ledger, int VatRate, long Amount, string Currency)
{
    /// <summary>The table has no index by account: it is sorted once and read along with the accounts.</summary>
    public const string Select =
        "SELECT account_id, version, posted_on, ledger_account, vat_rate, amount, currency FROM postings ORDER BY account_id";

    public static PostingRow Read(NpgsqlDataReader row) => new(
        row.GetInt64(1), row.Day(2), row.GetInt16(3), row.GetInt32(4), row.GetInt64(5), row.GetString(6));
}

internal sealed record PaymentRow(
    int Ordinal, long Version, string Entry, long Amount, string Currency, DateOnly BookedOn, long? Symbol, string? CounterAccount,
    string? OrderReference, short Rule, short Status, string? ReversedBy)
{
    public const string Select =
        """
        SELECT account_id, ordinal, version, entry, amount, currency, booked_on, symbol, counter_account, order_reference, rule, status, reversed_by
        FROM payments WHERE account_id > $1 AND account_id <= $2
        """;

    public static PaymentRow Read(NpgsqlDataReader row) => new(
        row.GetInt32(1), row.GetInt64(2), row.GetString(3), row.GetInt64(4), row.GetString(5), row.Day(6), row.OrNull<long>(7), row.TextOrNull(8),
        row.TextOrNull(9), row.GetInt16(10), row.GetInt16(11), row.TextOrNull(12));
}

/// <param name="Amount">Negative when the money came back.</param>
internal sealed record CreditUseRow(long Version, int Payment, short Source, int SourceOrdinal, long Amount)
{
    public const string Select =
        "SELECT account_id, version, payment, source, source_ordinal, amount FROM credit_uses WHERE account_id > $1 AND account_id <= $2";

    public static CreditUseRow Read(NpgsqlDataReader row) => new(row.GetInt64(1), row.GetInt32(2), row.GetInt16(3), row.GetInt32(4), row.GetInt64(5));
}

internal sealed record AllocationRow(long Version, short Source, int SourceOrdinal, int Document, long Amount)
{
    public const string Select =
        "SELECT account_id, version, source, source_ordinal, document, amount FROM allocations WHERE account_id > $1 AND account_id <= $2";

    public static AllocationRow Read(NpgsqlDataReader row) => new(
        row.GetInt64(1), row.GetInt16(2), row.GetInt32(3), row.GetInt32(4), row.GetInt64(5));
}

internal sealed record OpenItemRow(int Document, DateOnly DueOn, long Open, bool Disputed)
{
    public const string Select = "SELECT account_id, document, due_on, open, disputed FROM open_items WHERE account_id > $1 AND account_id <= $2";

    public static OpenItemRow Read(NpgsqlDataReader row) => new(row.GetInt32(1), row.Day(2), row.GetInt64(3), row.GetBoolean(4));
}

/// <param name="Payload">The message as it is stored.</param>
internal sealed record OutboxRow(long Version, short Ordinal, short Kind, short Channel, string Payload)
{
    public const string Select =
        "SELECT account_id, version, ordinal, kind, channel, payload FROM outbox WHERE account_id > $1 AND account_id <= $2 ORDER BY account_id, version, ordinal";

    public static OutboxRow Read(NpgsqlDataReader row) => new(row.GetInt64(1), row.GetInt16(2), row.GetInt16(3), row.GetInt16(4), row.GetString(5));
}

internal static class RowReading
{
    public static DateOnly Day(this NpgsqlDataReader row, int column) => row.GetFieldValue<DateOnly>(column);

    public static T? OrNull<T>(this NpgsqlDataReader row, int column) where T : struct => row.IsDBNull(column) ? null : row.GetFieldValue<T>(column);

    public static string? TextOrNull(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
