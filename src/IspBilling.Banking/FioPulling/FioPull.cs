using System.Globalization;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.FioPulling;

/// <summary>What one pull brought.</summary>
/// <param name="Movements">None where nothing was booked since the last pull; then nothing was taken in.</param>
/// <param name="Last">The last movement, where the next pull begins.</param>
public readonly record struct FioPulled(long Movements, long? Last);

/// <summary>
/// Fetches from Fio what was booked since the last time and hands it over. The bookmark moves only after the movements are taken in: a
/// crash before that fetches them again, and taking them in twice changes nothing.
/// </summary>
/// <remarks>
/// <code>
/// bank's mark  ──set to ours──┬──moves as it answers──────────────────
/// bookmark     ───────────────┴───────────────────taken in──┬─moves──
/// </code>
/// </remarks>
/// <param name="since">Where the first pull of all begins; null for where the bank's own mark stands.</param>
public sealed class FioPull(FioApi api, FioBookmark bookmark, StatementReaderOptions reading, TimeProvider clock, DateOnly? since)
{
    /// <param name="takeIn">Books the statement, as an upload is booked; its bytes, from the beginning, and a name for messages.</param>
    /// <exception cref="FioApiException">The bank did not give it.</exception>
    /// <exception cref="StatementFormatException">What the bank gave is no statement; nothing is taken in and the bookmark stays.</exception>
    public async Task<FioPulled> Run(Func<Stream, string, CancellationToken, Task> takeIn, CancellationToken cancellation)
    {
        await using var answer = Spool();
        await Fetch(answer, cancellation);
        answer.Position = 0;
        var (movements, first, last) = await Survey(answer, cancellation);
        if (last is not { } newest) return new FioPulled(0, bookmark.Read());

        answer.Position = 0;
        await takeIn(answer, string.Create(CultureInfo.InvariantCulture, $"fio-{first}-{newest}.json"), cancellation);
        bookmark.Write(newest);
        return new FioPulled(movements, newest);
    }

    private async Task Fetch(Stream into, CancellationToken cancellation)
    {
        if (bookmark.Read() is { } taken)
        {
            await api.SetLast(taken, cancellation);
            await api.Last(into, cancellation);
        }
        else if (since is { } day)
        {
            await api.Period(day, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime), into, cancellation);
        }
        else
        {
            await api.Last(into, cancellation);
        }
    }

    /// <summary>Reads the whole answer before any of it is taken in.</summary>
    private async Task<(long Movements, long? First, long? Last)> Survey(Stream answer, CancellationToken cancellation)
    {
        var (movements, first, last) = (0L, (long?)null, (long?)null);
        var file = await StatementReaders.Open(answer, "Fio API", reading, cancellation);
        await foreach (var item in file.Items.WithCancellation(cancellation))
        {
            if (item is not StatementEntryRead { Entry.EntryReference: { } reference }) continue;
            var id = long.Parse(reference, NumberStyles.None, CultureInfo.InvariantCulture);
            movements++;
            first = Math.Min(first ?? id, id);
            last = Math.Max(last ?? id, id);
        }

        return (movements, first, last);
    }

    /// <summary>On disk, without a name: payments are nobody else's business, and a killed process leaves nothing behind.</summary>
    private static FileStream Spool()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(Path.Combine(Path.GetTempPath(), $"ispbilling-fio-{Guid.NewGuid():n}"), options);
        if (!OperatingSystem.IsWindows()) File.Delete(file.Name);
        return file;
    }
}
