using FsCheck;
using FsCheck.Fluent;
using IspBilling.Banking.Gpc;
using IspBilling.Domain;

namespace IspBilling.Banking.Tests.Gpc;

public sealed class GpcRoundTripTests
{
    private static readonly DateOnly Opened = new(2026, 1, 31);
    private static readonly DateOnly Booked = new(2026, 11, 30);

    /// <summary>Fio is the bank whose GPC carries everything that an entry has; the others lose the identity and the day.</summary>
    private static readonly CzechAccount[] OwnAccounts = [new(0, 2501129872, 2010), new(19, 2000145399, 800), new(0, 2000145399, 100)];

    [Fact]
    public void Given_any_entries_when_written_and_read_then_they_are_the_same()
    {
        var statements =
            from account in Gen.Elements(OwnAccounts)
            from opening in Gen.Choose(-1_000_000, 1_000_000)
            from entries in Entry(account).ListOf()
            select (account, opening, entries: entries.ToList());
        Prop.ForAll(statements.ToArbitrary(), statement => IsTheSame(statement.account, statement.opening, statement.entries).GetAwaiter().GetResult())
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task Given_sums_that_are_not_the_headings_then_the_writer_refuses()
    {
        var heading = new GpcHeading(OwnAccounts[0], "X", 1, Opened, Booked, Money.Czk(0), Money.Czk(1), Money.Czk(0));
        using var output = new MemoryStream();
        await Assert.ThrowsAsync<ArgumentException>(() => GpcStatementWriter.Write(output, heading, [], CancellationToken.None));
    }

    private static async Task<bool> IsTheSame(CzechAccount account, long opening, List<StatementEntry> entries)
    {
        using var file = new MemoryStream();
        var heading = GpcHeading.Of(account, "POSKYTOVATEL", 7, Opened, Booked, new Money(opening, Currency.Czk), entries);
        await GpcStatementWriter.Write(file, heading, entries, CancellationToken.None);
        Assert.Equal(0, file.Length % 130);

        var reading = await Reading.Of(file.ToArray(), new() { OwnAccounts = [.. OwnAccounts] });
        Assert.Empty(reading.Warnings);
        Assert.Equal(heading.Closing, Assert.Single(reading.Closed).Closing);
        Assert.Equal(entries, reading.Entries.Select(entry => entry with { Position = "" }));
        return true;
    }

    private static Gen<StatementEntry> Entry(CzechAccount own)
    {
        var isFio = own.BankCode == 2010;
        return
            from id in Gen.Choose(1, int.MaxValue)
            from amount in Gen.Choose(1, int.MaxValue)
            from direction in Gen.Elements(EntryDirection.Credit, EntryDirection.Debit)
            from isReversal in Gen.Elements(true, false)
            from day in Gen.Choose(0, 300)
            from counter in Gen.Elements("19-2000145399/0800", "2501129872/2010", null)
            from name in Text(20)
            from message in Text(140)
            from vs in Gen.Choose(0, int.MaxValue)
            from ks in Gen.Choose(0, 9999)
            from ss in Gen.Choose(0, int.MaxValue)
            select new StatementEntry(
                own.ToString(), isFio ? id.ToString() : null, new Money(amount, Currency.Czk), direction, isReversal,
                isFio ? Opened.AddDays(day) : Booked, Opened.AddDays(day), counter, name,
                vs == 0 ? null : new VariableSymbol(vs), ks == 0 ? null : ks.ToString(), ss == 0 ? null : ss.ToString(),

                // GPC has one short text for both; without a message of its own the name is read as the message too.
                message ?? name, null, "");
    }

    /// <summary>Text of the code page, trimmed, as readers give it; null for none.</summary>
    private static Gen<string?> Text(int maxLength) =>
        from length in Gen.Choose(0, maxLength)
        from letters in Gen.Elements("abcXYZ 0123456789 žluťoučký kůň ÄÖß€,./-".ToCharArray()).ArrayOf(length)
        let text = new string(letters).Trim()
        select text.Length == 0 ? null : text;
}
