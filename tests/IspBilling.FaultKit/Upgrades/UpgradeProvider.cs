using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using IspBilling.Demo;
using IspBilling.Domain;
using IspBilling.FaultKit.Processes;
using Npgsql;

namespace IspBilling.FaultKit.Upgrades;

/// <summary>
/// A made-up provider that has a little of everything: two issuers, invoices, credit notes, payments of every kind, money that nobody
/// claims, promises, disputes, a parked account, and clients who are due and were not billed yet. It asks only for what every release's
/// interface offers.
/// </summary>
internal sealed class UpgradeProvider(HttpClient http, NpgsqlDataSource database)
{
    private const int ClientsOfFirst = 40, ClientsOfSecond = 12;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public async Task LiveThroughAMonth(CancellationToken cancellation)
    {
        var today = await Today(cancellation);
        var month = new DateOnly(today.Year, today.Month, 1);
        await PutSettings();
        for (var client = 1; client <= ClientsOfFirst + ClientsOfSecond; client++) await PutClient(client, month.AddMonths(-1));
        await Bill("preview", month, cancellation);
        await Bill("issue", month, cancellation);
        await Upload("first.gpc", today, (await Invoices(cancellation))[..30], seed: 1, cancellation);
        await Correct(today);
        await Bill("issue", month.AddMonths(1), cancellation);
        for (var client = 1; client <= 6; client++) await PutClient(900 + client, month);
        await Park("C-5", cancellation);
    }

