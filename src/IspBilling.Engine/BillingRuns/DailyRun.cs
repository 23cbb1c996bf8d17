using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;

namespace IspBilling.Engine.BillingRuns;

/// <summary>
/// The billing run of one issuer and one day that its accounts fill by themselves, each in its own turn. It is open from the first account
/// that bills until the day's turns are over, nothing due is left, and every account that was asked has ended its turn.
/// </summary>
public static class DailyRun
{
    /// <summary>Who asked for a day's run: the reminders of its accounts.</summary>
    public static Actor RequestedBy(DateOnly day) =>
        new(ActorKind.Reminder, day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), "reminders");

    /// <summary>Every node computes the same id, so that none has to tell another which run it is.</summary>
    public static RunId IdOf(IssuerId issuer, DateOnly day) =>
        new(CommandIds.Derive("daily-run", string.Create(CultureInfo.InvariantCulture, $"{issuer}/{day:yyyy-MM-dd}")).Value);

    public static BillingRun Of(IssuerId issuer, DateOnly day, DateTimeOffset startedAt) => new(
        IdOf(issuer, day), RunMode.Issue, day, new RunFilter(issuer, Accounts: null), ComparedTo: null, RequestedBy(day), startedAt, FinishedAt: null,
        RunStatus.Open, default, RunCounts.None, Failure: null);

    /// <summary>Whether the account bills by itself on this day. Corrections of earlier charges come with the next period that falls due.</summary>
    public static bool IsDue(AccountState state, DecisionContext context) =>
        BillsByReminder(state, context) && state.NextBillOn <= context.Today;

    internal static bool BillsByReminder(AccountState state, DecisionContext context) =>
        state.Profile is { } profile && BillsByReminder(profile.Issuer, context);

    internal static bool BillsByReminder(IssuerId issuer, DecisionContext context) =>
        context.Issuers.TryGetValue(issuer, out var known) && known.Billing == IssuerBilling.ByReminder;
}

/// <summary>What runs need beyond <see cref="IBillingRunStore"/> when accounts fill them by themselves.</summary>
public interface IDailyRunStore
{
    /// <summary>Runs that are open, the oldest first.</summary>
    ValueTask<IReadOnlyList<BillingRun>> Open(CancellationToken cancellation);

    /// <summary>
    /// Accounts whose documents name the run and are not recorded in it, and accounts that are due under its filter and have no outcome in it;
    /// ordered by id, after a cursor. An account that had nothing to bill in one turn may have billed in a later one of the same day.
    /// </summary>
    /// <param name="withDue">False for those whose documents name it only.</param>
    ValueTask<IReadOnlyList<AccountId>> UnrecordedAfter(BillingRun run, bool withDue, AccountId after, int max, CancellationToken cancellation);

    /// <summary>Records outcomes, each in place of an earlier one of its account; the run's counts change with them, in one transaction.</summary>
    ValueTask Record(RunId run, IReadOnlyList<RunItem> items, CancellationToken cancellation);
}
