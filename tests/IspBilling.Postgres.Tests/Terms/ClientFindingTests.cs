using System.Text.Json;
using IspBilling.Domain;
using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Reading;
using IspBilling.TestKit;
using Npgsql;

namespace IspBilling.Postgres.Tests.Terms;

/// <summary>Nothing that is looked for costs more than a bounded stretch of an index.</summary>
public sealed class ClientFindingTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const int Jans = 9_000, Annas = 8_000;
    private const string Kinds = "{1,3,9,7,8,6,4,2,5}";

    private TestDatabase _database = null!;

    public async Task InitializeAsync()
    {
        _database = await postgres.NewDatabase(MigrationSet.OfProgram);
        await Terms("jan", 1, Jans);
        await Terms("anna", Jans + 1, Annas);
        await _database.Searched(20_001, "Jan Vzácný");
        await _database.Searched(20_002, "Anna Vzácná");
        await _database.Fill();
        await _database.Execute("ANALYZE");
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task A_rare_word_beside_a_common_one_or_a_letter_names_the_candidates()
    {
        Assert.Equal(["Č-20001"], await _database.Source.FoundBy("jan", "vzac"));
        Assert.Equal(["Č-20002"], await _database.Source.FoundBy("a", "vzac"));
        Assert.Equal(["Č-20001"], await _database.Source.FoundBy("vzacny"));
        Assert.Empty(await _database.Source.FoundBy("vzac", "petr"));
        Assert.Equal(["Č-20001"], await _database.Source.FoundBy("vzacny", "praha", "jan", "c-20001"));
    }

    [Fact]
    public async Task Two_common_words_that_nobody_has_together_are_given_up_and_that_is_said()
    {
        var found = (await new ClientFinding(_database.Source).Find(SearchedClients.Words("jan", "anna"), 20, CancellationToken.None))!;

        Assert.Empty(found.Clients);
        Assert.True(found.More);
    }

    [Fact]
    public async Task Whoever_has_a_symbol_a_document_or_a_payer_in_common_comes_once_and_in_order()
    {
        await _database.Document(20_002, 1, symbol: 77, number: "2600000001");
        await _database.Document(20_001, 1, symbol: 77, number: "2600000002");
        await _database.Document(20_001, 2, symbol: 77, number: "2600000003");
        await _database.Payment(20_002, 1, 100, new DateOnly(2026, 1, 1), rule: 0, payer: "1/0100");

        var found = (await new ClientFinding(_database.Source).Find(
            new ClientQuery(null, [], new VariableSymbol(77), null, ["1/0100"], []), 20, CancellationToken.None))!;

        Assert.Equal([20_001, 20_002], found.Clients.Select(client => client.Account));
        Assert.Equal([[Identifier.DocumentSymbol], [Identifier.DocumentSymbol, Identifier.BankAccount]], found.Clients.Select(client => client.Identifiers.Select(id => id.Identifier)));
    }

    [Theory]
    [InlineData("j", "NULL", "{}", 6_000)]
    [InlineData("jan", "NULL", "{anna}", 12_000)]
    [InlineData("anna", "NULL", "{jan,a,j}", 12_000)]
    [InlineData("anna", "'jan'", "{}", 12_000)]
    [InlineData("", "NULL", "{x}", 12_000)]
    public async Task Words_walk_a_bounded_stretch_of_the_index(string driver, string second, string others, double rowsMax)
    {
        var plan = await Explain(
            ClientFinding.ByWords.Replace("$1", $"'{driver}'::text", StringComparison.Ordinal).Replace("$2", $"'{Kinds}'::smallint[]", StringComparison.Ordinal)
                .Replace("$3", "6000", StringComparison.Ordinal).Replace("$4", $"'{others}'::text[]", StringComparison.Ordinal).Replace("$5", "21", StringComparison.Ordinal)
                .Replace("$6", $"{second}::text", StringComparison.Ordinal));

        Assert.DoesNotContain(plan, node => node.Type == "Seq Scan");
        Assert.InRange(plan.Where(node => node.Relation == "client_terms").Sum(node => node.Rows), 1, rowsMax);
    }

    [Fact]
    public async Task Words_are_counted_no_further_than_to_be_called_common()
    {
        var plan = await Explain(
            ClientFinding.Counting.Replace("$1", "'{j,a,vzac}'::text[]", StringComparison.Ordinal).Replace("$2", $"'{Kinds}'::smallint[]", StringComparison.Ordinal)
                .Replace("$3", "1000", StringComparison.Ordinal));

        Assert.DoesNotContain(plan, node => node.Type == "Seq Scan");
        Assert.InRange(plan.Where(node => node.Relation == "client_terms").Sum(node => node.Rows), 1, 3 * 1_001);
    }

    [Fact]
    public async Task Identifiers_are_looked_up_by_indexes_alone()
    {
        var values = new (string Name, string Value)[]
        {
            ("$10", "500"), ("$11", "2::smallint"), ("$1", "'{Č-20001}'::text[]"), ("$2", "'{6,7}'::smallint[]"), ("$3", "'{777123456,01234567}'::text[]"), ("$4", "77::bigint"),
            ("$5", "0::smallint"), ("$6", "2026::smallint"), ("$7", "1::bigint"), ("$8", "'{1/0100}'::text[]"), ("$9", "21"),
        };

        var plan = await Explain(values.Aggregate(ClientFinding.ByIdentifiers, (sql, value) => sql.Replace(value.Name, value.Value, StringComparison.Ordinal)));

        Assert.DoesNotContain(plan, node => node.Type == "Seq Scan");
        Assert.Contains(plan, node => node.Index == "documents_symbol");
        Assert.Contains(plan, node => node.Index == "payments_symbol");
        Assert.Contains(plan, node => node.Index == "payments_payer");
    }

    /// <summary>Terms alone: enough for what is walked.</summary>
    private Task Terms(string word, int first, int count) => _database.Execute(
        $"INSERT INTO client_terms (account_id, kind, term) SELECT id, 1, '{word}' FROM generate_series({first}, {first + count - 1}) id");

    private sealed record Node(string Type, string? Relation, string? Index, double Rows);

    private async Task<IReadOnlyList<Node>> Explain(string sql)
    {
        await using var connection = await _database.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var guard = new NpgsqlCommand(ClientFinding.Guard, connection)) await guard.ExecuteNonQueryAsync();
        await using var explain = new NpgsqlCommand($"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", connection);
        var nodes = new List<Node>();
        Add(JsonDocument.Parse((string)(await explain.ExecuteScalarAsync())!).RootElement[0].GetProperty("Plan"), nodes);
        return nodes;
    }

    /// <summary>Rows that a node let through and those it threw away, over all its loops.</summary>
    private static void Add(JsonElement plan, List<Node> nodes)
    {
        var rows = (Number(plan, "Actual Rows") + Number(plan, "Rows Removed by Filter")) * Number(plan, "Actual Loops");
        nodes.Add(new Node(plan.GetProperty("Node Type").GetString()!, Text(plan, "Relation Name"), Text(plan, "Index Name"), rows));
        if (!plan.TryGetProperty("Plans", out var plans)) return;
        foreach (var below in plans.EnumerateArray()) Add(below, nodes);
    }

    private static double Number(JsonElement plan, string name) => plan.TryGetProperty(name, out var value) ? value.GetDouble() : 0;

    private static string? Text(JsonElement plan, string name) => plan.TryGetProperty(name, out var value) ? value.GetString() : null;
}
