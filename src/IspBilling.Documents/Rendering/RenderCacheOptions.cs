namespace IspBilling.Documents.Rendering;

public sealed record RenderCacheOptions
{
    /// <summary>A folder of its own; files in it that are not the cache's are left alone.</summary>
    public required string Folder { get; init; }

    /// <summary>Beyond this the least recently used documents go; they can always be rendered again.</summary>
    public long MaxBytes { get; init; } = 1024L * 1024 * 1024;
}
