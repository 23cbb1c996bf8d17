using IspBilling.Banking;
using IspBilling.Banking.Folder;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using IspBilling.Http.Statements;
using Microsoft.Extensions.Logging;

namespace IspBilling.Hosting.Background;

/// <summary>Has statements booked that somebody puts into a folder, and reports days without one.</summary>
internal sealed class WatchedFolder(string folder, StatementIntake intake, ILogger<WatchedFolder> log)
{
    /// <summary>Who brings the files.</summary>
    public static readonly Actor By = Actor.System("watched folder");

    /// <summary>Whether a file is being written still is a question to the system's clock, which stamps files; business days are the intake's.</summary>
    private readonly StatementFolder _folder = new(
        folder, (id, content, name, _) => intake.Import(id, content, name, By), () => intake.Reading, TimeProvider.System,
        new StatementFolderOptions { Today = () => intake.Reading.Today!.Value });

    private readonly HashSet<MissingDay> _reported = [];

    public async Task Sweep(CancellationToken cancellation)
    {
        var sweep = await _folder.Sweep(cancellation);
        foreach (var file in sweep.Files) Tell(file);
        foreach (var missing in sweep.MissingDays)
        {
            if (_reported.Add(missing)) log.LogWarning("There is no statement of account {Account} for {Day:yyyy-MM-dd}.", missing.Account, missing.Day);
        }

        _reported.IntersectWith(sweep.MissingDays);
    }

    private void Tell(FolderFile file)
    {
        if (file.Failure is { } failure) log.LogWarning(failure, "{File} stays where it is and is tried again.", file.Name);
        else if (file.Result?.Held is { } held) log.LogWarning("{File} is held: {Why}", file.Name, held);
        else if (file.Result?.Refusal is { } refusal) log.LogWarning("{File} is refused: {Refusal}", file.Name, refusal);
        else log.LogInformation("{File} is booked: {Matched} matched, {Suspense} in suspense.", file.Name, file.Result!.Matched, file.Result.Suspense);
    }
}
