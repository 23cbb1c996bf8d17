using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Postgres.Reading;
using IspBilling.Postgres.Settings;

namespace IspBilling.Desk.Dunning;

/// <summary>A client from whom something would be taken away by the calendar, and what that waits for; or whom no message reaches.</summary>
/// <param name="Client">The CRM's reference.</param>
/// <param name="Step">Code of the step that waits; null where none is due yet and a message failed on every channel.</param>
/// <param name="Wait">For what.</param>
/// <param name="Debt">Overdue and not disputed.</param>
/// <param name="Since">The due date from which the debt's age counts.</param>
/// <param name="Messages">What became of the messages about the debt.</param>
public sealed record WaitingRestrictionView(
    string Client, string? Step, RestrictionWait Wait, Money Debt, DateOnly? Since, IReadOnlyList<NoticeView> Messages);

/// <param name="Step">Code of the step that it is of.</param>
/// <param name="On">The day of the status.</param>
public sealed record NoticeView(string Step, MessageChannel Channel, NoticeStatus Status, DateOnly On);

/// <summary>The clerk's list of restrictions that wait: who has to be told in another way, and whom the brake or old bank data protects.</summary>
public sealed class WaitingRestrictions(LiveContext contexts, AccountStates accounts, ClientDirectory directory)
{
    /// <param name="wait">Only those that wait for this; null for all.</param>
    /// <param name="after">The account behind which the page begins; null at the start.</param>
    /// <param name="max">Clients at most.</param>
    public async Task<IReadOnlyList<(AccountId Account, WaitingRestrictionView Client)>> After(
        RestrictionWait? wait, AccountId? after, int max, CancellationToken cancellation)
    {
        var context = contexts.Now().Context;
        var page = new List<(AccountState Account, string? Step, RestrictionWait Wait, DunningVerdict Verdict)>(max);
        await foreach (var account in accounts.OfDebtors(after, cancellation))
        {
            var terms = context.DunningOf(account);
            var verdict = DunningEvaluation.On(context.Today, account.Debtor, terms);
            if (WaitOf(account, verdict) is not { } found || (wait is not null && wait != found)) continue;
            page.Add((account, verdict.Waiting is { } step ? terms.Policy.Steps[step].Code : null, found, verdict));
            if (page.Count == max) break;
        }

        var references = await directory.ReferencesOf([.. page.Select(row => row.Account.Id)], cancellation);
        return [.. page.Select(row => (row.Account.Id, new WaitingRestrictionView(
            references.GetValueOrDefault(row.Account.Id) ?? $"{row.Account.Id}", row.Step, row.Wait, row.Verdict.Debt, row.Verdict.Since, Messages(row.Account))))];
    }

    /// <summary>Whoever no message reached is on the list before anything is due: there is time to find another way.</summary>
    private static RestrictionWait? WaitOf(AccountState account, DunningVerdict verdict) =>
        verdict.Wait ?? (verdict.Since is not null && account.Dunning.Last is { HasFailed: true } ? RestrictionWait.Unreachable : null);

    private static List<NoticeView> Messages(AccountState account) =>
        [.. account.Dunning.Taken.SelectMany(step => step.Notices.Select(notice => new NoticeView(step.Code, notice.Channel, notice.Status, notice.On)))];
}
