using Orleans.Runtime;

namespace IspBilling.Hosting;

/// <summary>
/// Ends the process when its silo cannot go on, as when the other nodes could not reach it and declared it dead. Its accounts live elsewhere
/// by then, and whatever it still has in hand would lose against the versions in the journal, so it ends at once, as if it were killed.
/// The framework would abort with a memory dump instead.
/// </summary>
internal sealed class SiloEnd : IFatalErrorHandler
{
    private const string Beginning = "This node cannot stay in its cluster and ends; start it again. The cluster says: ";

    public bool IsUnexpected(Exception exception) => true;

    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
    {
        // Not only to the log, whose queue may be lost with the process.
        Console.Error.WriteLine(Sentence(context, exception));
        Environment.Exit(StartFailure.Failed);
    }

    /// <param name="exception">The framework passes none when the membership table is the reason.</param>
    private static string Sentence(string? context, Exception? exception) =>
        (Beginning + string.Join(": ", new[] { context, exception?.Message }.OfType<string>())).ReplaceLineEndings(" ");
}
