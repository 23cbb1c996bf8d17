using System.Collections.Immutable;
using IspBilling.Postgres.Embedded;

namespace IspBilling.Postgres.Tests.Embedded;

public sealed class EmbeddedPostgresTests : OwnServer
{
    [Fact]
    public async Task What_was_written_is_there_after_a_stop_and_a_start()
    {
        await using (var first = await Start()) await WriteNote(first, "kept");

        await using var second = await Start();

        Assert.Equal("kept", await ReadNotes(second));
    }

    [Fact]
    public async Task A_stopped_server_leaves_no_process_and_no_stale_pid_file()
    {
        var server = await Start();
        Assert.NotEmpty(ServerProcesses.In(Cluster));

        await server.DisposeAsync();

        Assert.Empty(ServerProcesses.In(Cluster));
        Assert.False(File.Exists(Path.Combine(Cluster, "postmaster.pid")));
    }

    [Fact]
    public async Task The_server_runs_with_its_settings()
    {
        var expected = new Dictionary<string, string>
        {
            ["data_checksums"] = "on",
            ["fsync"] = "on",
            ["full_page_writes"] = "on",
            ["jit"] = "off",
            ["listen_addresses"] = "",
            ["server_encoding"] = "UTF8",
            ["synchronous_commit"] = "on",
            ["work_mem"] = "7MB",
        };
        await using var server = await Start(ImmutableSortedDictionary<string, string>.Empty.Add("work_mem", "7MB"));

        var running = new Dictionary<string, string>();
        foreach (var setting in expected.Keys) running[setting] = (await Query<string>(server, $"SHOW {setting}", "postgres"))!;

        Assert.Equal(expected, running);
    }

    [Theory]
    [InlineData("fsync", "off")]
    [InlineData("FSYNC", "off")]
    [InlineData("synchronous_commit", "local")]
    [InlineData("full_page_writes", "off")]
    [InlineData("listen_addresses", "*")]
    [InlineData("unix_socket_directories", "/tmp")]
    public async Task Durability_and_privacy_cannot_be_changed(string setting, string value)
    {
        var refusal = await Assert.ThrowsAsync<EmbeddedPostgresException>(
            () => Start(ImmutableSortedDictionary<string, string>.Empty.Add(setting, value)));

        Assert.Contains(setting, refusal.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(DataDirectory));
    }

    [Fact]
    public async Task Only_a_server_whose_data_goes_with_its_process_may_do_without_durability()
    {
        await using var server = await EmbeddedPostgres.Start(
            new EmbeddedPostgresOptions { DataDirectory = DataDirectory, Temporary = true, FixedSettings = ImmutableSortedDictionary<string, string>.Empty.Add("fsync", "off") },
            CancellationToken.None);

        Assert.Equal("off", await Query<string>(server, "SHOW fsync", "postgres"));
        Assert.Equal("on", await Query<string>(server, "SHOW full_page_writes", "postgres"));
    }

    [Fact]
    public async Task A_setting_that_the_server_refuses_is_reported_with_its_last_words()
    {
        var failure = await Assert.ThrowsAsync<EmbeddedPostgresException>(
            () => Start(ImmutableSortedDictionary<string, string>.Empty.Add("no_such_setting", "1")));

        Assert.Contains("unrecognized configuration parameter \"no_such_setting\"", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_engine_on_the_same_directory_is_refused()
    {
        await using var first = await Start();

        var refusal = await Assert.ThrowsAsync<EmbeddedPostgresException>(Start);

        Assert.Contains("in use by another process", refusal.Message, StringComparison.Ordinal);
        await WriteNote(first, "still works");
    }

    [Fact]
    public async Task A_second_engine_in_another_process_is_refused()
    {
        using var other = await OtherEngine.StartOn(DataDirectory);

        var refusal = await Assert.ThrowsAsync<EmbeddedPostgresException>(Start);

        Assert.Contains("in use by another process", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_with_other_files_is_left_alone()
    {
        Directory.CreateDirectory(DataDirectory);
        var file = Path.Combine(DataDirectory, "thesis.txt");
        await File.WriteAllTextAsync(file, "years of work");

        var refusal = await Assert.ThrowsAsync<EmbeddedPostgresException>(Start);

        Assert.Contains("holds other files", refusal.Message, StringComparison.Ordinal);
        Assert.Equal([file], Directory.GetFileSystemEntries(DataDirectory));
        Directory.Delete(DataDirectory, recursive: true);
    }

    [Fact]
    public async Task An_initialisation_that_was_cut_short_is_done_again()
    {
        await (await Start()).DisposeAsync();
        Directory.Move(Cluster, $"{Cluster}.unfinished");

        await using var server = await Start();

        await WriteNote(server, "new");
        Assert.False(Directory.Exists($"{Cluster}.unfinished"));
    }

    [Fact]
    public async Task A_path_too_long_for_a_socket_gets_a_short_one()
    {
        var deep = Path.Combine(DataDirectory, new string('d', 60), new string('e', 60), "postgres");
        string shortSocket;
        await using (var server = await EmbeddedPostgres.Start(new() { DataDirectory = deep, Temporary = true }, CancellationToken.None))
        {
            await WriteNote(server, "reached");
            shortSocket = new DirectoryInfo(Path.Combine(server.Directory, "socket")).LinkTarget!;
            Assert.True(Directory.Exists(shortSocket));
        }

        Assert.False(Directory.Exists(shortSocket));
        Directory.Delete(DataDirectory, recursive: true);
    }

    [Fact]
    public async Task A_temporary_server_takes_its_directory_with_it()
    {
        var server = await EmbeddedPostgres.Start(new() { DataDirectory = DataDirectory, Temporary = true }, CancellationToken.None);
        var directory = server.Directory;
        Assert.True(Directory.Exists(directory));

        await server.DisposeAsync();

        Assert.False(Directory.Exists(directory));
    }

    [Fact]
    public async Task Databases_are_created_once_copied_and_dropped()
    {
        await using var server = await Start();
        await server.CreateDatabase("first", CancellationToken.None);
        await server.EnsureDatabase("first", CancellationToken.None);
        await server.CreateDatabase("an \"odd\" name", "first", CancellationToken.None);

        await server.DropDatabase("first", CancellationToken.None);
        await server.DropDatabase("first", CancellationToken.None);

        Assert.Equal(
            "an \"odd\" name",
            await Query<string>(server, "SELECT string_agg(datname, ',') FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'", "postgres"));
    }
}
