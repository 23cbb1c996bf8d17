using System.Collections.Immutable;
using System.Globalization;
using IspBilling.Postgres.Embedded;

namespace IspBilling.TestKit;

/// <summary>The server of this test process.</summary>
internal static class TestServer
{
    /// <summary>
    /// A temporary server needs no goodbye: when this process ends in whatever way, the server's watcher stops it and removes its
    /// directory. A test host has a moment to exit before it is killed, so nothing here waits for that.
    /// </summary>
    /// <remarks>
    /// Servers here are killed as processes, never by a power cut: a commit reaches the system's cache before it is answered, and survives there.
    /// Nothing is forced from it to disk.
    /// Creating and dropping a database takes about half the time so, and a test run does that hundreds of times.
    /// </remarks>
    public static async Task<EmbeddedPostgres> Start()
    {
        await TestDirectory.RemoveLeftovers();
        return await EmbeddedPostgres.Start(
            new EmbeddedPostgresOptions
            {
                DataDirectory = TestDirectory.New(),
                Temporary = true,
                FixedSettings = ImmutableSortedDictionary<string, string>.Empty
                    .Add("fsync", "off")
                    .Add("full_page_writes", "off")
                    .Add("shared_buffers", "128MB")
                    .Add("max_connections", 300.ToString(CultureInfo.InvariantCulture)),
            },
            CancellationToken.None);
    }
}
