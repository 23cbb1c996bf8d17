using IspBilling.Domain;
using IspBilling.Engine.Identity;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Engine.Tests.Identity;

/// <summary>What the days and balances of two statements say about each other.</summary>
public sealed class StatementRelationTests
{
    private static long _ids;

    [Theory]
    [InlineData("5: 0-100", "5: 100-200", false)] // goes on where the other ends
    [InlineData("5: 0-100", "6: 100-200", false)] // the next day
    [InlineData("5: 0-100", "6: 70-170", false)] // another day, whatever is missing between
    [InlineData("5: 0-100", "5: 0-100", true)] // the same
    [InlineData("5: 0-100", "5: 0-200", true)] // the beginning of the other
    [InlineData("5: 100-200", "5: 0-200", true)] // its end
    [InlineData("5: 0-0", "5: 0-0", true)] // the balance returns to where it was: nobody knows
    [InlineData("5: 0-100", "6: 0-100", true)] // perhaps the same, dated otherwise
    [InlineData("5: 0-100", "6: 0-100, 9: 100-200", true)] // perhaps its beginning
    [InlineData("5: 0-100", "11: 0-100", false)] // too long after
    [InlineData("5: 0-0", "6: 0-0", false)] // the next day of an account that is emptied daily
    [InlineData("5: ?", "5: ?", true)] // no balances
    [InlineData("5: ?", "8: ?", true)] // and perhaps other days
    [InlineData("5: ?", "15: ?", false)]
    [InlineData("1: 0-100, 5: 100-200, 9: 200-300", "5: 100-200", true)] // a day of a month
    [InlineData("1: 0-100, 5: 100-200", "5: 200-300", false)]
    public void A_statement_may_share_entries_with_one_whose_days_and_balances_it_meets(string one, string other, bool shares)
    {
        Assert.Equal(shares, StatementRelations.Sharing(Statement(one), [Statement(other)]).Count == 1);
        Assert.Equal(shares, StatementRelations.Sharing(Statement(other), [Statement(one)]).Count == 1);
    }

    [Fact]
    public void Statements_of_a_day_that_go_on_from_each_other_share_nothing_however_many_they_are()
    {
        ToldStatement[] before = [.. Enumerable.Range(0, 20).Select(part => Statement($"5: {part * 100}-{(part * 100) + 100}"))];
        Assert.Empty(StatementRelations.Sharing(Statement("5: 2000-2100"), before));
        Assert.Equal(before[19], Assert.Single(StatementRelations.Sharing(Statement("5: 1900-2000"), before)));
        Assert.Equal(20, StatementRelations.Sharing(Statement("5: 0-2000"), before).Count);
    }

    private static ToldStatement Statement(string days) => new(
        ++_ids, "CZ6508000000192000145399", Currency.Czk, StatementKind.Statement, "GPC", Number: null,
        [.. days.Split(", ").Select(day =>
        {
            var (number, balances) = (int.Parse(day[..day.IndexOf(':', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture), day[(day.IndexOf(':', StringComparison.Ordinal) + 2)..]);
            var known = balances == "?" ? null : balances.Split('-');
            long? At(int at) => known is null ? null : long.Parse(known[at], System.Globalization.CultureInfo.InvariantCulture);
            return new BalanceSpan(new DateOnly(2026, 11, number), new DateOnly(2026, 11, number), At(0), At(1));
        })]);
}
