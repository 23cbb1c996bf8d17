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

    [Fact]
    public void A_reference_has_a_longest_length()
    {
        Assert.True(CallerReference.IsValid(new string('a', CallerReference.MaxLength)));
        Assert.False(CallerReference.IsValid(new string('a', CallerReference.MaxLength + 1)));
    }
}
