using System.Diagnostics;
using System.Net;

namespace IspBilling.FaultKit.Chaos;

/// <summary>
/// The disk of the private server fills up in the middle of work, stays full for a while, and is emptied. Callers get clear refusals,
/// nothing is lost, and the engine goes on by itself.
/// </summary>
public static class DiskFullTrial
{
    private const string Name = "disk full";
    private const int DiskMegabytes = 448;
    private const long Left = 1 << 20;
    private static readonly TimeSpan StaysFull = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan NoticeLimit = TimeSpan.FromMinutes(2);

    public static async Task<TrialReport> Run(TrialOptions options, CancellationToken cancellation)
    {
        var (disk, reason) = await SmallDisk.Mount(Path.Combine(options.Directory, "small-disk"), DiskMegabytes);
        if (disk is null) return TrialReport.Skipped(Name, reason!);
        await using (disk)
        {
            await using var bed = await TrialBed.OnPrivateServer(options, "disk", Path.Combine(disk.Directory, "data"), cancellation);
            await bed.Open();
            var rounds = new List<RoundReport>(options.Rounds);
            for (var number = 1; number <= options.Rounds; number++)
            {
                rounds.Add(await Round(bed, disk, number, cancellation));
                options.Say($"{Name} {number} of {options.Rounds}: {rounds[^1]}");
            }

            var told = bed.Tally.Of(HttpStatusCode.InsufficientStorage);
            if (told == 0) bed.Problem("nobody was told that the disk is full");
            return await bed.Close(Name, rounds, [("told that the disk is full", $"{told}")], cancellation);
        }
    }

    private static async Task<RoundReport> Round(TrialBed bed, SmallDisk disk, int number, CancellationToken cancellation)
    {
        var month = await bed.NextMonth();
        var refusedBefore = Refused(bed);
        await disk.Fill(Left);
        var asking = month.Ask();
        var started = Stopwatch.GetTimestamp();
        while (Refused(bed) == refusedBefore)
        {
            if (Stopwatch.GetElapsedTime(started) > NoticeLimit) throw new TimeoutException($"{disk.FreeBytes} bytes are left and nobody is refused");
            await disk.Fill(leave: 0);
            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellation);
        }

        var hit = await UnderWay(month);
        // In every other round the server has no room for its log either, and dies of that.
        await StayFull(bed, disk, needsLog: number % 2 == 0, cancellation);
        disk.Empty();
        var emptied = Stopwatch.GetTimestamp();
        await bed.UntilServed();
        var toService = Stopwatch.GetElapsedTime(emptied);
        await asking;
        await bed.Rest(month);
        var toRest = Stopwatch.GetElapsedTime(emptied);
        await bed.Check(month, cancellation);
        return new RoundReport(number, number % 2 == 0 ? "no space, server dies" : "no space left", hit.Run, hit.Import, toService, toRest);
    }

    /// <summary>Where nothing can be asked, nothing has ended.</summary>
    private static async Task<(bool Run, bool Import)> UnderWay(MonthOfWork month)
    {
        try
        {
            return await month.UnderWay();
        }
        catch (Npgsql.NpgsqlException)
        {
            return (true, true);
        }
    }

    private static long Refused(TrialBed bed) => bed.Tally.Of(HttpStatusCode.InsufficientStorage) + bed.Tally.Of(HttpStatusCode.ServiceUnavailable);

    /// <summary>What the server gives back when it fails is taken, too.</summary>
    private static async Task StayFull(TrialBed bed, SmallDisk disk, bool needsLog, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < StaysFull)
        {
            await disk.Fill(leave: 0);
            if (needsLog) await bed.Books.NeedRoomForLog();
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellation);
        }
    }
}
