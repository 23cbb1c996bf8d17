namespace IspBilling.Http;

/// <summary>How much one request may bring.</summary>
public sealed record HttpLimits
{
    /// <summary>Everything but statements.</summary>
    public long BodyBytes { get; init; } = 1024 * 1024;

    /// <summary>A million entries in the widest format take some 700 MB.</summary>
    public long StatementBytes { get; init; } = 1024L * 1024 * 1024;

    public int HeaderBytes { get; init; } = 16 * 1024;

    public int Connections { get; init; } = 2_000;
}
