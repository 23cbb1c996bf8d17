using IspBilling.Domain;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Reviews;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Engine.Tests.Accounts;

/// <summary>In whose name accounts are asked by what nobody watches.</summary>
public sealed class WhoAsksTests
{
    private static readonly Actor Clerk = new(ActorKind.Person, "3", "eva");
    private static readonly AccountId Account = new(7);
    private static readonly DateOnly Day = Given.Day("2026-03-01");

    [Fact]
    public void A_run_asks_in_its_own_name_and_who_started_it_stands_on_the_run()
    {
        var run = new BillingRun(
            new RunId(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff")), RunMode.Issue, Day, RunFilter.Everyone, ComparedTo: null, Clerk, default,
            FinishedAt: null, RunStatus.Running, default, RunCounts.None, Failure: null);

        Assert.Equal(new Actor(ActorKind.Run, "00112233-4455-6677-8899-aabbccddeeff", "billing run"), RunQuestion.To(Account, run).By);
        Assert.Same(RunQuestion.To(Account, run).By, RunQuestion.To(new AccountId(8), run).By);
        Assert.Equal(Clerk, run.RequestedBy);
    }

    [Fact]
    public void An_account_that_bills_by_itself_asks_as_the_reminder_of_its_day() => Assert.Equal(
        new Actor(ActorKind.Reminder, "2026-03-01", "reminders"), RunQuestion.To(Account, DailyRun.Of(IssuerId.Default, Day, default)).By);

    [Fact]
    public void A_review_is_asked_by_the_reminder_of_its_day() =>
        Assert.Equal(new Actor(ActorKind.Reminder, "2026-03-01", "review"), ReviewPump.Question(Account, Day).By);

    [Fact]
    public void An_import_asks_in_its_own_name_and_who_uploaded_it_stands_on_the_import()
    {
        var import = new StatementImport(
            new ImportId(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff")), "march.gpc", "GPC", Clerk, default, null, ImportStatus.Reading,
            ImportCounts.None, [], Refusal: null);

        Assert.Equal(new Actor(ActorKind.Import, "00112233-4455-6677-8899-aabbccddeeff", "statement import"), import.Asking);
        Assert.Equal(Clerk, import.RequestedBy);
    }

    [Fact]
    public void A_later_look_at_suspense_asks_as_the_engine() => Assert.Equal(new Actor(ActorKind.System, "suspense review", "suspense review"), SuspenseReview.By);
}
