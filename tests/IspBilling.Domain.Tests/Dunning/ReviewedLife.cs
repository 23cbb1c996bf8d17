using System.Globalization;

namespace IspBilling.Domain.Tests.Dunning;

/// <summary>An account that is reviewed every day.</summary>
internal sealed class ReviewedLife
{
    private readonly Currency _currency;
    private int _named;

    public ReviewedLife(string today, DunningPolicy policy, Currency? currency = null)
    {
        _currency = currency ?? Currency.Czk;
        Account = new LiveAccount(today);
        var issuer = Given.Provider with { Currency = _currency };
        Account.Context = Account.Context with { DunningPolicy = policy, Issuers = Account.Context.Issuers.SetItem(issuer.Id, issuer) };
    }

    public LiveAccount Account { get; }

    public ServiceLevel Level => Account.State.Level;

    /// <summary>Month, day and code of each step taken.</summary>
    public List<string> Steps { get; } = [];

    public ReviewedLife Policy(DunningPolicy policy)
    {
        Account.Context = Account.Context with { DunningPolicy = policy };
        return this;
    }

    /// <summary>It is that day, and nothing was reviewed yet.</summary>
    public ReviewedLife On(string day) => On(Given.Day(day));

    public ReviewedLife On(DateOnly day)
    {
        Until(day.AddDays(-1));
        Account.Today = day;
        return this;
    }

    public ReviewedLife Until(string day) => Until(Given.Day(day));

    public ReviewedLife Until(DateOnly day)
    {
        Review();
        while (Account.Today < day)
        {
            Account.Today = Account.Today.AddDays(1);
            Review();
        }

        return this;
    }

    public ReviewedLife Invoices(string due, decimal amount = 499) => Invoices(Given.Day(due), amount);

    /// <summary>Issued today or as many days before it is due as the client has.</summary>
    public ReviewedLife Invoices(DateOnly due, decimal amount = 499)
    {
        var on = due.AddDays(-Given.Client.DueDays);
        if (on > Account.Today) On(on);
        Assert.Equal(on, Account.Today);
        var item = LiveAccount.Item($"i{++_named}", "2026-01-01", amount) with { Date = on, UnitPrice = Money.FromMajor(amount, _currency), VatCategory = VatCategory.OutOfScope };
        Account.Does(item);
        Account.Bill(on);
        return this;
    }

    /// <summary>Pays a document, in full unless said otherwise.</summary>
    public ReviewedLife Pays(int document, decimal? amount = null)
    {
        Account.Pays($"p{++_named}", amount ?? Account.Open(document).Major, Account.Symbol(document));
        return this;
    }

    private void Review()
    {
        if (Account.Do(new Review()) is Reviewed { Step: { } code })
            Steps.Add(string.Create(CultureInfo.InvariantCulture, $"{Account.Today:MM-dd} {code}"));
    }
}
