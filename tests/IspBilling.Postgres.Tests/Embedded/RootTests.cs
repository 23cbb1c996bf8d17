using IspBilling.Postgres.Embedded;
using IspBilling.TestKit;

namespace IspBilling.Postgres.Tests.Embedded;

public sealed class RootTests : OwnServer
{
    [RootFact]
    public async Task The_server_of_a_root_engine_runs_as_somebody_else()
    {
        await using var server = await Start();

        var postmaster = PostmasterFile.ReadPid(Cluster);
        var owner = await SystemCommand.RunOrThrow(["stat", "--format=%U", $"/proc/{postmaster}"], CancellationToken.None);

        Assert.Contains(owner, new[] { "postgres", "nobody" });
    }

    [RootFact]
    public async Task Data_below_a_directory_that_only_root_can_enter_lives_where_the_server_can_reach_it()
    {
        var home = await NewDirectory("700");
        var options = new EmbeddedPostgresOptions { DataDirectory = Path.Combine(home, ".data", "postgres") };
        string elsewhere;
        await using (var first = await EmbeddedPostgres.Start(options, CancellationToken.None))
        {
            elsewhere = first.Directory;
            await WriteNote(first, "kept");
        }

        await using (var second = await EmbeddedPostgres.Start(options, CancellationToken.None))
        {
            Assert.Equal(elsewhere, second.Directory);
            Assert.StartsWith("/var/lib/ispbilling/", elsewhere, StringComparison.Ordinal);
            Assert.Equal("kept", await ReadNotes(second));
        }

        await EmbeddedPostgres.Remove(options.DataDirectory, CancellationToken.None);
        Assert.False(Directory.Exists(elsewhere));
        Directory.Delete(home, recursive: true);
    }

    [RootFact]
    public async Task Existing_data_that_became_unreachable_is_never_replaced_by_an_empty_database()
    {
        var parent = await NewDirectory("755");
        var options = new EmbeddedPostgresOptions { DataDirectory = Path.Combine(parent, "postgres") };
        await using (var server = await EmbeddedPostgres.Start(options, CancellationToken.None)) await WriteNote(server, "kept");
        await SystemCommand.RunOrThrow(["chmod", "700", parent], CancellationToken.None);

        var refusal = await Assert.ThrowsAsync<EmbeddedPostgresException>(() => EmbeddedPostgres.Start(options, CancellationToken.None));

        Assert.Contains("cannot enter", refusal.Message, StringComparison.Ordinal);
        Directory.Delete(parent, recursive: true);
    }

    private static async Task<string> NewDirectory(string mode)
    {
        var directory = TestDirectory.New();
        await SystemCommand.RunOrThrow(["mkdir", $"--mode={mode}", directory], CancellationToken.None);
        return directory;
    }
}
