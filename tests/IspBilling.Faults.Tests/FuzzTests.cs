using IspBilling.FaultKit.Chaos;
using IspBilling.FaultKit.Fuzzing;
using IspBilling.Postgres.Migrations;
using IspBilling.TestKit;

namespace IspBilling.Faults.Tests;

/// <summary>The short form of <c>./dev load fuzz</c>, with seeds that stay.</summary>
public sealed class FuzzTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const int Seed = 20260201;

    [Fact]
    public async Task A_damaged_statement_is_read_or_refused_in_bounded_memory()
    {
        var report = await StatementFuzz.Run(20_000, Seed, samplesBeside: null, progress: null, CancellationToken.None);

        NothingFound(report);
        Assert.InRange(report.Accepted, 100, report.Inputs - 100);
    }

    [Fact]
    public async Task A_damaged_request_is_read_or_refused_in_bounded_memory()
    {
        var report = await RequestFuzz.Run(4_000, Seed, progress: null, CancellationToken.None);

        NothingFound(report);
        Assert.InRange(report.Accepted, 100, report.Inputs - 100);
    }

    [Fact]
    public async Task The_engine_answers_whatever_is_sent_and_books_nothing_of_what_it_refuses()
    {
        await using var database = await postgres.NewDatabase(MigrationSet.OfProgram);
        var (report, problems) = await EndpointTrial.Run(
            database.Source, database.ConnectionString, 600, Seed, TestDirectory.New(), samplesBeside: null, progress: null, CancellationToken.None);

        NothingFound(report);
        Assert.Empty(problems);
        Assert.True(report.Accepted > 0, "nothing was accepted");
    }

    [Fact]
    public void The_same_seed_makes_the_same_inputs()
    {
        byte[][] samples = [.. RequestSamples.Bodies];
        Assert.Equal(
            Enumerable.Range(0, 50).Select(number => Convert.ToHexString(new Mutator(samples, Seed).Input(number))),
            Enumerable.Range(0, 50).Select(number => Convert.ToHexString(new Mutator(samples, Seed).Input(number))));
    }

    [Fact]
    public async Task A_reader_that_crashes_or_takes_memory_without_bound_is_found()
    {
        var mutator = new Mutator(RequestSamples.Bodies, Seed);
        var crashing = await new FuzzRun("crashing", 1_000_000, 1_000).Execute(
            mutator, 100, input => input.Length % 2 == 0 ? FuzzEnd.Refused : throw new InvalidOperationException("odd"), progress: null, CancellationToken.None);
        var greedy = await new FuzzRun("greedy", fixedBytes: 10_000, bytesPerByte: 0).Execute(
            mutator, 10, _ => new byte[100_000].Length == 0 ? FuzzEnd.Refused : FuzzEnd.Accepted, progress: null, CancellationToken.None);

        Assert.NotEmpty(crashing.Findings);
        Assert.Equal(10, greedy.Findings.Length);
    }

    private static void NothingFound(FuzzReport report) =>
        Assert.True(report.Findings.IsEmpty, string.Join('\n', report.Findings.Select(finding => $"{finding.Number}: {finding.Failure}\n{Convert.ToBase64String(finding.Input)}")));
}
