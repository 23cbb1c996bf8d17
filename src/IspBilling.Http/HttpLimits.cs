namespace IspBilling.Http;

/// <summary>How much one request may bring.</summary>
public sealed record HttpLimits
{
    /// <summary>Everything but statements.</summary>
    public long BodyBytes { get; init; } = 1024 * 1024;

    /// <summary>Sixteen million entries of GPC, three million of the widest format.</summary>
    public long StatementBytes { get; init; } = 2L * 1024 * 1024 * 1024;

    public int HeaderBytes { get; init; } = 16 * 1024;

    public int Connections { get; init; } = 2_000;
}
