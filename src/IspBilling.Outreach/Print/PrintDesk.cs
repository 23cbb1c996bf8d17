using System.Collections.Immutable;
using IspBilling.Domain;
using IspBilling.Engine;
using IspBilling.Engine.Outgoing;

namespace IspBilling.Outreach.Print;

/// <summary>What became of asking for a batch as one file.</summary>
public abstract record PrintedBatch
{
    private PrintedBatch()
    {
    }

    public sealed record Printed(byte[] Pdf) : PrintedBatch;

    /// <summary>A document is not printed as it was when the batch was sorted; the batch can be taken back and made anew.</summary>
    public sealed record Changed(string Number, string Reason) : PrintedBatch;
}

/// <summary>
/// Where a person has letters printed, and says that they were posted. The batch has a lease without an end on what lies in it, so that no delivery
/// lies in two; each act is taken down first and then carried through, by whoever looks next if the process dies.
/// </summary>
public sealed class PrintDesk(IOutbox outbox, IPrintBatches batches, IMessageFacts facts, IDocumentPrints prints, TimeProvider clock)
{
    public const int MaxLetters = OutboxLimits.MaxClaim;

    /// <summary>A claim whose answer was lost, and that was made again, has twice as many in hand.</summary>
    private const int MaxHeld = 2 * MaxLetters;

    /// <summary>Batches that are gone on with in one pass.</summary>
    private const int MaxUnfinished = 20;

    /// <summary>Passes over a batch into whose hands another process puts letters meanwhile.</summary>
    private const int MaxPasses = 5;

    /// <summary>When a letter that cannot be printed now is looked at again.</summary>
    private static readonly TimeSpan UntilNextTry = TimeSpan.FromHours(1);

    /// <summary>A person decides when the lease ends, not a clock.</summary>
    private static readonly DateTimeOffset Never = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Makes a batch of what is due on paper. The same id means the same batch.</summary>
    /// <param name="max">1 to <see cref="MaxLetters"/>.</param>
    /// <returns>Without letters when nothing is due, or the channel is off.</returns>
    public async Task<PrintBatch> Make(Guid id, int max, bool duplex, Actor by, CancellationToken cancellation)
    {
        Invariant.Require(max is >= 1 and <= MaxLetters);
        await batches.Add(new PrintBatch(id, PrintBatchStatus.Making, clock.GetUtcNow(), by, max, duplex), cancellation);
        if (await Existing(id, cancellation) is { Status: PrintBatchStatus.Making } begun) await Continue(begun, cancellation);
        var made = await Existing(id, cancellation);
        if (made is { Status: PrintBatchStatus.Ready, Letters: 0 }) await TakeBack(id, by, cancellation);
        return await Existing(id, cancellation);
    }

    /// <summary>Goes on with what a process that died had begun.</summary>
    public async Task Resume(CancellationToken cancellation)
    {
        foreach (var batch in await batches.Unfinished(MaxUnfinished, cancellation))
        {
            if (batch.Status == PrintBatchStatus.Making) await Continue(batch, cancellation);
            else await Carry(batch, cancellation);
        }
    }

    /// <summary>The list of what lies in it, and then the letters, in one file.</summary>
    public async Task<PrintedBatch> Print(PrintBatch batch, CancellationToken cancellation)
    {
        var letters = await batches.Letters(batch.Id, 0, MaxHeld, cancellation);
        using var pile = new PrintedPile(batch.Duplex);
        pile.Add(CoverSheet.Of(batch, letters));
        foreach (var letter in letters)
        {
            if (await prints.Of(letter.Delivery.Account, letter.Document, cancellation) is not { } print) return new PrintedBatch.Changed(letter.Number, "it is not there any more");
            if (pile.Add(print.Pdf) != letter.Pages) return new PrintedBatch.Changed(letter.Number, "it has another number of pages");
        }

        return new PrintedBatch.Printed(pile.ToBytes());
    }

    /// <summary>All its letters lie in the post: each is delivered.</summary>
    /// <returns>False when it was taken back, or is not ready.</returns>
    public Task<bool> Posted(Guid id, Actor by, CancellationToken cancellation) => Close(id, PrintBatchStatus.Posted, by, cancellation);

    /// <summary>None of its letters was posted: they wait for another batch.</summary>
    /// <returns>False when it was posted, or is not ready.</returns>
    public Task<bool> TakeBack(Guid id, Actor by, CancellationToken cancellation) => Close(id, PrintBatchStatus.TakenBack, by, cancellation);

