using System.Security.Cryptography;
using IspBilling.Banking.FioPulling;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using IspBilling.Http.Statements;
using Microsoft.Extensions.Logging;

namespace IspBilling.Hosting.Background;

/// <summary>Asks Fio what was booked on one account since the last time.</summary>
/// <remarks>The token is read for each pull, so that a new one needs no restart; it is never logged.</remarks>
/// <param name="token">Reads it.</param>
/// <param name="name">Of the bookmark: one for each token's file or secret.</param>
/// <param name="folder">Where the bookmark is kept, beside what else the node keeps.</param>
/// <param name="since">Where the first pull begins; null for where the bank's own mark stands.</param>
internal sealed class FioSource(
    Func<CancellationToken, Task<FioToken>> token, string name, string folder, FioApiOptions options, DateOnly? since, StatementIntake intake, ILogger<FioSource> log)
{
    /// <summary>Who brings the statements.</summary>
    public static readonly Actor By = Actor.System("Fio");

    public async Task Pull(CancellationToken cancellation)
    {
        using var http = FioApi.CreateClient(options);
        using var api = new FioApi(http, await token(cancellation), TimeProvider.System, options);
        var pulled = await new FioPull(api, Bookmark(), intake.Reading, TimeProvider.System, since).Run(TakeIn, cancellation);
        if (pulled.Movements > 0) log.LogInformation("Fio told {Movements} movements, up to {Last}.", pulled.Movements, pulled.Last);
    }

    /// <summary>The same bytes are the same import; more of them are another one, whose first movements are known.</summary>
    private async Task TakeIn(Stream content, string name, CancellationToken cancellation)
    {
        var hash = await SHA256.HashDataAsync(content, cancellation);
        content.Position = 0;
        await intake.Import(new ImportId(new Guid(hash.AsSpan(0, 16), bigEndian: true)), content, name, By, hash);
    }

    private FioBookmark Bookmark()
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new FioBookmark(Path.Combine(folder, name + ".last"));
    }
}
