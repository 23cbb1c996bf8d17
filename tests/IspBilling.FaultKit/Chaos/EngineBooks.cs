using System.Globalization;
using IspBilling.Demo;
using IspBilling.Domain;
using IspBilling.FaultKit.Clients;
using IspBilling.FaultKit.Processes;
using IspBilling.Postgres.Audit;
using Npgsql;

namespace IspBilling.FaultKit.Chaos;

/// <summary>Looks into the database past the engine: what is counted here owes nothing to the engine's own reading.</summary>
public sealed class EngineBooks(NpgsqlDataSource database)
{
    public Task<long> Count(string from) => Scalar($"SELECT count(*) FROM {from}");

    public async Task<bool> IsThere()
    {
        try
        {
            return await Scalar("SELECT 1") == 1;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    /// <summary>
    /// Makes the server begin a new segment of its write-ahead log. Where there is no room for one it panics, and its supervisor has
    /// something to do.
    /// </summary>
    public async Task NeedRoomForLog()
    {
        try
        {
            await Scalar("SELECT pg_switch_wal() - '0/0'");
        }
        catch (NpgsqlException)
        {
            // That is what it is for.
        }
    }

    /// <summary>How often each errand was done.</summary>
    public async Task<IReadOnlyDictionary<Marker, long>> EffectsOfErrands()
    {
        await using var select = database.CreateCommand(
            $"""
            SELECT marker::bigint, count(*) FROM (
                SELECT (regexp_match(convert_from(payload || coalesce(personal, ''), 'UTF8'), '{Marker.Pattern}'))[1] AS marker FROM journal
                WHERE name IN ('one-off-added.v1', 'special-price-agreed.v1', 'profile-changed.v1')
                UNION ALL
                SELECT told.message FROM payments JOIN statement_entries told ON told.identity = payments.entry
                WHERE told.message ~ '^{Marker.Pattern}$') happened
            WHERE marker IS NOT NULL GROUP BY marker
            """);
        select.CommandTimeout = 0;
        await using var rows = await select.ExecuteReaderAsync();
        var effects = new Dictionary<Marker, long>();
        while (await rows.ReadAsync()) effects[new Marker(rows.GetInt64(0))] = rows.GetInt64(1);
        return effects;
    }

    public async Task<IReadOnlyList<KnownClient>> Clients()
    {
        await using var select = database.CreateCommand(
            "SELECT r.reference, min(d.symbol) FROM client_references r JOIN documents d USING (account_id) WHERE d.kind = 0 GROUP BY r.reference ORDER BY r.reference");
        await using var rows = await select.ExecuteReaderAsync();
        var clients = new List<KnownClient>();
        while (await rows.ReadAsync()) clients.Add(new KnownClient(rows.GetString(0), new VariableSymbol(rows.GetInt64(1))));
        return clients;
    }

    /// <summary>Runs that issue; those far ahead are previewed first.</summary>
    public async Task<IReadOnlyList<Guid>> RunsThrough(DateOnly day)
    {
        await using var select = database.CreateCommand("SELECT id FROM billing_runs WHERE through = $1 AND mode = 1");
        select.Parameters.Add(new() { Value = day });
        await using var rows = await select.ExecuteReaderAsync();
        var runs = new List<Guid>();
        while (await rows.ReadAsync()) runs.Add(rows.GetGuid(0));
        return runs;
    }

    /// <summary>What clients pay of the invoices of a run.</summary>
    public async Task<IReadOnlyList<PayableInvoice>> InvoicesOf(Guid run)
    {
        await using var select = database.CreateCommand("SELECT symbol, total FROM documents WHERE run = $1 AND kind = 0 ORDER BY account_id");
        select.Parameters.Add(new() { Value = run });
        await using var rows = await select.ExecuteReaderAsync();
        var invoices = new List<PayableInvoice>();
        while (await rows.ReadAsync()) invoices.Add(new PayableInvoice(new VariableSymbol(rows.GetInt64(0)), new Money(rows.GetInt64(1), Currency.Czk)));
        return invoices;
    }

    /// <summary>Accounts whose review is due by today and was not made.</summary>
    public Task<long> ReviewsDue() => Count($"accounts WHERE next_review_on <= '{TrialTime.Today:yyyy-MM-dd}'");

    /// <summary>Steps of dunning taken in a day's reviews, and the accounts that took more than one.</summary>
    public async Task<(long Taken, long Twice)> ReviewSteps() => (
        await Count("journal WHERE name = 'dunning-step-taken.v1'"),
        await Count("(SELECT account_id FROM journal WHERE name = 'dunning-step-taken.v1' GROUP BY account_id HAVING count(*) > 1) twice"));

    /// <summary>What speaks against the books; empty when all is well.</summary>
    public async Task<IReadOnlyList<string>> Audit(CancellationToken cancellation)
    {
        var report = await LedgerAudit.Run(database, progress: null, cancellation);
        if (report.IsClean) return [];
        await using var text = new StringWriter(CultureInfo.InvariantCulture);
        AuditConsole.Print(report, text);
        return [text.ToString()];
    }

    private async Task<long> Scalar(string sql)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 0;
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }
}
