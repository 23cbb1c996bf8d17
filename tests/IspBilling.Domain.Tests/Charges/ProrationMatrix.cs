namespace IspBilling.Domain.Tests.Charges;

/// <summary>Contracts broken at their start, end or both, on every cycle and anchor, in advance and in arrears.</summary>
public class ProrationMatrix
{
    private static readonly (string From, string? To)[] Contracts =
    [
        ("2026-01-01", null), ("2026-01-17", null), ("2026-01-31", null), ("2028-02-29", null), ("2024-02-29", "2024-03-01"),
        ("2026-01-01", "2026-12-15"), ("2026-02-10", "2026-02-11"), ("2026-01-31", "2026-02-28"), ("2027-12-31", "2028-03-01"),
        ("2028-01-30", "2029-01-30"), ("2024-02-28", "2024-08-31"), ("2098-12-15", "2099-11-30"), ("2026-03-15", "2026-09-15"),
    ];

    public static TheoryData<string, string?, int, int?, BillingTiming, decimal> Rows()
    {
        var rows = new TheoryData<string, string?, int, int?, BillingTiming, decimal>();
        var prices = new[] { 499m, 333.33m, 0.01m, 1m };
        var n = 0;
        foreach (var (from, to) in Contracts)
        {
            foreach (var months in new[] { 1, 2, 3, 6, 12 })
            {
                foreach (int? anchor in new int?[] { null, 1, 15, 29, 30, 31 })
                {
                    foreach (var timing in Enum.GetValues<BillingTiming>()) rows.Add(from, to, months, anchor, timing, prices[n++ % prices.Length]);
                }
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Charges_cover_the_contract_without_gap_or_overlap(string from, string? to, int months, int? anchor, BillingTiming timing, decimal price)
    {
        var tariff = Given.Gross(1, price, from: "2000-01-01");
        var service = new Service(
            1, "net", Given.Day(from), Given.DayOrNull(to),
            [new ServiceTerms(Given.Day(from), tariff.Id, Quantity.One, new BillingCycle(months, anchor), timing, 1)], [], [], []);
        var grid = new BillingGrid(new BillingCycle(months, anchor), service.Start);
        var through = service.End is { } end ? end.AddMonths(13) : service.Start.AddMonths(30);
        if (through > AccountLimits.LatestDate) through = AccountLimits.LatestDate;

        var charges = OwedCharges.Of(service, TariffCatalogue.Of(1, tariff), through);

        // Prices below a crown leave short stretches at nothing: they have no charge, but also no overlap.
        var days = 0;
        foreach (var charge in charges)
        {
            var whole = grid.PeriodAt(charge.Period.From);
            Assert.True(whole.Covers(charge.Period));
            Assert.True(charge.Period.From >= service.Start && !(charge.Period.To > service.End));
            Assert.Equal(charge.Amount, charge.Basis.Amount());
            if (charge.Period == whole) Assert.Equal(Money.Czk(price * months), charge.Amount);
            else Assert.InRange(charge.Amount.Minor, 1, Money.Czk(price * months).Minor);
            Assert.True(timing == BillingTiming.InAdvance ? charge.Period.From <= through : charge.Period.LastDay <= through);
            days += charge.Period.Days;
        }

        Assert.All(charges.Zip(charges.Skip(1)), pair => Assert.True(pair.First.Period.To <= pair.Second.Period.From));
        if (price < 1 || charges.Count == 0) return;
        Assert.Equal(service.Start, charges[0].Period.From);
        Assert.Equal(charges[^1].Period.To.DayNumber - service.Start.DayNumber, days);
        if (service.End is { } last && last.AddMonths(12) < through) Assert.Equal(last, charges[^1].Period.To);
    }

    [Theory]
    // Price, months, anchor, from, to: what the whole contract costs, computed by hand.
    [InlineData("499", 1, null, "2026-01-17", "2026-02-01", "241.45")] // 499 × 15/31
    [InlineData("499", 1, null, "2026-01-02", "2026-02-01", "482.90")] // 30/31
    [InlineData("499", 1, null, "2026-02-15", "2026-03-01", "249.50")] // 14/28
    [InlineData("499", 1, null, "2028-02-15", "2028-03-01", "258.10")] // 15/29
    [InlineData("499", 1, null, "2026-04-16", "2026-05-01", "249.50")] // 15/30
    [InlineData("499", 1, null, "2026-01-31", "2026-02-02", "33.92")] // 16.10 + 17.82
    [InlineData("499", 1, null, "2026-01-17", "2026-03-10", "885.32")] // 241.45 + 499 + 144.87
    [InlineData("499", 1, 15, "2026-01-17", "2026-02-15", "466.81")] // 29/31
    [InlineData("499", 1, 15, "2026-02-20", "2026-03-15", "409.89")] // 23/28
    [InlineData("499", 1, 31, "2026-01-31", "2026-02-28", "499.00")] // a whole anchored month of 28 days
    [InlineData("499", 1, 31, "2026-02-28", "2026-03-31", "499.00")] // and one of 31
    [InlineData("499", 1, 31, "2026-03-31", "2026-04-15", "249.50")] // 15/30
    [InlineData("499", 1, 29, "2028-01-29", "2028-02-29", "499.00")]
    [InlineData("499", 1, 30, "2028-02-29", "2028-03-30", "499.00")]
    [InlineData("300", 3, null, "2026-01-01", "2026-04-01", "900.00")]
    [InlineData("300", 3, null, "2026-02-10", "2026-04-01", "503.57")] // 300 × 19/28 + 300
    [InlineData("300", 3, null, "2026-01-01", "2026-03-11", "696.77")] // 600 + 300 × 10/31
    [InlineData("300", 3, null, "2026-01-20", "2026-03-11", "512.90")] // 300 × (12/31 + 1 + 10/31)
    [InlineData("300", 3, null, "2026-02-10", "2026-07-01", "1403.57")]
    [InlineData("300", 2, null, "2026-02-15", "2026-03-01", "150.00")] // 14/28
    [InlineData("300", 6, null, "2026-06-30", "2026-07-02", "19.68")] // 10.00 + 9.68
    [InlineData("100", 12, null, "2026-03-10", "2027-01-01", "970.97")] // 100 × 22/31 + 900
    [InlineData("100", 12, null, "2028-02-29", "2029-01-01", "1003.45")] // 100/29 + 1000
    [InlineData("100", 12, 29, "2024-02-29", "2025-02-28", "1200.00")]
    [InlineData("100", 12, 29, "2025-02-28", "2026-02-28", "1200.00")]
    [InlineData("100", 12, 15, "2026-01-15", "2026-01-20", "16.13")] // 5/31
    [InlineData("100", 3, 31, "2025-11-30", "2026-02-28", "300.00")]
    [InlineData("100", 3, 31, "2025-11-30", "2026-02-27", "296.43")] // 200 + 100 × 27/28
    [InlineData("0.01", 1, null, "2026-01-17", "2026-02-01", "0.00")] // 0.0048
    [InlineData("0.01", 1, null, "2026-04-16", "2026-05-01", "0.01")] // 0.005, half away from zero
    [InlineData("31", 1, null, "2026-01-10", "2026-01-11", "1.00")]
    [InlineData("28", 1, null, "2026-02-28", "2026-03-01", "1.00")]
    [InlineData("29", 1, null, "2028-02-29", "2028-03-01", "1.00")]
    public void A_contract_costs_what_a_clerk_computes(string price, int months, int? anchor, string from, string to, string expected)
    {
        foreach (var timing in Enum.GetValues<BillingTiming>())
        {
            var account = new LiveAccount(from, Given.Gross(1, Given.Czk(price).Major)).Has("net", from, 1, end: to, months: months, anchor: anchor, timing: timing);

            Assert.Equal(Given.Czk(expected), account.Bill(Given.Day(to)).Sum(Currency.Czk, document => document.Total));
        }
    }

    [Theory]
    [InlineData(BillingTiming.InAdvance, "2026-02-01", "2026-02-01")]
    [InlineData(BillingTiming.InArrears, "2026-01-31", "2026-02-28")]
    public void Months_fall_due_on_their_first_day_in_advance_and_on_their_last_in_arrears(BillingTiming timing, string january, string february)
    {
        var account = new LiveAccount("2026-01-01", Given.Gross(1, 499)).Has("net", "2026-01-17", 1, timing: timing);
        if (timing == BillingTiming.InAdvance)
        {
            Assert.Empty(account.Bill("2026-01-16"));
            Assert.Single(account.Bill("2026-01-17"));
        }

        Assert.Equal(Given.Day(january), account.State.NextBillOn);
        Assert.Empty(account.Bill(Given.Day(january).AddDays(-1)));
        Assert.Single(account.Bill(january));
        Assert.Equal(timing == BillingTiming.InAdvance ? Given.Day("2026-03-01") : Given.Day(february), account.State.NextBillOn);
    }
}
