using System.Text.Json;
using IspBilling.Demo;
using IspBilling.Domain;
using IspBilling.Engine.Json;
using Npgsql;

namespace IspBilling.LoadTests.Scenarios;

/// <summary>
/// Clients as far as a search looks at them, written by COPY: nobody could ask their accounts anything. Names are as uneven as in a country: one
/// client in 33 is called Jan, one in 150 Novák or Nováková, and one in eight lives in Praha.
/// </summary>
internal static class SearchableClients
{
    private const int PerName = 33;
    private const int PerSurname = 150;
    private const int PerCity = 8;
    private const int Portion = 10_000;

    /// <param name="from">First account; its predecessors are there.</param>
    public static async Task Copy(
        NpgsqlDataSource database, int from, int accounts, int seed, DateOnly month, Action<double> report, CancellationToken cancellation)
    {
        var number = from - 1;
        foreach (var portion in DemoClients.Generate(new DemoPopulation(accounts, seed, month, Plain: true)).Skip(from - 1).Chunk(Portion))
        {
            var clients = portion.Select(client => new MadeUp(++number, client.Reference, Uneven(((SetProfile)client.Commands[0]).Profile, number))).ToList();
            await using var connection = await database.OpenConnectionAsync(cancellation);
            await Write(connection, "client_references (account_id, reference)", clients, WriteReference, cancellation);
            await Write(connection, "account_profiles (account_id, revision, profile)", clients, WriteProfile, cancellation);
            await Write(connection, "clients (account_id, issuer, revision, name, company_number, email, phone, account_symbol)", clients, WriteClient, cancellation);
            report(number);
        }

        await Books(database, from, accounts, cancellation);
    }

    private sealed record MadeUp(long Account, string Reference, AccountProfile Profile);

    private static void WriteReference(NpgsqlBinaryImporter row, MadeUp client)
    {
        row.Write(client.Account);
        row.Write(client.Reference);
    }

    private static void WriteProfile(NpgsqlBinaryImporter row, MadeUp client)
    {
        row.Write(client.Account);
        row.Write(1);
        row.Write(JsonSerializer.SerializeToUtf8Bytes(client.Profile, JournalJson.Options));
    }

    private static void WriteClient(NpgsqlBinaryImporter row, MadeUp client)
    {
        row.Write(client.Account);
        row.Write(client.Profile.Issuer.Value);
        row.Write(1);
        row.Write(client.Profile.Name);
        foreach (var text in new[] { client.Profile.CompanyNumber, client.Profile.Email, client.Profile.Phone })
        {
            if (text is null) row.WriteNull();
            else row.Write(text);
        }

        if (client.Profile.AccountSymbol is { } symbol) row.Write(symbol.Value);
        else row.WriteNull();
    }

    private static async Task Write(
        NpgsqlConnection connection, string target, List<MadeUp> rows, Action<NpgsqlBinaryImporter, MadeUp> write, CancellationToken cancellation)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"COPY {target} FROM STDIN (FORMAT BINARY)", cancellation);
        foreach (var row in rows)
        {
            await copy.StartRowAsync(cancellation);
            write(copy, row);
        }

        await copy.CompleteAsync(cancellation);
    }

    private static AccountProfile Uneven(AccountProfile profile, int number)
    {
        var words = profile.Name.Split(' ');
        if (number % PerName == 0 && profile.CompanyNumber is null) words[0] = "Jan";
        if (number % PerSurname == 0 && profile.CompanyNumber is null) words[^1] = number % (2 * PerSurname) == 0 ? "Novák" : "Nováková";
        return profile with { Name = string.Join(' ', words), Address = number % PerCity == 0 ? profile.Address with { City = "Praha" } : profile.Address };
    }

    /// <summary>A row for each account, two documents and a payment from a bank account of its own.</summary>
    private static async Task Books(NpgsqlDataSource database, int from, int accounts, CancellationToken cancellation)
    {
        string[] statements =
        [
            $"""
             INSERT INTO accounts (id, version, head, state, status, level, issuer, balance, catalogue_revision)
             SELECT id, 1, '', '\x00', {(int)AccountStatus.Open}, 0, 1, 0, 1 FROM generate_series({from}, {accounts}) id
             """,
            $"""
             INSERT INTO documents
             SELECT id, ordinal, 1, 1, 0, 2020 + ordinal, id, (20 + ordinal) || lpad(id::text, 8, '0'), (20 + ordinal)::bigint * {SeriesKey.PerYear} + id, '2021-01-01', '2021-01-01', '2021-01-15',
                 'CZK', 100, 21, 0, 121, 1, 1, NULL
             FROM generate_series({from}, {accounts}) id, generate_series(1, 2) ordinal
             """,
            $"""
             INSERT INTO payments (account_id, ordinal, version, entry, amount, currency, booked_on, symbol, counter_account, rule, status)
             SELECT id, 1, 1, 'made up ' || id, 121, 'CZK', '2021-01-20', 21::bigint * {SeriesKey.PerYear} + id, (2000000000 + id) || '/0100', 0, {(int)PaymentStatus.Booked}
             FROM generate_series({from}, {accounts}) id
             """,
        ];
        foreach (var statement in statements)
        {
            await using var insert = database.CreateCommand(statement);
            insert.CommandTimeout = 0;
            await insert.ExecuteNonQueryAsync(cancellation);
        }
    }
}
