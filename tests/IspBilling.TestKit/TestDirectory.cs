using IspBilling.Postgres.Embedded;

namespace IspBilling.TestKit;

/// <summary>Directories of test servers in the temp directory, named so that a later run recognises what a killed one left.</summary>
public static class TestDirectory
{
    private const string Prefix = "ispbilling-test-";

    /// <summary>A path that does not exist yet.</summary>
    public static string New() => Path.Combine(Path.GetTempPath(), $"{Prefix}{Environment.ProcessId}-{Guid.NewGuid():n}");

    /// <summary>Removes the directories of test processes that are no more, with the servers that may still run on them.</summary>
    public static async Task RemoveLeftovers()
    {
        foreach (var directory in Directory.EnumerateDirectories(Path.GetTempPath(), $"{Prefix}*"))
        {
            if (!OwnerLives(directory)) await Remove(directory);
        }
    }

    private static async Task Remove(string directory)
    {
        try
        {
            await EmbeddedPostgres.Remove(directory, CancellationToken.None);
        }
        catch (EmbeddedPostgresException)
        {
            RemoveRemains(directory);
        }
    }

    /// <summary>What is no server's directory: a killed test had not begun with it, or was half-way through its removal.</summary>
    private static void RemoveRemains(string directory)
    {
        try
        {
            Directory.Delete(directory, recursive: true);
        }
        catch (Exception foreignOrVanishing) when (foreignOrVanishing is IOException or UnauthorizedAccessException)
        {
            // Another user's, or another run is removing it at this moment: not ours to care for.
        }
    }

    private static bool OwnerLives(string directory) =>
        Directory.Exists($"/proc/{Path.GetFileName(directory)[Prefix.Length..].Split('-')[0]}");
}
