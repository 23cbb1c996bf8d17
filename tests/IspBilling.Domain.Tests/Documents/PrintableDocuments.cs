namespace IspBilling.Domain.Tests.Documents;

/// <summary>What could never be printed is not issued.</summary>
public class PrintableDocuments
{
    /// <summary>For private use: no font shows it.</summary>
    private const string NoLetter = "\uE000";

    [Theory]
    [InlineData("Jana Nováková")]
    [InlineData("Síť 🚀 Morava")]
    [InlineData("שרה כהן")]
    [InlineData("محمد العربي")]
    [InlineData("王小明")]
    [InlineData("Олена Шевченко")]
    [InlineData("👨‍👩‍👧‍👦 & 👍🏽")]
    public void Names_in_any_usual_script_are_billed(string name)
    {
        var account = new LiveAccount("2026-03-01", Given.Gross(1, 499)).Does(new SetProfile(Given.Client with { Name = name })).Has("net", "2026-03-01", 1);

        Assert.Single(account.Bill("2026-03-01"));
    }

    [Theory]
    [InlineData("\uE000", "U+E000")]
    [InlineData("\U0001E900", "U+1E900")]
    [InlineData("\uD83D", "U+FFFD")]
    [InlineData("\t", "U+0009")]
    [InlineData("\uFFFF", "U+FFFF")]
    public void A_character_without_a_letter_is_named(string text, string name) =>
        Assert.StartsWith(name, PrintableText.Name(Assert.NotNull(PrintableText.FirstUnprintable($"Jana {text}"))), StringComparison.Ordinal);

    [Fact]
    public void A_name_that_an_earlier_release_took_is_not_billed_until_it_is_mended()
    {
        var account = new LiveAccount("2026-03-01", Given.Gross(1, 499)).Has("net", "2026-03-01", 1);
        var stored = account.State with { Profile = Given.Client with { Name = $"Jana {NoLetter}" } };

        var refused = Assert.IsType<Refused>(AccountDecider.Decide(stored, new Bill(account.Today, null, PreviewOnly: false), account.Context).Reply);

        Assert.Equal(RefusalReason.CannotBePrinted, refused.Reason);
        Assert.Contains("U+E000", refused.Detail, StringComparison.Ordinal);
        // Pushed again as it is, it is no news; mended, it is billed.
        Assert.IsType<Done>(AccountDecider.Decide(stored, new SetProfile(stored.Profile!), account.Context).Reply);
        Assert.Single(account.Does(new SetProfile(Given.Client)).Bill("2026-03-01"));
    }

    [Fact]
    public void Texts_of_tariffs_and_of_the_issuer_are_looked_at_too()
    {
        var account = new LiveAccount("2026-03-01", Given.Gross(1, 499) with { Name = $"Net {NoLetter}" }).Has("net", "2026-03-01", 1);
        Assert.Equal(RefusalReason.CannotBePrinted, account.Refuses(new Bill(account.Today, null, PreviewOnly: false)));

        account.Context = Given.Context(account.Today, Given.Gross(1, 499)) with { };
        account.Context = account.Context with { Issuers = account.Context.Issuers.SetItem(Given.Provider.Id, Given.Provider with { RegisterText = NoLetter }) };
        Assert.Equal(RefusalReason.CannotBePrinted, account.Refuses(new Bill(account.Today, null, PreviewOnly: true)));
    }

    [Fact]
    public void What_is_shown_of_a_text_has_a_box_for_each_character_without_a_letter() =>
        Assert.Equal("a□b□ž\n", PrintableText.Shown($"a{NoLetter}b\U0001E900ž\n"));
}
