using IspBilling.Domain;
using IspBilling.Engine.Accounts;

namespace IspBilling.Engine.Outgoing;

/// <summary>
/// Tells accounts what became of their messages, where they decide by it. The outbox is told first and remembers that the account is not: a
/// crash between the two is made up for by the next pass, and the account knows a report it had already by its id.
/// </summary>
/// <param name="zone">The provider's, whose day an outcome belongs to.</param>
public sealed class DeliveryReports(IOutbox outbox, IAccounts accounts, TimeZoneInfo zone)
{
    /// <summary>Reports under way at once.</summary>
    private const int PageSize = 64;

    /// <summary>One pass over everything that is not reported. An account that is parked or refuses is told again by the next pass.</summary>
    /// <returns>How many reports were taken.</returns>
    public async Task<int> Tell(CancellationToken cancellation)
    {
        var told = 0;
        DeliveryId? after = null;
        while (await outbox.Unreported(after, PageSize, cancellation) is { Count: > 0 } page)
        {
            var replies = await Task.WhenAll(page.Select(delivery => Tell(delivery, cancellation)));
            var taken = page.Where((_, i) => replies[i] is Done).ToList();
            await outbox.Reported(taken, cancellation);
            told += taken.Count;
            after = page[^1].Id;
        }

        return told;
    }

    private async Task<AccountReply> Tell(Delivery delivery, CancellationToken cancellation)
    {
        var outcome = delivery.Outcome ?? throw new InvariantBrokenException($"delivery {delivery.Id} has not ended");
        var on = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(delivery.EndedAt!.Value, zone).DateTime);
        var command = new RecordDelivery(delivery.Id, delivery.Channel, delivery.Message, outcome, on);
        return await accounts.Ask(delivery.Id.Account, new Envelope(CommandIds.Derive("delivery", $"{delivery.Id} {outcome} {delivery.Attempts}"), command, Actor.System("outbox")), cancellation);
    }
}
