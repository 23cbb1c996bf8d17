namespace IspBilling.Domain.Tests.Accounts;

/// <summary>What an account does about contracts, and that none of it touches what is charged.</summary>
public class Contracts
{
    private static readonly Contract Signed = new(
        "C1", "2026/0117", Given.Day("2025-12-28"), Given.Day("2026-01-01"), End: null, MinimumMonths: 24, NoticeDays: 30, "drawer 3",
        new EarlyEndTerms(500, ShareMonths: 3, Money.Czk(2_400)));

    private static LiveAccount Account() => new LiveAccount("2026-01-01", Given.Gross(1, 499), Given.Gross(2, 699)).Does(new PutContract(Signed));

    private static PutService Service(string? contract, int tariff = 1, string? end = null) =>
        LiveAccount.Subscription("net", "2026-01-01", tariff, end: end) with { Contract = contract };

    [Fact]
    public void A_contract_is_agreed_once_and_changed_by_what_is_pushed_later()
    {
        var account = Account();
        Assert.Equal(new ContractAgreed(Signed), Assert.Single(account.Last.Events));

        account.Does(new PutContract(Signed));
        Assert.True(account.Last.ChangesNothing);

        account.Does(new PutContract(Signed with { End = Given.Day("2027-06-01") }));
        Assert.Equal(Given.Day("2027-06-01"), Assert.Single(account.State.Contracts).End);
        Assert.Equal(Signed.Number, account.State.FindContract("C1")!.Number);
    }

    [Fact]
    public void A_push_that_is_out_of_date_changes_nothing_and_one_without_a_revision_keeps_the_known_one()
    {
        var account = Account().Does(new PutContract(Signed with { NoticeDays = 14, PushRevision = 7 }));

        Assert.Equal(new Stale(7), account.Do(new PutContract(Signed with { NoticeDays = 10, PushRevision = 6 })));
        Assert.True(account.Last.ChangesNothing);
        account.Does(new PutContract(Signed with { NoticeDays = 14, PushRevision = 7 }));
        Assert.True(account.Last.ChangesNothing);
        account.Does(new PutContract(Signed with { NoticeDays = 14 }));
        Assert.True(account.Last.ChangesNothing);
        account.Does(new PutContract(Signed with { NoticeDays = 14, PushRevision = 8 }));
        Assert.Equal(8, account.State.FindContract("C1")!.PushRevision);
    }

    [Fact]
    public void A_service_names_its_contract_and_so_does_each_of_its_lines()
    {
        var account = Account().Does(Service("C1"));
        Assert.Equal("C1", account.Service("net").Contract);

        var line = Assert.Single(Assert.Single(account.Bill("2026-01-31")).Lines);

        Assert.Equal("C1", line.Basis!.Contract);
        Assert.Null(Assert.Single(account.Service("net").Charged).Basis!.Contract);
    }

    [Fact]
    public void A_line_that_corrects_a_charge_names_the_contract_of_its_own_day()
    {
        var account = Account().Does(new PutContract(Signed with { Reference = "C2", Number = "2026/0200" })).Does(Service("C1"));
        account.Bill("2026-01-31");

        account.On("2026-02-01").Does(Service("C2")).SpecialPrice("net", "p", "2026-01-10", null, 599);
        var lines = account.Bill("2026-02-28").SelectMany(document => document.Lines).ToList();

        Assert.True(lines.Count > 1);
        Assert.All(lines, line => Assert.Equal("C2", line.Basis!.Contract));
    }

    [Fact]
    public void Another_contract_alone_changes_nothing_that_is_billed()
    {
        var account = Account().Does(Service(null));
        account.Bill("2026-01-31");
        var before = account.State;

        account.On("2026-01-15").Does(Service("C1"));

        Assert.Equal(new ServiceContractSet(1, "C1"), Assert.Single(account.Last.Events));
        Assert.False(account.Service("net").ChangedSinceBilled);
        Assert.Empty(account.Service("net").Changes);
        Assert.Equal(before.NextBillOn, account.State.NextBillOn);
        Assert.IsType<NothingToBill>(account.Do(new Bill(Given.Day("2026-01-31"), null, PreviewOnly: false)));

        account.Does(Service(null));
        Assert.Equal(new ServiceContractSet(1, null), Assert.Single(account.Last.Events));
    }

