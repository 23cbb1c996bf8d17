using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;

namespace IspBilling.Engine.Outgoing;

/// <summary>
/// Tells accounts which of their mails came back. What came back is kept first; each step after that may be done again, since the outbox knows where
/// a delivery stands and the account knows a command by its id:
/// <code>
///   kept ▶ the delivery failed ▶ told is taken back ▶ the address is marked ▶ sent another way ▶ told
/// </code>
/// </summary>
/// <param name="zone">The provider's, whose day a report belongs to.</param>
public sealed class MailReturnReports(IMailReturns returns, IOutbox outbox, IAccounts accounts, TimeZoneInfo zone, TimeProvider clock)
{
    private const int PageSize = 64;

    private static readonly Actor By = Actor.System("mail returns");

    /// <summary>One pass over everything that is not told. An account that is parked or refuses is told again by the next pass.</summary>
    /// <returns>How many were told.</returns>
    public async Task<int> Tell(CancellationToken cancellation)
    {
        var told = 0;
        UntoldReturn? after = null;
        while (await returns.Untold(after, PageSize, cancellation) is { Count: > 0 } page)
        {
            // One after another for each account: what follows from a mail may depend on the one before.
            var done = await Task.WhenAll(page.GroupBy(one => one.Delivery.Account).Select(async of =>
            {
                var count = 0;
                foreach (var one in of)
                {
                    if (await Tell(one, cancellation)) count++;
                }

                return count;
            }));
            told += done.Sum();
            after = page[^1];
        }

        return told;
    }

    private async Task<bool> Tell(UntoldReturn returned, CancellationToken cancellation)
    {
        if (await outbox.Find(returned.Delivery, cancellation) is not { } delivery) return false;
        var isThatAttempt = delivery.Attempts == returned.Attempt;
        var hasFailed = returned.Kind is MailReturnKind.Hard or MailReturnKind.Soft or MailReturnKind.NoAddress;

        // A report can be faster than the server's answer to us: once that is in, the delivery can fail.
        if (hasFailed && isThatAttempt && delivery.Outcome is null) return false;
        if (hasFailed && isThatAttempt && returned.WasAccepted)
        {
            await outbox.Return(returned.Delivery, returned.Attempt, returned.At, Text($"came back: {returned.Status} {returned.Reason}"), cancellation);
            var on = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(returned.At, zone).DateTime);
            if (!await Ask("take-back", new TakeBackDelivery(returned.Delivery, MessageChannel.Email, delivery.Message, Text($"{returned.Status} {returned.Reason}"), on))) return false;
        }

        if (returned.Fault is { } fault && !await Ask("mark", new MarkEmail(fault, [.. returned.Recipients], Text($"{returned.Status} {returned.Reason}")))) return false;
        if (hasFailed && isThatAttempt && !await Ask("another-way", new SendAnotherWay(returned.Delivery, delivery.Message))) return false;
        await returns.Told(returned, clock.GetUtcNow(), cancellation);
        return true;

        async Task<bool> Ask(string what, AccountCommand command)
        {
            var id = CommandIds.Derive("mail-return", Text($"{returned.Delivery} {returned.Attempt} {returned.Kind} {what}"));
            return await accounts.Ask(returned.Delivery.Account, new Envelope(id, command, By), cancellation) is Done;
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture).Trim();
}
