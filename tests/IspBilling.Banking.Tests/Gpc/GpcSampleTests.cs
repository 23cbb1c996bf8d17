using IspBilling.Domain;

namespace IspBilling.Banking.Tests.Gpc;

public sealed class GpcSampleTests
{
    [SampleFact]
    public async Task A_real_statement_of_Fio_reads_to_its_totals()
    {
        var reading = await Reading.Of(Samples.Bytes("gpc/fio-real-2017-names-replaced.gpc"));
        Assert.Equal(35, reading.Entries.Count);
        Assert.Equal(550_948.00m, reading.Credits);
        Assert.Equal(187_008.64m, reading.Debits);
        Assert.Equal(30, reading.Entries.Count(entry => entry.VariableSymbol is not null));
        Assert.Empty(reading.Warnings);

        var opened = Assert.Single(reading.Opened);
        Assert.Equal("2501129872/2010", opened.OwnAccount);
        Assert.Equal(Money.Czk(0), opened.Opening);
        var closed = Assert.Single(reading.Closed);
        Assert.Equal(Money.Czk(363_939.36m), closed.Closing);
        Assert.Equal(new DateOnly(2017, 5, 4), closed.ClosedOn);

        var first = reading.Entries[0];
        Assert.Equal("13874030997", first.EntryReference);
        Assert.Equal("Vklad v hotovosti", first.Message);
        Assert.Equal(new DateOnly(2017, 1, 3), first.BookedOn);
        Assert.Equal("Poplatek za výběr a", reading.Entries[2].Message);
        Assert.Equal(35, reading.Entries.Select(entry => entry.EntryReference).Distinct().Count());
        Assert.Contains(reading.Entries, entry => entry.CounterAccount == "7704-77621761/0710");
    }

    [SampleFact]
    public async Task Entries_of_another_account_than_the_header_are_refused()
    {
        var refusal = await Reading.Refusal(Samples.Bytes("gpc/jan-oubram-sample.gpc"));
        Assert.Equal("record 2", refusal.Position);
        Assert.Contains("the statement's account", refusal.Expected, StringComparison.Ordinal);
    }

    [SampleFact]
    public async Task A_header_shifted_by_two_is_refused_at_the_first_field_behind_the_shift()
    {
        var refusal = await Reading.Refusal(Samples.Bytes("gpc/basic_format.abo"));
        Assert.Equal("record 1, position 40–45", refusal.Position);
        Assert.Equal("\"  2008\"", refusal.Found);
    }

    [SampleFact]
    public async Task What_only_starts_like_GPC_is_refused_at_its_first_record()
    {
        var refusal = await Reading.Refusal(Samples.Bytes("gpc/malformed.abo"));
        Assert.Equal("record 1", refusal.Position);
        Assert.Contains("128 bytes", refusal.Expected, StringComparison.Ordinal);
    }

    [SampleFact]
    public async Task An_empty_file_is_refused_with_the_list_of_formats()
    {
        var refusal = await Reading.Refusal(Samples.Bytes("gpc/empty.abo"));
        Assert.Equal("an empty file", refusal.Found);
        Assert.Contains(StatementReaders.SupportedFormats, refusal.Expected, StringComparison.Ordinal);
        Assert.Equal("record 1, position 1", refusal.Position);
    }
}
