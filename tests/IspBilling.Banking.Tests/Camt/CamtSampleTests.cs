using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Tests.Camt;

public sealed class CamtSampleTests
{
    [SampleFact]
    public async Task Minimal()
    {
        var reading = await Reading.Of(Samples.Bytes("camt/camt053.v2.minimal.xml"));
        var entry = Assert.Single(reading.Entries);
        Assert.Equal((Money.Eur(8.85m), EntryDirection.Credit), (entry.Amount, entry.Direction));
        Assert.Equal(("NL56AGDH9619008421", "NAME NAME"), (entry.CounterAccount!, entry.CounterName!));
        Assert.Equal((new DateOnly(2014, 12, 31), new DateOnly(2015, 1, 2)), (entry.BookedOn, entry.ValueOn));
        Assert.Null(entry.VariableSymbol);
        Assert.Equal("NL26VAYB8060476890", entry.OwnAccount);
        Assert.Equal(Money.Eur(18.15m), Assert.Single(reading.Opened).Opening);
        Assert.Contains("-27.00 SEK", Assert.Single(reading.Warnings).Text, StringComparison.Ordinal);
        Assert.Null(Assert.Single(reading.Closed).Closing);
    }

    [SampleFact]
    public async Task Many_statements_each_add_up()
    {
        var reading = await Reading.Of(Samples.Bytes("camt/camt053.v2.multi.statement.xml"));
        Assert.Equal(["12312", "254EURNL26VAYB8060476890"], reading.Opened.Select(opened => opened.StatementNumber));
        Assert.Equal([Money.Eur(27), Money.Eur(20)], reading.Closed.Select(closed => closed.Closing!.Value));
        Assert.Equal((8.85m, 7m), (reading.Credits, reading.Debits));
        Assert.Equal("Transaction Description 1", reading.Entries[0].Message);
        Assert.Equal(("Company Name 2", "NL56AGDH9619008421"), (reading.Entries[1].CounterName!, reading.Entries[1].CounterAccount!));
        Assert.Equal("000000002", reading.Entries[1].OrderReference);
        Assert.Empty(reading.Warnings);
    }

    [SampleFact]
    public async Task Decimals_that_are_zeros_are_read_and_the_balance_of_a_half_cent_is_not_met()
    {
        var reading = await Reading.Of(Samples.Bytes("camt/camt053.v2.five.decimals.xml"));
        Assert.Equal(Money.Eur(8.85m), Assert.Single(reading.Entries).Amount);
        Assert.Equal(Money.Eur(27.05m), Assert.Single(reading.Closed).Closing);
        Assert.Contains("does not add up", Assert.Single(reading.Warnings).Text, StringComparison.Ordinal);
    }

    [SampleFact]
    public async Task All_kinds_of_balances_leave_the_booked_ones()
    {
        var reading = await Reading.Of(Samples.Bytes("camt/camt053.v2.all-balance-types.xml"));
        Assert.Equal("CH2801234000123456789", Assert.Single(reading.Opened).OwnAccount);
        Assert.Equal((Money.Eur(1.01m), new DateOnly(2015, 1, 21)), (reading.Opened[0].Opening!.Value, reading.Opened[0].OpenedOn!.Value));
        Assert.Equal((Money.Eur(4.04m), new DateOnly(2015, 1, 22)), (reading.Closed[0].Closing!.Value, reading.Closed[0].ClosedOn!.Value));
        Assert.Single(reading.Entries);
        Assert.Contains("does not add up", Assert.Single(reading.Warnings).Text, StringComparison.Ordinal);
    }

    [SampleFact]
    public async Task Ids_of_parties_are_no_names()
    {
        var entry = Assert.Single((await Reading.Of(Samples.Bytes("camt/camt053.v2.with-party-ids.xml"))).Entries);
        Assert.Equal(("NAME NAME", "NL56AGDH9619008421"), (entry.CounterName!, entry.CounterAccount!));
    }

    [SampleFact]
    public async Task Versions_4_and_8_read_alike()
    {
        foreach (var version in new[] { 4, 8 })
        {
            var reading = await Reading.Of(Samples.Bytes($"camt/camt053.v{version}.xml"));
            Assert.Equal($"camt.053.001.0{version}", reading.Format);
            var entry = Assert.Single(reading.Entries);
            Assert.Equal((Money.Eur(8.85m), "AAAASESS-FP-CN_98765/01"), (entry.Amount, entry.EntryReference!));
            Assert.Equal(("NAME NAME", "NL56AGDH9619008421"), (entry.CounterName!, entry.CounterAccount!));
            Assert.Equal(new DateOnly(2014, 12, 31), entry.BookedOn);
            Assert.Contains("SEK", Assert.Single(reading.Warnings).Text, StringComparison.Ordinal);
        }
    }

    [SampleFact]
    public async Task A_balance_with_a_time_and_five_decimals_and_no_entries_reads()
    {
        var reading = await Reading.Of(Samples.Bytes("camt/camt53.only-Dt-with-DtTm.xml"));
        var opened = Assert.Single(reading.Opened);
        Assert.Equal((new Money(544_209, Currency.Parse("RON")), new DateOnly(2025, 7, 23)), (opened.Opening!.Value, opened.OpenedOn!.Value));
        Assert.Empty(reading.Entries);
        Assert.Null(Assert.Single(reading.Closed).Closing);
        Assert.Empty(reading.Warnings);
    }

    [SampleFact]
    public async Task A_document_without_statements_is_refused()
    {
        var refusal = await Reading.Refusal(Samples.Bytes("camt/camt053.v2.wrong.xml"));
        Assert.Contains("Stmt", refusal.Expected, StringComparison.Ordinal);
    }

    [SampleFact]
    public async Task A_notification_reads_as_one_and_keeps_the_reference_by_which_its_statement_meets_it()
    {
        var reading = await Reading.Of(Samples.Bytes("camt/camt054.v8.xml"));
        Assert.Equal("camt.054.001.08", reading.Format);
        Assert.All(reading.Opened, opened => Assert.Equal(StatementKind.Notification, opened.Kind));
        Assert.Equal("ACSR160617103200001", reading.Entries[0].EntryReference);
        Assert.Equal(BalanceVerdict.NotStated, reading.Closed[0].Balance);
    }
}
