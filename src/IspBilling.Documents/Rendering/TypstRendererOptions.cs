namespace IspBilling.Documents.Rendering;

/// <summary>The standard a PDF keeps to. All are tagged, so that a screen reader can read them.</summary>
public enum PdfStandard
{
    Pdf17,

    /// <summary>PDF/A-3b: for archives, and able to carry a machine-readable invoice inside.</summary>
    PdfA3b,

    /// <summary>PDF/A-3a: the same, with the tags as a promise.</summary>
    PdfA3a,
}

/// <summary>Limits of the renderer; every one has a default that fits a small provider.</summary>
public sealed record TypstRendererOptions
{
    /// <summary>Node processes; each renders one document at a time and takes some 150 MB.</summary>
    public int Workers { get; init; } = 2;

    /// <summary>Documents that wait; one more is refused as <see cref="RenderFailure.Busy"/>.</summary>
    public int QueueLimit { get; init; } = 256;

    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>From a worker's first byte in to its last byte out, for a document of ordinary size.</summary>
    public TimeSpan RenderTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// More time for each megabyte of content: the largest document that is issued (20,000 lines, some five megabytes) takes most of a minute,
    /// and one that runs out of time would never be printed.
    /// </summary>
    public TimeSpan RenderTimeoutPerMegabyte { get; init; } = TimeSpan.FromSeconds(30);

    public int MaxInputBytes { get; init; } = 16 * 1024 * 1024;

    public int MaxOutputBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>After so many documents a worker is replaced, so that nothing it leaks can add up.</summary>
    public int RendersPerWorker { get; init; } = 10_000;

    public PdfStandard Standard { get; init; } = PdfStandard.PdfA3b;

    internal TimeSpan TimeoutFor(int contentBytes) => RenderTimeout + (RenderTimeoutPerMegabyte * (contentBytes / (1024 * 1024)));

    public string NodeExecutable { get; init; } = "node";

    /// <summary>The folder with worker.mjs and templates; null means the one beside the assembly.</summary>
    public string? Folder { get; init; }
}
