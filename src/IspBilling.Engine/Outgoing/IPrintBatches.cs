using System.Collections.Immutable;
using IspBilling.Domain;

namespace IspBilling.Engine.Outgoing;

/// <summary>Where a batch of letters stands. Stored by number: never renumber.</summary>
public enum PrintBatchStatus : short
{
    /// <summary>Its letters are being looked for, counted and sorted.</summary>
    Making = 1,

    /// <summary>It can be printed.</summary>
    Ready = 2,

    /// <summary>A person said that its letters lie in the post.</summary>
    Posted = 3,

    /// <summary>A person took it back: its letters wait for another batch.</summary>
    TakenBack = 4,
}

/// <summary>Letters that a person prints, puts into envelopes and posts together.</summary>
/// <param name="Max">Letters at most.</param>
/// <param name="Duplex">Printed on both sides: each letter begins on a sheet of its own.</param>
/// <param name="ClosedAt">When it was posted or taken back.</param>
/// <param name="IsCarried">Whether all its deliveries have ended as it was closed.</param>
public sealed record PrintBatch(
    Guid Id, PrintBatchStatus Status, DateTimeOffset MadeAt, Actor By, int Max, bool Duplex, int Letters = 0, int Sheets = 0, DateTimeOffset? ClosedAt = null, bool IsCarried = false)
{
    /// <summary>By which the outbox knows it: what it holds is in no other batch.</summary>
    public string Owner => $"print/{Id:n}";
}

/// <summary>A letter of a batch.</summary>
/// <param name="Position">1 on top of the pile.</param>
/// <param name="Attempt">Of the lease that the batch has on its delivery.</param>
/// <param name="Document">Ordinal of the account's.</param>
/// <param name="Number">Of the document.</param>
/// <param name="Client">The client's reference.</param>
public sealed record Letter(int Position, DeliveryId Delivery, int Attempt, int Document, string Number, string Client, string Name, PostalAddress Address, int Pages, int Sheets);

/// <summary>Batches of letters, and what lies in them.</summary>
public interface IPrintBatches
{
    /// <summary>Keeps a batch that is being made; one of the same id is there already and stays as it is.</summary>
    ValueTask Add(PrintBatch batch, CancellationToken cancellation);

    ValueTask<PrintBatch?> Find(Guid id, CancellationToken cancellation);

    /// <summary>The newest first, those made before an instant.</summary>
    ValueTask<IReadOnlyList<PrintBatch>> List(DateTimeOffset before, int max, CancellationToken cancellation);

    /// <summary>Those being made, and those that were closed and whose deliveries have not all ended so; the oldest first.</summary>
    ValueTask<IReadOnlyList<PrintBatch>> Unfinished(int max, CancellationToken cancellation);

    /// <summary>The deliveries that a batch has in hand.</summary>
    ValueTask<IReadOnlyList<Delivery>> Held(PrintBatch batch, int max, CancellationToken cancellation);

    /// <summary>A batch that is being made becomes ready with these letters, all at once.</summary>
    /// <returns>False when it is not being made any more, or has other deliveries in hand by now.</returns>
    ValueTask<bool> Ready(PrintBatch batch, ImmutableArray<Letter> letters, CancellationToken cancellation);

    /// <summary>In their order, behind a position.</summary>
    ValueTask<IReadOnlyList<Letter>> Letters(Guid batch, int after, int max, CancellationToken cancellation);

    /// <summary>A batch is posted or taken back. What was said first stands.</summary>
    /// <returns>False when it was closed otherwise before, or is not ready.</returns>
    ValueTask<bool> Close(Guid batch, PrintBatchStatus status, Actor by, DateTimeOffset at, CancellationToken cancellation);

    /// <summary>All deliveries of a closed batch have ended so.</summary>
    ValueTask Carried(Guid batch, DateTimeOffset at, CancellationToken cancellation);
}