    /// <summary>
    /// Asks for a preview and uploads a file, neither of which can end while the returned connection holds its locks. The preview is there
    /// because it issues nothing when a later release takes it up again.
    /// </summary>
    public async Task<NpgsqlConnection> LeaveWorkUnfinished(CancellationToken cancellation)
    {
        var today = await Today(cancellation);
        var hold = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false }.ConnectionString);
        await hold.OpenAsync(cancellation);
        // The oldest invoices were paid by the first file; the last of these accounts is held.
        var invoices = (await Invoices(cancellation))[30..45];
        await using (var locks = new NpgsqlCommand(
            $"BEGIN; LOCK TABLE billing_run_items IN SHARE MODE; SELECT FROM accounts WHERE id IN (SELECT account_id FROM documents WHERE symbol = {invoices[^1].Symbol.Value}) FOR UPDATE", hold))
            await locks.ExecuteNonQueryAsync(cancellation);
        await Send(HttpMethod.Post, "/v1/billing-runs", new { mode = "preview", through = Text(today.AddMonths(2)) });
        await WriteStatement("second.gpc", today.AddDays(-1), invoices, seed: 2, cancellation);
        await Until.So(async () => await Count("billing_runs WHERE finished_at IS NULL") == 1, Limit, () => "the preview does not begin", cancellation);
        await Until.So(
            async () => await Count("statement_entries e JOIN statement_imports i ON i.id = e.import_id WHERE i.file_name = 'second.gpc' AND e.state = 0") > 0,
            Limit, () => "the second file is not read", cancellation);
        return hold;
    }

    private async Task PutSettings()
    {
        await Send(HttpMethod.Put, "/v1/issuers/1", Issuer("Prvni ukazkova sit s.r.o.", "CZ6508000000192000145399"));
        await Send(HttpMethod.Put, "/v1/issuers/2", Issuer("Druha ukazkova sit s.r.o.", "CZ9455000000001011038930"));
        await Tariff("HOME", "499.00");
        await Tariff("FAST", "799.00");
        await Tariff("TV", "199.00");

        static object Issuer(string name, string iban) => new
        {
            name, address = new { street = "Ukazkova 1", city = "Brno", postalCode = "602 00" }, companyNumber = "12345679", vatNumber = "CZ12345679",
            bankAccount = new { iban },
        };

        Task Tariff(string code, string price) => Send(
            HttpMethod.Put, $"/v1/tariffs/{code}", new { name = code, versions = new[] { new { validFrom = "2020-01-01", monthlyPrice = Czk(price) } } });
    }

    private async Task PutClient(int number, DateOnly since)
    {
        var client = $"/v1/clients/C-{number}";
        var symbol = string.Create(CultureInfo.InvariantCulture, $"{7_000_000 + number}");
        await Send(HttpMethod.Put, client, new
        {
            name = $"Klient {number}", address = new { street = $"Zkusebni {number}", city = "Brno", postalCode = "602 00" },
            issuer = number is > ClientsOfFirst and <= ClientsOfFirst + ClientsOfSecond ? 2 : 1,
            email = $"klient{number}@example.com", symbolPolicy = number % 3 == 0 ? "perAccount" : "perDocument",
            accountSymbol = number % 3 == 0 ? symbol : null,
        });
        await Send(HttpMethod.Put, $"{client}/services/S1", new
        {
            tariff = number % 4 == 0 ? "FAST" : "HOME", start = Text(since.AddDays(number % 17)), cycleMonths = number % 11 == 0 ? 3 : 1,
            timing = number % 7 == 0 ? "inArrears" : "inAdvance",
        });
        if (number % 2 == 0) await Send(HttpMethod.Put, $"{client}/services/S2", new { tariff = "TV", start = Text(since) });
        if (number % 5 == 0)
            await Send(HttpMethod.Put, $"{client}/services/S1/special-prices/P1", new { from = Text(since.AddMonths(1)), discountPercent = 15, reason = "loyalty" });
        if (number % 6 == 0)
            await Send(HttpMethod.Put, $"{client}/one-off-items/I1", new { date = Text(since.AddDays(20)), text = "Router", unitPrice = Czk("1290.00") });
    }

    /// <summary>What happens after invoices are out: pauses, ends, a price agreed afterwards, promises, disputes, an exemption.</summary>
    private async Task Correct(DateOnly today)
    {
        await Send(HttpMethod.Put, "/v1/clients/C-7/services/S1/pauses/summer", new { from = Text(today.AddDays(-10)), to = Text(today.AddDays(5)), reason = "holiday" });
        await Send(HttpMethod.Put, "/v1/clients/C-8/services/S1/special-prices/back", new { from = Text(today.AddDays(-15)), monthlyPrice = Czk("299.00"), reason = "agreed" });
        await Send(HttpMethod.Put, "/v1/clients/C-9/services/S1", new { tariff = "HOME", start = Text(FirstOf(today).AddMonths(-1).AddDays(9)), end = Text(today.AddDays(-5)) });
        await Send(HttpMethod.Post, "/v1/clients/C-48/promise-to-pay", new { until = Text(today.AddDays(20)) });
        await Send(HttpMethod.Post, "/v1/clients/C-49/dunning-exemption", new { exempt = true, reason = "hospital" });
        var number = JsonDocument.Parse(await Send(HttpMethod.Get, "/v1/clients/C-50/documents", body: null)).RootElement
            .GetProperty("items")[0].GetProperty("number").GetString();
        await Send(HttpMethod.Post, "/v1/clients/C-50/disputes", new { document = number, disputed = true, reason = "outage" });
    }

    private async Task Bill(string mode, DateOnly through, CancellationToken cancellation)
    {
        await Send(HttpMethod.Post, "/v1/billing-runs", new { mode, through = Text(through) });
        await Until.So(async () => await Count("billing_runs WHERE finished_at IS NULL") == 0, Limit, () => $"the {mode} does not end", cancellation);
    }

    private async Task Upload(string file, DateOnly day, IReadOnlyList<PayableInvoice> paid, int seed, CancellationToken cancellation)
    {
        await WriteStatement(file, day, paid, seed, cancellation);
        await Until.So(async () => await Count("statement_imports WHERE finished_at IS NULL") == 0, Limit, () => $"{file} is not booked", cancellation);
    }

    /// <summary>Asks and does not wait for what becomes of it: an engine answers when everything is booked.</summary>
    private async Task WriteStatement(string file, DateOnly day, IReadOnlyList<PayableInvoice> paid, int seed, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        await DemoStatement.Write(bytes, day, DemoPayments.For(paid, day, seed).ToList(), cancellation);
        var content = new ByteArrayContent(bytes.ToArray());
        content.Headers.ContentType = new("application/octet-stream");
        _ = Swallow(http.PostAsync(new Uri($"/v1/statements?fileName={file}", UriKind.Relative), content, cancellation));
        await Until.So(async () => await Count($"statement_imports WHERE file_name = '{file}'") == 1, Limit, () => $"{file} does not arrive", cancellation);

        // The engine is killed under the last file: its answer does not come.
        static async Task Swallow(Task<HttpResponseMessage> answer)
        {
            try
            {
                (await answer).Dispose();
            }
            catch (HttpRequestException)
            {
            }
        }
    }

    /// <summary>As a program that could not decide leaves an account.</summary>
    private async Task Park(string reference, CancellationToken cancellation)
    {
        await using var park = database.CreateCommand(
            """
            INSERT INTO parked_accounts (account_id, command, reason, at)
            SELECT account_id, 'Bill', 'made up: the invariant of a release that had an error', (SELECT max(created_at) FROM api_keys)
            FROM client_references WHERE reference = $1
            """);
        park.Parameters.Add(new() { Value = reference });
        await park.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<PayableInvoice[]> Invoices(CancellationToken cancellation)
    {
        var invoices = new List<PayableInvoice>();
        await using var select = database.CreateCommand("SELECT symbol, total FROM documents WHERE kind = 0 ORDER BY account_id, ordinal");
        await using var rows = await select.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation)) invoices.Add(new PayableInvoice(new VariableSymbol(rows.GetInt64(0)), new Money(rows.GetInt64(1), Currency.Czk)));
        return [.. invoices];
    }

    /// <summary>By the engine's own clock: releases before the setting had only the machine's.</summary>
    private async Task<DateOnly> Today(CancellationToken cancellation)
    {
        await using var select = database.CreateCommand("SELECT (max(created_at) AT TIME ZONE 'UTC')::date FROM api_keys");
        return (DateOnly)(await select.ExecuteScalarAsync(cancellation))!;
    }

    private async Task<long> Count(string from)
    {
        await using var count = database.CreateCommand($"SELECT count(*) FROM {from}");
        return (long)(await count.ExecuteScalarAsync())!;
    }

    private async Task<string> Send(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, body.GetType()) };
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? text : throw new InvalidOperationException($"{method} {path}: {(int)answer.StatusCode} {text}");
    }

    private static object Czk(string amount) => new { amount, currency = "CZK" };

    private static DateOnly FirstOf(DateOnly day) => new(day.Year, day.Month, 1);

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
