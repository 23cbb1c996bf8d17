using System.Collections.Immutable;

namespace IspBilling.Domain.Tests.Accounts;

/// <summary>Nobody's documents: the sample of an empty database previews and does not issue.</summary>
public class SampleIssuers
{
    private static LiveAccount OfSample()
    {
        var account = new LiveAccount("2026-03-01", Given.Gross(1, 499)).Has("net", "2026-03-01", 1);
        account.Context = account.Context with
        {
            Issuers = ImmutableDictionary<IssuerId, Issuer>.Empty.Add(IssuerId.Default, Given.Provider with { Name = Issuer.SampleName }),
        };
        return account;
    }

    [Fact]
    public void A_sample_issues_nothing() =>
        Assert.Equal(RefusalReason.SampleIssuer, OfSample().Refuses(new Bill(Given.Day("2026-03-31"), Run: null, PreviewOnly: false)));

    [Fact]
    public void What_a_sample_would_issue_can_be_looked_at() =>
        Assert.Equal(Money.Czk(499), Assert.Single(Assert.IsType<Billed>(OfSample().Do(new Bill(Given.Day("2026-03-31"), Run: null, PreviewOnly: true))).Documents).Total);
}
