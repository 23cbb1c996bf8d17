using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;

namespace IspBilling.Cluster.Benchmarks;

/// <summary>
/// What it costs to ask an account that is in memory something it has answered before: the way there and back, and nothing else. On
/// the silo that asks, and on another silo of this machine over a socket.
/// </summary>
public class AccountCalls
{
    private const int Callers = 64;
    private const int CallsEach = 250;
    private TwoSilos _bed = null!;

    /// <remarks>Benchmarks in this process do not wait for a setup that is asynchronous.</remarks>
    [GlobalSetup]
    public void Start() => _bed = TwoSilos.Start().GetAwaiter().GetResult();

    [GlobalCleanup]
    public void Stop() => _bed.DisposeAsync().AsTask().GetAwaiter().GetResult();

    [Benchmark(Baseline = true, OperationsPerInvoke = Callers * CallsEach)]
    public Task SiloThatAsks() => AskAll(_bed.Accounts, _bed.Here);

    [Benchmark(OperationsPerInvoke = Callers * CallsEach)]
    public Task OtherSilo() => AskAll(_bed.Accounts, _bed.There);

    [Benchmark(OperationsPerInvoke = Callers * CallsEach)]
    public Task OneAccountOfTheSiloThatAsks() => AskAll(_bed.Accounts, _bed.Here[..1]);

    private static Task AskAll(IAccounts accounts, ImmutableArray<AccountId> whom) => Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
    {
        await Task.Yield();
        for (var call = 0; call < CallsEach; call++)
        {
            var account = whom[(caller + call) % whom.Length];
            await accounts.Ask(account, TwoSilos.Question(account), CancellationToken.None);
        }
    }));
}
