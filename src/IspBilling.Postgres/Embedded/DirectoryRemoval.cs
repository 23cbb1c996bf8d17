namespace IspBilling.Postgres.Embedded;

/// <summary>Removal of a directory that the server's watcher may be removing at the same moment.</summary>
internal static class DirectoryRemoval
{
    private const int AttemptsMax = 20;

    public static async Task Remove(string directory)
    {
        for (var attempt = 1; Directory.Exists(directory); attempt++)
        {
            try
            {
                Directory.Delete(directory, recursive: true);
            }
            catch (Exception vanishing) when (vanishing is IOException or UnauthorizedAccessException && attempt < AttemptsMax)
            {
                await Task.Delay(millisecondsDelay: 50);
            }
        }
    }
}
