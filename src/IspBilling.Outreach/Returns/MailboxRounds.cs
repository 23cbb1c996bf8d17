using IspBilling.Domain;

namespace IspBilling.Outreach.Returns;

/// <summary>Looks into each issuer's mailbox again and again, each in its own time: one that is slow or away keeps nobody else waiting.</summary>
/// <param name="issuers">Those there are now.</param>
/// <param name="warn">Writes to the log what an operator should see.</param>
public sealed class MailboxRounds(MailboxReader reader, Func<IReadOnlyCollection<IssuerId>> issuers, TimeProvider clock, Action<Exception?, string> warn)
{
    /// <summary>From the end of one look to the beginning of the next.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly Dictionary<IssuerId, Task> _looks = [];

    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            foreach (var issuer in issuers())
            {
                if (!_looks.TryGetValue(issuer, out var look) || look.IsCompleted) _looks[issuer] = Look(issuer, stop);
            }

            await Task.Delay(Pause, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(_looks.Values);
    }

    private async Task Look(IssuerId issuer, CancellationToken stop)
    {
        try
        {
            // Not on the thread of the round: what a connection does before it first waits must not keep the others.
            await Task.Yield();
            if (await reader.Look(issuer, stop) is { Problem: { } problem }) warn(null, $"The mailbox of issuer {issuer} for returned mails: {problem}");
        }
        catch (Exception failure)
        {
            if (!stop.IsCancellationRequested) warn(failure, $"The mailbox of issuer {issuer} for returned mails is not read.");
        }
    }
}
