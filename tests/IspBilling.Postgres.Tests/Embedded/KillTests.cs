using System.Globalization;
using IspBilling.Postgres.Embedded;
using Npgsql;

namespace IspBilling.Postgres.Tests.Embedded;

public sealed class KillTests : OwnServer
{
    [Fact]
    public async Task Committed_data_survives_a_kill_of_the_server()
    {
        await using var server = await Start();
        await WriteNote(server, "committed");

        await server.KillHard();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ReadNotes(server));
        await server.Restart();

        Assert.Equal("committed", await ReadNotes(server));
    }

    [Fact]
    public async Task What_was_not_committed_is_gone_after_a_kill()
    {
        await using var server = await Start();
        await WriteNote(server, "committed");
        await using var connection = new NpgsqlConnection(server.ConnectionString("billing"));
        await connection.OpenAsync();
        await using var open = await connection.BeginTransactionAsync();
        await using var insert = new NpgsqlCommand("INSERT INTO notes VALUES ('half-way')", connection);
        await insert.ExecuteNonQueryAsync();

        await server.KillHard();
        await server.Restart();

        Assert.Equal("committed", await ReadNotes(server));
    }

    [Fact]
    public async Task A_new_start_recovers_from_a_killed_server_and_its_stale_pid_file()
    {
        await using (var killed = await Start())
        {
            await WriteNote(killed, "committed");
            await killed.KillHard();
        }

        Assert.True(File.Exists(PostmasterFile.In(Cluster)));

        await using var server = await Start();

        Assert.Equal("committed", await ReadNotes(server));
    }

    [Fact]
    public async Task A_stale_pid_file_whose_number_belongs_to_a_stranger_is_no_obstacle()
    {
        await (await Start()).DisposeAsync();
        // This test process: alive, and no server of that cluster.
        await File.WriteAllTextAsync(
            PostmasterFile.In(Cluster),
            string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n{Cluster}\n1700000000\n5432\n\n\n\nready   \n"));

        await using var server = await Start();

        await WriteNote(server, "started");
    }

    [Fact]
    public async Task The_server_of_a_killed_engine_ends_and_the_next_engine_goes_on()
    {
        using (var killed = await OtherEngine.StartOn(DataDirectory)) await killed.KillHard();

        await using var server = await Start();

        await WriteNote(server, "goes on");
        Assert.Equal("goes on", await ReadNotes(server));
    }

    [Fact]
    public async Task The_server_of_a_killed_engine_ends_without_another_start()
    {
        using (var killed = await OtherEngine.StartOn(DataDirectory)) await killed.KillHard();

        while (!ServerProcesses.In(Cluster).IsEmpty) await Task.Delay(20);

        Assert.False(File.Exists(PostmasterFile.In(Cluster)), "a clean shutdown removes it");
    }

    [Fact]
    public async Task An_orphan_that_nobody_watches_is_stopped_before_a_new_start()
    {
        using var killed = await OtherEngine.StartOn(DataDirectory);
        var orphan = PostmasterFile.ReadPid(Cluster)!.Value;
        Watchers.KillIn(Cluster);
        await killed.KillHard();
        Assert.Contains(orphan, ServerProcesses.In(Cluster));

        await using var server = await Start();

        Assert.DoesNotContain(orphan, ServerProcesses.In(Cluster));
        await WriteNote(server, "goes on");
    }

    [Fact]
    public async Task A_restart_ends_sessions_and_keeps_the_connection_string()
    {
        await using var server = await Start();
        await WriteNote(server, "kept");
        var before = server.ConnectionString("billing");

        await server.Restart();

        Assert.Equal(before, server.ConnectionString("billing"));
        Assert.Equal("kept", await ReadNotes(server));
    }
}
