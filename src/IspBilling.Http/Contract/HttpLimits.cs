namespace IspBilling.Http.Contract;

/// <summary>How much one request may bring.</summary>
public sealed record HttpLimits
{
    /// <summary>Everything but what is named below.</summary>
    public long BodyBytes { get; init; } = 1024 * 1024;

    /// <summary>Sixteen million entries of GPC, three million of the widest format.</summary>
    public long StatementBytes { get; init; } = 2L * 1024 * 1024 * 1024;

    /// <summary>A thousand clients with their services, and to spare.</summary>
    public long BatchBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Files that are being received; each may take <see cref="StatementBytes"/> of the disk.</summary>
    public int UploadsAtOnce { get; init; } = 4;

    public int HeaderBytes { get; init; } = 16 * 1024;

    public int Connections { get; init; } = 2_000;

    /// <summary>Of one key or person; four times as many when it has asked little before.</summary>
    public int RequestsPerSecond { get; init; } = 500;

    /// <summary>Of one address, without a key or a session that is good.</summary>
    public int StrangerRequestsPerSecond { get; init; } = 20;

    /// <summary>Attempts to sign in, and links that are followed, from one address.</summary>
    public int SignInsPerMinute { get; init; } = 20;
}
