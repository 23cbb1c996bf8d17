using IspBilling.Engine;
using IspBilling.Postgres.Embedded;
using Npgsql;

namespace IspBilling.Postgres.Tests.Embedded;

/// <summary>A server that dies without having been told to.</summary>
public sealed class SupervisionTests : OwnServer
{
    private const int PollMilliseconds = 20;

    [Fact]
    public async Task A_server_killed_from_outside_comes_back_by_itself_with_what_was_committed()
    {
        await using var server = await Start();
        await WriteNote(server, "committed");

        var killed = KillPostmaster();
        await ComesBack(server);

        Assert.Equal("committed", await ReadNotes(server));
        Assert.NotEqual(killed, PostmasterFile.ReadPid(Cluster));
    }

    [Fact]
    public async Task It_comes_back_as_often_as_it_is_killed()
    {
        await using var server = await Start();
        await WriteNote(server, "committed");

        for (var kill = 0; kill < 3; kill++)
        {
            KillPostmaster();
            await ComesBack(server);
        }

        Assert.Equal("committed", await ReadNotes(server));
        Assert.False(server.Lost.IsCompleted);
    }

    [Fact]
    public async Task What_hinders_the_start_may_last_a_while()
    {
        using var log = new Attempts();
        await using var server = await EmbeddedPostgres.Start(new() { DataDirectory = DataDirectory, Log = log }, CancellationToken.None);
        await WriteNote(server, "committed");

        Directory.Move(Path.Combine(Cluster, "global"), Path.Combine(Cluster, "elsewhere"));
        KillPostmaster();
        await log.Failed(2);
        Directory.Move(Path.Combine(Cluster, "elsewhere"), Path.Combine(Cluster, "global"));
        await ComesBack(server);

        Assert.Equal("committed", await ReadNotes(server));
    }

    [Fact]
    public async Task A_server_that_never_starts_again_is_given_up_and_that_is_told()
    {
        using var log = new Attempts();
        await using var server = await EmbeddedPostgres.Start(
            new() { DataDirectory = DataDirectory, Log = log, RestartAttemptsMax = 2 }, CancellationToken.None);
        await WriteNote(server, "committed");
        Directory.Move(Path.Combine(Cluster, "global"), Path.Combine(Cluster, "elsewhere"));

        KillPostmaster();

        await Assert.ThrowsAsync<EmbeddedPostgresException>(() => server.Lost);
        Assert.Equal(2, log.Count);
        Directory.Move(Path.Combine(Cluster, "elsewhere"), Path.Combine(Cluster, "global"));
        await server.Restart();
        Assert.Equal("committed", await ReadNotes(server));
    }

    [Fact]
    public async Task An_engine_that_stops_does_not_wait_for_a_server_that_cannot_start()
    {
        using var log = new Attempts();
        var server = await EmbeddedPostgres.Start(new() { DataDirectory = DataDirectory, Log = log }, CancellationToken.None);
        Directory.Move(Path.Combine(Cluster, "global"), Path.Combine(Cluster, "elsewhere"));
        KillPostmaster();
        await log.Failed(1);

        await server.DisposeAsync();

        Assert.Empty(ServerProcesses.In(Cluster));
    }

    [Fact]
    public async Task A_session_that_the_server_refuses_says_nothing_about_the_work()
    {
        await using var server = await Start();
        await using var connection = new NpgsqlConnection(server.ConnectionString("nowhere"));

        Assert.True(Outage.Is(await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync())));
    }

    private int KillPostmaster()
    {
        var postmaster = PostmasterFile.ReadPid(Cluster)!.Value;
        Assert.True(Signals.Send(postmaster, Signal.Kill));
        return postmaster;
    }

    /// <summary>Another postmaster answers; the suite's hang timeout is the limit.</summary>
    private static async Task ComesBack(EmbeddedPostgres server)
    {
        while (true)
        {
            try
            {
                await ReadNotes(server);
                return;
            }
            catch (NpgsqlException)
            {
                await Task.Delay(PollMilliseconds);
            }
        }
    }
}
