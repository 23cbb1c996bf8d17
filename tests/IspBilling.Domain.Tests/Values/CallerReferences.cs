namespace IspBilling.Domain.Tests.Values;

public class CallerReferences
{
    [Theory]
    [InlineData("C-1042")]
    [InlineData("7")]
    [InlineData("Novák, Jan / 2. patro")]
    public void A_caller_names_things_in_its_own_way(string reference) => Assert.True(CallerReference.IsValid(reference));

    [Theory]
    [InlineData("")]
    [InlineData(" C-1042")]
    [InlineData("C-1042\u00A0")]
    [InlineData("C\t1042")]
    [InlineData("C\u0000")]
    [InlineData("\uD83D\uDE00")]
    public void What_cannot_stand_in_a_path_or_a_database_is_no_reference(string reference) => Assert.False(CallerReference.IsValid(reference));

    /// <summary>Not a row above: an attribute cannot hold half a character.</summary>
    [Fact]
    public void Half_a_character_is_no_reference() => Assert.False(CallerReference.IsValid("half \uD83D"));

    [Theory]
    [InlineData("Dvor\u030ca\u0301k", "Dvo\u0159\u00e1k")]
    [InlineData("Dvo\u0159a\u0301k", "Dvo\u0159\u00e1k")]
    [InlineData("Dvo\u0159\u00e1k", "Dvo\u0159\u00e1k")]
    [InlineData("U\u030akrytu 7", "\u016ekrytu 7")]
    [InlineData("No accent at all", "No accent at all")]
    public void However_an_accent_is_typed_a_reference_has_one_form(string typed, string normal)
    {
        Assert.Equal(normal, CallerReference.Normal(typed));
        Assert.True(CallerReference.IsNormal(normal));
        Assert.True(CallerReference.AreSame(typed, normal));
    }

    [Fact]
    public void An_accent_on_what_has_no_such_letter_stands_alone_and_is_no_form_to_compare()
    {
        Assert.Equal("q\u030c", CallerReference.Normal("q\u030c"));
        Assert.False(CallerReference.IsNormal("q\u030c"));
        Assert.False(CallerReference.AreSame("\u0159", "r"));
    }

    [Theory]
    [InlineData(".", false)]
    [InlineData("..", false)]
    [InlineData("50%2F1", false)]
    [InlineData("50%2f1", false)]
    [InlineData("...", true)]
    [InlineData(".htaccess", true)]
    [InlineData("a/./b", true)]
    [InlineData("50 %", true)]
    public void What_a_path_takes_for_something_else_cannot_name_anything_new(string reference, bool canName)
    {
        Assert.Equal(canName, CallerReference.AddressFault(reference) is null);
        Assert.True(CallerReference.IsValid(reference));
    }

    [Fact]
    public void A_reference_has_a_longest_length()
    {
        Assert.True(CallerReference.IsValid(new string('a', CallerReference.MaxLength)));
        Assert.False(CallerReference.IsValid(new string('a', CallerReference.MaxLength + 1)));
    }
}
