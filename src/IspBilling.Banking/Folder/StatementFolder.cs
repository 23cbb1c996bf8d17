using System.Security.Cryptography;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Folder;

public sealed record StatementFolderOptions
{
    /// <summary>A file that changed later than this ago may still be being written.</summary>
    public TimeSpan QuietFor { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Files of one sweep; the others come with the next one.</summary>
    public int FilesMax { get; init; } = 1_000;

    /// <summary>Results that are looked through for missing days, the youngest first.</summary>
    public int ResultsMax { get; init; } = 2_000;

    /// <summary>The days on which the bank books.</summary>
    public Func<DateOnly, bool> IsBankDay { get; init; } = StatementDays.IsWeekday;

    /// <summary>The business date; null for the clock's in UTC. A day is missing once it is over.</summary>
    public Func<DateOnly>? Today { get; init; }
}

/// <summary>How one file of a sweep ended.</summary>
public enum FolderOutcome
{
    /// <summary>Moved to <c>done</c>.</summary>
    Done,

    /// <summary>Moved to <c>refused</c>: nothing of it was booked.</summary>
    Refused,

    /// <summary>It stays where it is and is tried again: something other than the file is out of order.</summary>
    Failed,
}

/// <param name="Failure">What was out of order; null for a file that ended.</param>
public sealed record FolderFile(string Name, FolderOutcome Outcome, FolderResult? Result, Exception? Failure);

public sealed record FolderSweep(IReadOnlyList<FolderFile> Files, IReadOnlyList<MissingDay> MissingDays);

/// <summary>Reads a statement's bytes and books it, under an id that the same bytes have again.</summary>
/// <exception cref="StatementFormatException">Nothing of the file is booked.</exception>
public delegate Task<StatementImport> TakeInStatement(ImportId import, Stream content, string fileName, CancellationToken cancellation);

/// <summary>
/// A folder into which statements are put: each is booked, gets its result beside it and moves to <c>done</c> or <c>refused</c>. One
/// sweep at a time. A crash anywhere repeats a step that changes nothing the second time:
/// <code>
/// folder/a.gpc ─► book (id from its bytes) ─► done/a.gpc.result.json ─► done/a.gpc
/// </code>
/// </summary>
public sealed class StatementFolder(
    string folder, TakeInStatement takeIn, Func<StatementReaderOptions> reading, TimeProvider clock, StatementFolderOptions options)
{
    private const string Done = "done";
    private const string RefusedFolder = "refused";

    /// <summary>Takes in every file that lies there whole, by name, then looks for days without a statement.</summary>
    public async Task<FolderSweep> Sweep(CancellationToken cancellation)
    {
        foreach (var needed in (ReadOnlySpan<string>)[folder, PathIn(Done), PathIn(RefusedFolder)]) CreatePrivate(needed);
        var files = new List<FolderFile>();
        foreach (var path in Waiting()) files.Add(await TakeIn(path, cancellation));
        var today = options.Today?.Invoke() ?? DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        return new FolderSweep(files, StatementDays.Missing(Covered(), today, options.IsBankDay));
    }

    /// <summary>Whole files only; names that begin with a dot or end like a copy under way are not for us.</summary>
    private List<string> Waiting()
    {
        var latest = clock.GetUtcNow().UtcDateTime - options.QuietFor;
        return
        [
            .. Directory.EnumerateFiles(folder).Select(path => new FileInfo(path))
                .Where(file => file.LinkTarget is null && file.Name[0] != '.' && file.LastWriteTimeUtc <= latest)
                .Where(file => file.Extension is not (".part" or ".tmp" or ".filepart" or ".crdownload" or ".new"))
                .Select(file => file.FullName).Order(StringComparer.Ordinal).Take(options.FilesMax),
        ];
    }

    private async Task<FolderFile> TakeIn(string path, CancellationToken cancellation)
    {
        var name = Path.GetFileName(path);
        try
        {
            var result = await Book(path, name, cancellation);
            await Move(path, name, result, cancellation);
            return new FolderFile(name, result.Refusal is null ? FolderOutcome.Done : FolderOutcome.Refused, result, Failure: null);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            return new FolderFile(name, FolderOutcome.Failed, Result: null, failure);
        }
    }

    private async Task<FolderResult> Book(string path, string name, CancellationToken cancellation)
    {
        await using var content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        var import = IdOf(await SHA256.HashDataAsync(content, cancellation));
        try
        {
            content.Position = 0;
            var covered = await CoveredBy(content, name, cancellation);
            content.Position = 0;
            return FolderResult.Of(name, await takeIn(import, content, name, cancellation), covered);
        }
        catch (StatementFormatException refusal)
        {
            return FolderResult.Refused(name, import, refusal.Message);
        }
    }

    /// <summary>Reads the file to its end; which days it covers. None of a file that cannot be trusted: whoever takes it in refuses it, and remembers.</summary>
    private async Task<IReadOnlyList<CoveredDays>> CoveredBy(Stream content, string name, CancellationToken cancellation)
    {
        try
        {
            return await Survey(content, name, cancellation);
        }
        catch (StatementFormatException)
        {
            return [];
        }
    }

    private async Task<IReadOnlyList<CoveredDays>> Survey(Stream content, string name, CancellationToken cancellation)
    {
        var covered = new List<CoveredDays>();
        var file = await StatementReaders.Open(content, name, reading(), cancellation);
        StatementOpened? opened = null;
        await foreach (var item in file.Items.WithCancellation(cancellation))
        {
            if (item is StatementOpened next) opened = next;
            if (item is StatementClosed closed && opened is { Kind: StatementKind.Statement } && (opened.LastDay ?? closed.ClosedOn) is { } last)
                covered.Add(new CoveredDays(opened.Account, FirstDay(opened, last), last));
        }

        return covered;
    }

    /// <summary>The day of the old balance is told by the statement before, unless the bank says that it is the first day.</summary>
    private static DateOnly FirstDay(StatementOpened opened, DateOnly last)
    {
        var first = opened.FirstDay ?? opened.OpenedOn?.AddDays(1) ?? last;
        return first < last ? first : last;
    }

    /// <summary>The result first: a file in <c>done</c> or <c>refused</c> always has one beside it.</summary>
    private async Task Move(string path, string name, FolderResult result, CancellationToken cancellation)
    {
        var target = Path.Combine(PathIn(result.Refusal is null ? Done : RefusedFolder), name);

        // Another file of that name was here before: this one's id tells them apart, and is the same when the same file comes again.
        if (File.Exists(target)) target = $"{Path.ChangeExtension(target, null)}-{result.Import:n}{Path.GetExtension(target)}";
        await result.Write(target + FolderResult.Suffix, cancellation);
        File.Move(path, target, overwrite: true);
    }

    private IEnumerable<CoveredDays> Covered() =>
        new DirectoryInfo(PathIn(Done)).EnumerateFiles("*" + FolderResult.Suffix)
            .OrderByDescending(file => file.LastWriteTimeUtc).Take(options.ResultsMax)
            .SelectMany(file => FolderResult.Load(file.FullName)?.Covered ?? []);

    private static ImportId IdOf(byte[] hash) => new(new Guid(hash.AsSpan(0, 16), bigEndian: true));

    private string PathIn(string part) => Path.Combine(folder, part);

    private static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
