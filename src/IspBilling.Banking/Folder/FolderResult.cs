using System.Text.Json;
using System.Text.Json.Serialization;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Folder;

/// <summary>What became of a file, written beside it as <c>name.result.json</c>.</summary>
/// <param name="Refusal">Why nothing of it was booked; null for a file that was.</param>
/// <param name="Covered">The days it tells of, by account.</param>
/// <param name="Held">Why it is not booked yet, and what has it booked; null for a file that ended.</param>
public sealed record FolderResult(
    string File,
    Guid Import,
    string Format,
    long Read,
    long AlreadyKnown,
    long Matched,
    long Suspense,
    long Rejected,
    IReadOnlyList<string> Warnings,
    string? Refusal,
    IReadOnlyList<CoveredDays> Covered,
    string? Held = null)
{
    public const string Suffix = ".result.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static FolderResult Of(string file, StatementImport import, IReadOnlyList<CoveredDays> covered) => new(
        file, import.Id.Value, import.Format, import.Counts.Read, import.Counts.AlreadyKnown, import.Counts.Matched, import.Counts.Suspense,
        import.Counts.Rejected, import.Warnings, import.Status == ImportStatus.Held ? null : import.Refusal, import.Refusal is null ? covered : [],
        import.Status == ImportStatus.Held ? import.Refusal : null);

    public static FolderResult Refused(string file, ImportId import, string refusal) =>
        new(file, import.Value, "", 0, 0, 0, 0, 0, [], refusal, []);

    /// <summary>Whole or not at all.</summary>
    public async Task Write(string path, CancellationToken cancellation)
    {
        var written = path + ".new";
        await System.IO.File.WriteAllTextAsync(written, JsonSerializer.Serialize(this, Json), cancellation);
        System.IO.File.Move(written, path, overwrite: true);
    }

    /// <summary>Null where the file is not one of these.</summary>
    public static FolderResult? Load(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<FolderResult>(System.IO.File.ReadAllText(path), Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
