using System.Text.Json;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.StatementImports;
using IspBilling.Engine.Coordination;
using IspBilling.Engine.Reviews;
using Orleans;
using Orleans.Runtime;

namespace IspBilling.Cluster.Tests.Grains;

/// <summary>Statements that are booked by the shards of a cluster.</summary>
public sealed class ImportTests
{
    private static readonly DateOnly ThisMonth = new(ProviderCluster.Today.Year, ProviderCluster.Today.Month, 1);

    /// <summary>Nobody is reminded within a test.</summary>
    private static readonly ReviewHours Quiet = new(new TimeOnly(0, 0), new TimeOnly(0, 1));

    [Fact]
    public async Task Payments_are_booked_where_their_accounts_live_and_wake_nobody()
    {
        await using var provider = await ProviderCluster.Start(600, ThisMonth, Quiet);
        await provider.Bill(ProviderCluster.Today);
        var payments = await Payments(provider);

        var import = await provider.Import([.. payments, TakenBack(payments[0]), .. payments.Take(1).Select(Unknown)]);
        var awake = await Activations(provider, "AccountGrain");
        var shards = await Activations(provider, "ImportShardGrain");
        await Task.WhenAll(provider.Clients.Select(client => provider.Accounts.Ask(client, Promise(client), CancellationToken.None).AsTask()));
        var homes = await Activations(provider, "AccountGrain");

        var paid = payments.Skip(1).Sum(payment => payment.Amount.Minor);
        Assert.Equal((ImportStatus.Finished, new ImportCounts(602, 0, 601, 1, 0, paid)), (import.Status, import.Counts));
        Assert.Empty(awake);
        Assert.Equal([0, 1, 2], shards.Select(shard => shard.Key).Order());
        Assert.All(shards, shard => Assert.Equal(provider.SiloOfShard((int)shard.Key), shard.Silo));
        Assert.All(homes, home => Assert.Equal(provider.SiloOfShard(AccountShard.NumberOf(new AccountId(home.Key), ShardHome.Shards)), home.Silo));
        Assert.Empty(await provider.Findings());
    }

    [Fact]
    public async Task Accounts_that_are_awake_and_accounts_with_many_payments_are_booked_in_the_order_of_the_file()
    {
        await using var provider = await ProviderCluster.Start(20, ThisMonth, Quiet);
        await provider.Bill(ProviderCluster.Today);
        var payments = await Payments(provider);
        await provider.Accounts.Ask(provider.Clients[1], Promise(provider.Clients[1]), CancellationToken.None);
        StatementEntry[] many = [.. Enumerable.Range(1, 30).Select(i => payments[0] with { EntryReference = $"many-{i}", Amount = Money.Czk(i) })];

        var import = await provider.Import([payments[1], TakenBack(payments[1]), .. many]);

        Assert.Equal((ImportStatus.Finished, 32L), (import.Status, import.Counts.Matched));
        Assert.Equal(
            string.Join(',', many.Select(payment => payment.Amount.Minor)),
            await provider.Database.Scalar<string>(
                $"SELECT string_agg(amount::text, ',' ORDER BY ordinal) FROM payments WHERE account_id = {await HolderOf(provider, many[0])}"));
        Assert.Empty(await provider.Findings());
    }

    [Fact]
    public async Task An_import_goes_on_behind_its_cursor_when_the_silo_of_its_coordinator_is_killed()
    {
        await using var provider = await ProviderCluster.Start(1_500, ThisMonth, Quiet);
        await provider.Bill(ProviderCluster.Today);
        var payments = await Payments(provider);
        var staged = await provider.Stage(payments);
        var booking = provider.Booking.Match(staged, CancellationToken.None);
        await ProviderCluster.Until(async () =>
            await provider.Imports.Find(staged.Id, CancellationToken.None) is { Counts.Matched: > 0 } begun ? begun : null);

        var coordinator = Assert.Single(await Activations(provider, "ImportGrain"));
        await provider.Cluster.KillSiloAsync(provider.Cluster.Silos.First(silo => silo.SiloAddress.Equals(coordinator.Silo)));
        var import = await booking;

        Assert.Equal((ImportStatus.Finished, 1_500L), (import.Status, import.Counts.Matched));
        Assert.Equal(payments.Sum(payment => payment.Amount.Minor), import.Counts.MatchedMinor);
        Assert.Equal(1_500, await provider.Database.Scalar<long>("SELECT count(*) FROM payments"));
        Assert.Equal(await provider.Database.Scalar<long>("SELECT max(id) FROM statement_entries"), await StoredCursor(provider));
        Assert.Empty(await provider.Findings());
    }

    /// <summary>One for each invoice, in full.</summary>
    private static async Task<List<StatementEntry>> Payments(ProviderCluster provider)
    {
        var payments = new List<StatementEntry>();
        await using var select = provider.Database.Source.CreateCommand("SELECT symbol, total FROM documents ORDER BY account_id");
        await using var rows = await select.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            payments.Add(new StatementEntry(
                "2000145399/0800", $"entry-{payments.Count}", new Money(rows.GetInt64(1), Currency.Czk), EntryDirection.Credit, IsReversal: false,
                ProviderCluster.Today, ProviderCluster.Today, CounterAccount: null, CounterName: null, new VariableSymbol(rows.GetInt64(0)), null, null, null, null,
                $"record {payments.Count}"));
        }

        return payments;
    }

    private static StatementEntry TakenBack(StatementEntry payment) =>
        payment with { EntryReference = $"{payment.EntryReference} back", Direction = EntryDirection.Debit, IsReversal = true };

    private static StatementEntry Unknown(StatementEntry payment) =>
        payment with { EntryReference = "unknown", VariableSymbol = new VariableSymbol(9_999_999_999) };

    private static Envelope Promise(AccountId client) =>
        new(CommandIds.Derive("promise", $"{client}"), new PromiseToPay(ProviderCluster.Today.AddDays(3)), Actor.System("test"));

    private static async Task<long> HolderOf(ProviderCluster provider, StatementEntry payment) =>
        await provider.Database.Scalar<long>($"SELECT account_id FROM documents WHERE symbol = {payment.VariableSymbol!.Value.Value}");

    private static async Task<long> StoredCursor(ProviderCluster provider)
    {
        var text = await provider.Database.Scalar<string>("SELECT convert_from(payload, 'UTF8') FROM cluster_grain_states WHERE grain_type LIKE '%import%'");
        return JsonDocument.Parse(text!).RootElement.GetProperty("Cursor").GetInt64();
    }

    private static async Task<List<(long Key, SiloAddress Silo)>> Activations(ProviderCluster provider, string grainClass)
    {
        var statistics = await provider.Cluster.Client.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics();
        return
        [
            .. from grain in statistics
               where grain.GrainType.Split(',')[0].EndsWith($".{grainClass}", StringComparison.Ordinal)
               select (grain.GrainId.TryGetIntegerKey(out var key, out _) ? key : 0, grain.SiloAddress),
        ];
    }
}