    private async Task<PrintBatch> Existing(Guid id, CancellationToken cancellation) =>
        await batches.Find(id, cancellation) ?? throw new InvariantBrokenException($"print batch {id} is gone");

    private async Task<bool> Close(Guid id, PrintBatchStatus status, Actor by, CancellationToken cancellation)
    {
        if (!await batches.Close(id, status, by, clock.GetUtcNow(), cancellation)) return false;
        await Carry(await Existing(id, cancellation), cancellation);
        return true;
    }

    private async Task Continue(PrintBatch batch, CancellationToken cancellation)
    {
        for (var pass = 0; pass < MaxPasses; pass++)
        {
            var now = clock.GetUtcNow();
            var held = await batches.Held(batch, MaxHeld, cancellation);
            if (held.Count == 0) held = await outbox.Claim(MessageChannel.Print, batch.Owner, now, Never, batch.Max, cancellation);
            var found = new List<Letter>(held.Count);
            foreach (var delivery in held)
            {
                if (await Letter(batch, delivery, now, cancellation) is { } letter) found.Add(letter);
            }

            if (await batches.Ready(batch, InOrder(found), cancellation)) return;
            if ((await Existing(batch.Id, cancellation)).Status != PrintBatchStatus.Making) return;
        }
    }

    /// <summary>Null when it cannot be printed; it lies in no batch then.</summary>
    private async Task<Letter?> Letter(PrintBatch batch, Delivery delivery, DateTimeOffset now, CancellationToken cancellation)
    {
        if (delivery.Message is not DeliverDocument message)
        {
            await outbox.End(delivery.Lease, DeliveryOutcome.Failed, now, "only documents are printed", receipt: null, cancellation);
            return null;
        }

        if (await facts.Of(delivery, cancellation) is not { } known)
        {
            await outbox.End(delivery.Lease, DeliveryOutcome.Superseded, now, "the account is not there any more", receipt: null, cancellation);
            return null;
        }

        try
        {
            if (await prints.Of(delivery.Id.Account, message.Document, cancellation) is { } print)
            {
                var pages = PrintedPile.PagesOf(print.Pdf);
                var sheets = batch.Duplex ? (pages + 1) / 2 : pages;
                return new Letter(0, delivery.Id, delivery.Attempts, message.Document, print.Number, known.Reference, known.Name, known.Address, pages, sheets);
            }

            await outbox.End(delivery.Lease, DeliveryOutcome.Superseded, now, "the document is not there any more", receipt: null, cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException && !Outage.Is(e))
        {
            // One document that cannot be printed holds up no other; the reason stands in the client's history.
            await outbox.RetryLater(delivery.Lease, now + UntilNextTry, $"the document cannot be printed: {e.Message}", cancellation);
        }

        return null;
    }

    /// <summary>As the machine that folds them wants them: country by country and postcode by postcode, and there by the number of sheets.</summary>
    private static ImmutableArray<Letter> InOrder(IEnumerable<Letter> letters) =>
    [
        .. letters
            .OrderBy(letter => letter.Address.Country, StringComparer.Ordinal)
            .ThenBy(letter => letter.Address.PostalCode.Replace(" ", "", StringComparison.Ordinal), StringComparer.Ordinal)
            .ThenBy(letter => letter.Sheets)
            .ThenBy(letter => letter.Delivery.Account).ThenBy(letter => letter.Delivery.Version).ThenBy(letter => letter.Delivery.Ordinal)
            .Select((letter, i) => letter with { Position = i + 1 }),
    ];

    /// <summary>Each step may be taken again: what has ended so stays so.</summary>
    private async Task Carry(PrintBatch batch, CancellationToken cancellation)
    {
        var at = batch.ClosedAt ?? clock.GetUtcNow();
        foreach (var letter in await batches.Letters(batch.Id, 0, MaxHeld, cancellation))
        {
            var lease = new Lease(letter.Delivery, batch.Owner, letter.Attempt);
            if (batch.Status == PrintBatchStatus.TakenBack)
            {
                await outbox.RetryLater(lease, at, "a batch of letters was taken back", cancellation);
                continue;
            }

            await outbox.BeginSending(lease, Never, cancellation);
            await outbox.End(lease, DeliveryOutcome.Delivered, at, reason: null, batch.Owner, cancellation);
        }

        await batches.Carried(batch.Id, clock.GetUtcNow(), cancellation);
    }
}
