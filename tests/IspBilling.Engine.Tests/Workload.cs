using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Journal;
using IspBilling.Demo;

namespace IspBilling.Engine.Tests;

/// <summary>
/// Accounts that are billed month by month and pay now and then, all at once. A caller that is told "unknown" asks again with the
/// same id, so that in the end each command has happened once.
/// </summary>
/// <param name="bulk">Accounts are loaded for each command anew, and not kept.</param>
internal sealed class Workload(IJournal journal, int accounts, int months, bool bulk = false)
{
    private int _answered;

    /// <summary>One service on each account, started so that each month is due.</summary>
    public int Documents => accounts * months;

    /// <param name="disturb">Called after every <paramref name="every"/>th answer, while the others go on.</param>
    public async Task Run(int every, Func<Task> disturb)
    {
        var host = new DirectAccounts(journal, new LiveContext(new HandClock("2026-12-31"), TimeZoneInfo.Utc, Given.Settings));
        await Task.WhenAll(Enumerable.Range(1, accounts).Select(account => Live(host, new AccountId(account), every, disturb)));
    }

    private async Task Live(DirectAccounts host, AccountId account, int every, Func<Task> disturb)
    {
        await Ask(Given.Client());
        await Ask(Given.Service("net", "2026-01-01", Given.Slow));
        for (var month = 1; month <= months; month++)
        {
            Assert.IsType<Billed>(await Ask(new Bill(new DateOnly(2026, month, 1), null, PreviewOnly: false)));
            if (month % 3 == 0) Assert.IsType<PaymentReceipt>(await Ask(Given.Payment($"{account}/{month}", 900, "2026-12-31")));
        }

        async Task<AccountReply> Ask(AccountCommand command)
        {
            var envelope = new Envelope(Writer.NewId(), command, Actor.System("workload"), bulk);
            while (true)
            {
                try
                {
                    var reply = await host.Ask(account, envelope, CancellationToken.None);
                    if (Interlocked.Increment(ref _answered) % every == 0) await disturb();
                    return reply;
                }
                catch (Exception unknown) when (unknown is Npgsql.NpgsqlException or IOException or TimeoutException)
                {
                    // Whether it happened is unknown.
                }
            }
        }
    }
}
