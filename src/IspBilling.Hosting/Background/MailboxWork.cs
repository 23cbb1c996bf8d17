using IspBilling.Outreach.Returns;
using Microsoft.Extensions.Hosting;

namespace IspBilling.Hosting.Background;

/// <summary>Looks into the mailboxes for returned mails as long as the node lives.</summary>
internal sealed class MailboxWork(MailboxRounds rounds) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await rounds.Run(stoppingToken);
    }
}
