using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Reviews;

namespace IspBilling.Engine.Tests.Reviews;

public sealed class ReminderNeedTests
{
    private static readonly ProviderSettings ByReminder = Given.Settings with
    {
        Issuers = Given.Settings.Issuers.SetItem(IssuerId.Default, Given.Settings.Issuers[IssuerId.Default] with { Billing = IssuerBilling.ByReminder }),
    };

    private readonly Writer _account = new(new InMemoryJournal(), 1);

    [Fact]
    public async Task An_account_that_will_bill_needs_a_reminder_only_if_its_issuer_bills_by_reminder()
    {
        await _account.Subscribe();

        Assert.False(NeedsOn("2026-01-01", Given.Settings));
        Assert.True(NeedsOn("2026-01-01", ByReminder));
    }

    [Fact]
    public async Task An_account_of_another_issuer_that_bills_by_run_needs_none()
    {
        await _account.Subscribe(Given.OtherIssuer);

        Assert.False(NeedsOn("2026-01-01", ByReminder));
    }

    [Fact]
    public async Task An_account_that_nothing_more_will_be_billed_to_needs_none()
    {
        await _account.Commit(Given.Client(), "2026-01-01");
        Assert.False(NeedsOn("2026-01-01", ByReminder));
        await _account.Commit(Given.Service("net", "2026-01-01", Given.Slow, end: "2026-02-01"), "2026-01-01");
        Assert.True(NeedsOn("2026-01-01", ByReminder));

        await _account.Commit(Given.Bill("2026-01-01"), "2026-01-01");

        Assert.False(NeedsOn("2026-01-02", ByReminder));
    }

    [Fact]
    public async Task An_invoice_makes_the_account_need_a_reminder_from_the_day_it_is_overdue_until_it_is_paid()
    {
        await _account.Subscribe();
        await _account.Commit(Given.Bill("2026-01-01"), "2026-01-01");

        // Due on the 15th.
        Assert.False(NeedsOn("2026-01-15", Given.Settings));
        Assert.True(NeedsOn("2026-01-16", Given.Settings));

        await _account.Commit(Given.Payment("paid", 499, "2026-01-16"), "2026-01-16");
        Assert.False(NeedsOn("2026-01-16", Given.Settings));
    }

    [Fact]
    public async Task A_promise_keeps_the_reminder_until_it_lapses()
    {
        await _account.Subscribe();
        await _account.Commit(Given.Bill("2026-01-01"), "2026-01-01");

        await _account.Commit(new PromiseToPay(Given.Day("2026-01-14")), "2026-01-10");

        Assert.True(NeedsOn("2026-01-14", Given.Settings));
        Assert.False(NeedsOn("2026-01-15", Given.Settings));
    }

    [Fact]
    public async Task A_debtor_who_is_exempt_from_dunning_needs_none()
    {
        await _account.Subscribe();
        await _account.Commit(Given.Bill("2026-01-01"), "2026-01-01");
        await _account.Commit(new SetDunningExemption(Exempt: true, "a hospital"), "2026-01-10");

        Assert.False(NeedsOn("2026-02-20", Given.Settings));
    }

    private bool NeedsOn(string day, ProviderSettings settings) => ReminderNeed.Of(_account.State, Given.On(Given.Day(day), settings));
}
