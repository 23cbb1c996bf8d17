using IspBilling.FaultKit.Processes;
using IspBilling.TestKit;

namespace IspBilling.Faults.Tests;

/// <summary>A node that the others cannot reach is declared dead though it lives.</summary>
public sealed class DeclaredDeadTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const int Dead = 6;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task It_ends_with_a_sentence_and_an_exit_code_and_serves_when_it_is_started_again()
    {
        await using var provider = await SmallProvider.With(clients: 1, postgres);
        await using (var api = await provider.StartApi())
        {
            // What its fellows would write.
            await provider.Database.Execute($"UPDATE cluster_members SET status = {Dead}; UPDATE cluster_versions SET version = version + 1");

            await Until.So(() => Task.FromResult(api.HasEnded && SaysWhy(api)), Limit, api.Output);
            Assert.Equal(1, api.ExitCode);
        }

        await using (await provider.StartApi())
        {
        }
    }

    private static bool SaysWhy(EngineProcess api) =>
        api.Output().Contains("This node cannot stay in its cluster and ends; start it again.", StringComparison.Ordinal);
}