    [Fact]
    public void A_service_cannot_name_what_nobody_signed_and_a_contract_with_services_stays()
    {
        var account = Account();
        Assert.Equal(RefusalReason.UnknownContract, account.Refuses(Service("C9")));
        account.Does(Service("C1"));

        Assert.Equal(RefusalReason.ContractHasServices, account.Refuses(new RemoveContract("C1")));
        account.Does(Service(null)).Does(new RemoveContract("C1"));
        Assert.Empty(account.State.Contracts);
        Assert.Equal(RefusalReason.UnknownContract, account.Refuses(new RemoveContract("C1")));
    }

    [Fact]
    public void Each_number_is_once_in_an_account_however_it_is_typed()
    {
        var account = Account().Does(new PutContract(Signed with { Reference = "C2", Number = "Dvořák/1" }));

        Assert.Equal(RefusalReason.AlreadyExistsDifferently, account.Refuses(new PutContract(Signed with { Reference = "C3" })));
        Assert.Equal(RefusalReason.AlreadyExistsDifferently, account.Refuses(new PutContract(Signed with { Reference = "C3", Number = "Dvor\u030Ca\u0301k/1" })));
        Assert.Equal(RefusalReason.AlreadyExistsDifferently, account.Refuses(new PutContract(Signed with { Number = "Dvořák/1" })));
    }

    [Fact]
    public void An_account_closes_when_its_contracts_have_ended_and_then_none_runs_on()
    {
        var account = Account().Does(Service("C1", end: "2026-02-01")).On("2026-02-01");
        Assert.Equal(RefusalReason.ContractStillRuns, account.Refuses(new CloseAccount()));
        Assert.Equal(
            RefusalReason.ContractStillRuns,
            account.Does(new PutContract(Signed with { End = Given.Day("2026-02-02") })).Refuses(new CloseAccount()));

        account.Does(new PutContract(Signed with { End = Given.Day("2026-02-01") })).Does(new CloseAccount());

        Assert.Equal(RefusalReason.AccountIsClosed, account.Refuses(new PutContract(Signed)));
        Assert.Equal(RefusalReason.AccountIsClosed, account.Refuses(new PutContract(Signed with { Reference = "C2", Number = "2" })));
        account.Does(new PutContract(Signed with { End = Given.Day("2026-02-01"), Document = "box 4" }));
        account.Does(new PutContract(Signed with { Reference = "C2", Number = "2", End = Signed.Start }));
    }

    [Fact]
    public void There_is_a_most_that_an_account_has()
    {
        var account = Account();
        for (var i = 1; i < AccountLimits.MaxContracts; i++) account.Does(new PutContract(Signed with { Reference = $"D{i}", Number = $"n{i}" }));

        Assert.Equal(RefusalReason.TooMany, account.Refuses(new PutContract(Signed with { Reference = "last", Number = "last" })));
        account.Does(new PutContract(Signed with { NoticeDays = 1 }));
    }

    [Theory]
    [InlineData("2026-03-01", "2026-03-31")]
    [InlineData("2025-06-01", "2026-01-01")]
    public void Notice_ends_a_contract_after_its_days_and_not_before_its_start(string given, string end) =>
        Assert.Equal(Given.Day(end), Signed.EndByNotice(Given.Day(given)));

    [Fact]
    public void A_contract_that_ends_sooner_needs_no_notice() =>
        Assert.Null((Signed with { End = Given.Day("2026-03-31") }).EndByNotice(Given.Day("2026-03-01")));
}
