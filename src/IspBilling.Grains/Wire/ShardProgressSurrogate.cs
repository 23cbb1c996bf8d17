using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Coordination;
using Orleans;

namespace IspBilling.Grains.Wire;

/// <summary>A <see cref="ShardProgress"/> on its way to another silo.</summary>
[GenerateSerializer, Immutable, Alias("IspBilling.ShardProgress")]
internal readonly struct ShardProgressSurrogate
{
    [Id(0)]
    public long Cursor { get; init; }

    [Id(1)]
    public RunStatus Status { get; init; }

    [Id(2)]
    public string? Failure { get; init; }

    [Id(3)]
    public long Issued { get; init; }

    [Id(4)]
    public long NothingToBill { get; init; }

    [Id(5)]
    public long Skipped { get; init; }

    [Id(6)]
    public long Parked { get; init; }

    [Id(7)]
    public long Documents { get; init; }

    [Id(8)]
    public long TotalMinor { get; init; }
}

[RegisterConverter]
internal sealed class ShardProgressConverter : IConverter<ShardProgress, ShardProgressSurrogate>
{
    public ShardProgress ConvertFromSurrogate(in ShardProgressSurrogate surrogate) => new()
    {
        Cursor = surrogate.Cursor,
        Status = surrogate.Status,
        Failure = surrogate.Failure,
        Issued = surrogate.Issued,
        NothingToBill = surrogate.NothingToBill,
        Skipped = surrogate.Skipped,
        Parked = surrogate.Parked,
        Documents = surrogate.Documents,
        TotalMinor = surrogate.TotalMinor,
    };

    public ShardProgressSurrogate ConvertToSurrogate(in ShardProgress value) => new()
    {
        Cursor = value.Cursor,
        Status = value.Status,
        Failure = value.Failure,
        Issued = value.Issued,
        NothingToBill = value.NothingToBill,
        Skipped = value.Skipped,
        Parked = value.Parked,
        Documents = value.Documents,
        TotalMinor = value.TotalMinor,
    };
}
