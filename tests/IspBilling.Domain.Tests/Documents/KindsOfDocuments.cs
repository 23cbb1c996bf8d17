namespace IspBilling.Domain.Tests.Documents;

/// <summary>The table of kinds: every kind has a row, and what is printed and stored of earlier documents stays as it was.</summary>
public class KindsOfDocuments
{
    public static TheoryData<DocumentKind> Kinds => [.. Enum.GetValues<DocumentKind>()];

    [Theory]
    [InlineData(DocumentKind.Invoice, 0, "", true, false, true, "Faktura – daňový doklad", "Faktura", "Invoice – tax document", "Invoice")]
    [InlineData(DocumentKind.CreditNote, 1, "D", false, true, false, "Opravný daňový doklad", "Dobropis", "Corrective tax document", "Credit note")]
    public void A_kind_is_stored_numbered_and_titled_as_it_always_was(
        DocumentKind kind, int stored, string prefix, bool isReceivable, bool isCredit, bool isSymbol, string taxed, string plain, string taxedInEnglish, string plainInEnglish)
    {
        var traits = kind.Traits();

        Assert.Equal(stored, (int)kind);
        Assert.Equal((prefix, isReceivable, isCredit, isSymbol), (traits.NumberPrefix, traits.IsReceivable, traits.IsCredit, traits.IsNumberedBySymbol));
        Assert.Equal(new DocumentTitle(taxed, plain), traits.Titles["cs"]);
        Assert.Equal(new DocumentTitle(taxedInEnglish, plainInEnglish), traits.Titles["en"]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_has_a_row_of_its_own_that_makes_sense(DocumentKind kind)
    {
        var traits = kind.Traits();

        Assert.Equal(kind, traits.Kind);
        Assert.InRange(traits.Sign, -1, 1);
        Assert.Equal(["cs", "en", "sk"], traits.Titles.Keys.Order(StringComparer.Ordinal));
        Assert.False(traits is { IsReceivable: true, IsCredit: true });
        // A document without tax in a tax export would be reported to the authorities.
        Assert.Equal(traits.IsTaxed, traits.Exports.HasFlag(DocumentExports.Tax));
    }

    [Fact]
    public void Two_series_never_print_the_same_number() => Assert.Equal(
        DocumentKinds.All.Count(traits => traits.Series == traits.Kind),
        DocumentKinds.All.Where(traits => traits.Series == traits.Kind).Select(traits => traits.NumberPrefix).Distinct().Count());

    [Fact]
    public void A_kind_prints_the_prefix_of_the_series_that_numbers_it() =>
        Assert.All(DocumentKinds.All, traits => Assert.Equal(traits.Series.Traits().NumberPrefix, traits.NumberPrefix));

    [Theory]
    [InlineData(2)]
    [InlineData(-1)]
    public void A_number_that_is_no_kind_has_no_traits(int stored) => Assert.Throws<InvariantBrokenException>(() => ((DocumentKind)stored).Traits());
}
