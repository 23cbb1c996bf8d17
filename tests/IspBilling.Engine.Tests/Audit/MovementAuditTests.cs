using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using IspBilling.Engine.Tests.StatementImports;
using IspBilling.Postgres.Audit;

namespace IspBilling.Engine.Tests.Audit;

/// <summary>A movement of the bank that is there twice, or not at all, is seen whatever the import took it for.</summary>
public sealed class MovementAuditTests : IAsyncLifetime
{
    private const string Own = "2000145399/2010", Twin = "999.1";
    private static readonly VariableSymbol First = new(7001), Second = new(7002);

    private Bank _bank = null!;

    /// <summary>Three days from 1,000.00: 499.00 and 300.00; 200.00; 77.00 and 78.00 for nobody. The second is in the middle.</summary>
    public async Task InitializeAsync()
    {
        _bank = await Bank.Open();
        await _bank.Debtor(1, First.Value);
        await _bank.Debtor(2, Second.Value);
        await _bank.ImportItems(Statement(
            1_000, Paid("11", 499, "2026-02-17", First), Paid("12", 300, "2026-02-17", Second), Paid("13", 200, "2026-02-18", First), Paid("14", 77, "2026-02-19"),
            Paid("15", 78, "2026-02-19")));
    }

    public async Task DisposeAsync() => await _bank.DisposeAsync();

    [Fact]
    public async Task Books_that_nobody_touched_are_clean() => Assert.Empty(await _bank.Findings());

    [Theory]
    [InlineData("2026-02-19", "DELETE FROM statement_entries WHERE entry_reference = '14'")]
    [InlineData("2026-02-19", "UPDATE statement_entries SET amount = amount + 1 WHERE entry_reference = '14'")]
    [InlineData("2026-02-19", "UPDATE statement_entries SET direction = 1 WHERE entry_reference = '14'")]
    [InlineData("2026-02-19", "UPDATE bank_statements SET closings[3] = closings[3] + 1")]
    [InlineData("2026-02-18", "UPDATE bank_statements SET closings[2] = closings[2] + 1")]
    public async Task What_a_day_s_balances_do_not_say_is_named(string day, string tampering)
    {
        await _bank.Tamper(tampering);

        var finding = Assert.Single(await _bank.Findings());
        Assert.Equal((AuditCode.MovementsDiffer, $"account -2000145399/2010, CZK, {day}"), (finding.Code, finding.Subject));
    }

    [Fact]
    public async Task A_movement_that_is_there_twice_is_named_by_its_day_and_by_its_id()
    {
        await _bank.Copy("14", Twin);

        var findings = await _bank.Findings();

        Assert.Equal([AuditCode.MovementRepeated, AuditCode.MovementsDiffer], findings.Select(finding => finding.Code).Order());
        Assert.Equal("one entry", findings.Single(finding => finding.Code == AuditCode.MovementRepeated).Expected);
        Assert.Equal("23200 in 3 entries", findings.Single(finding => finding.Code == AuditCode.MovementsDiffer).Found);
    }

    [Fact]
    public async Task An_id_with_zeros_before_it_is_the_same_id()
    {
        await _bank.Copy("14", Twin);
        await _bank.Tamper("UPDATE statement_entries SET bank_reference = '0014' WHERE identity = '999.1'");

        var repeated = Assert.Single(await _bank.Findings(), finding => finding.Code == AuditCode.MovementRepeated);

        Assert.Equal("account -2000145399/2010, bank's id 14", repeated.Subject);
    }

    [Fact]
    public async Task A_copy_that_waits_or_was_closed_is_none_and_one_that_a_person_booked_is()
    {
        await _bank.Copy("14", Twin);
        await _bank.Tamper("UPDATE statement_entries SET is_doubtful = true WHERE identity = '999.1'");
        Assert.Empty(await _bank.Findings());

        await _bank.Tamper("UPDATE statement_entries SET state = 3 WHERE identity = '999.1'");
        Assert.Empty(await _bank.Findings());

        await _bank.Tamper("UPDATE statement_entries SET state = 2 WHERE identity = '999.1'");
        Assert.IsType<EntryAssigned>(await _bank.Desk.Assign(await _bank.IdOf(Twin), new AccountId(1), Clerk.Eva, default));
        Assert.Equal([AuditCode.MovementRepeated, AuditCode.MovementsDiffer], (await _bank.Findings()).Select(finding => finding.Code).Order());
    }

    [Fact]
    public async Task Days_that_several_statements_tell_are_compared_with_what_they_tell_together()
    {
        await _bank.ImportItems(Statement(2_076, Paid("15", 78, "2026-02-19"), Paid("16", 50, "2026-02-19"), Paid("17", 60, "2026-02-20")));
        await _bank.ImportItems(Statement(2_264, Paid("18", 10, "2026-02-20")));
        Assert.Empty(await _bank.Findings());

        await _bank.Tamper("DELETE FROM statement_entries WHERE entry_reference = '18'");

        Assert.Equal("account -2000145399/2010, CZK, 2026-02-20", Assert.Single(await _bank.Findings()).Subject);
    }

    [Fact]
    public async Task Parts_of_a_day_between_which_a_file_was_never_imported_are_compared_with_what_each_tells()
    {
        await _bank.ImportItems(Statement(5_000, Paid("21", 10, "2026-03-02"), Paid("22", 20, "2026-03-02")));
        await _bank.ImportItems(Statement(6_000, Paid("23", 40, "2026-03-02")));
        await _bank.ImportItems(Statement(6_040, Paid("24", 80, "2026-03-02")));
        Assert.Empty(await _bank.Findings());

        await _bank.Tamper("DELETE FROM statement_entries WHERE entry_reference = '24'");

        Assert.Equal("account -2000145399/2010, CZK, 2026-03-02", Assert.Single(await _bank.Findings()).Subject);
    }

    [Theory]
    [InlineData("UPDATE statement_entry_parts SET account_id = 3 - account_id", "part ")]
    [InlineData("UPDATE statement_entries SET account_id = 2 WHERE entry_reference = '11'", "part ")]
    [InlineData("UPDATE statement_entry_parts SET amount = CASE part WHEN 1 THEN amount + 1 ELSE amount - 1 END", "part ")]
    [InlineData("UPDATE statement_entries SET state = 0 WHERE entry_reference = '15'", "entry ")]
    [InlineData("INSERT INTO statement_entry_parts (entry, part, account_id, amount) SELECT id, 1, 1, 1 FROM statement_entries WHERE entry_reference = '15'", "entry ")]
    public async Task Parts_are_one_payment_each_on_their_account_and_an_entry_is_in_one_state(string tampering, string subject)
    {
        await _bank.Desk.Split((await _bank.Entry("14")).Id, [new EntryShare(new AccountId(1), Money.Czk(40)), new EntryShare(new AccountId(2), Money.Czk(37))], Clerk.Eva, default);
        Assert.Empty(await _bank.Findings());

        await _bank.Tamper(tampering);

        var findings = await _bank.Findings();
        Assert.NotEmpty(findings);
        Assert.All(findings, finding => Assert.Equal(AuditCode.EntryDiffers, finding.Code));
        Assert.All(findings, finding => Assert.StartsWith(subject, finding.Subject, StringComparison.Ordinal));
    }

    private static StatementEntryRead Paid(string id, decimal amount, string on, VariableSymbol? symbol = null) =>
        new(Bank.Paid(id, amount, on, symbol) with { OwnAccount = Own }) { Facts = EntryFacts.None with { Reference = new BankReference(id, ReferenceTrust.Unique) } };

    private static StatementItem[] Statement(decimal opening, params StatementEntryRead[] entries)
    {
        var (at, placed) = (Money.Czk(opening), new List<StatementItem>());
        foreach (var entry in entries)
        {
            placed.Add(entry with { Facts = entry.Facts with { BalanceBefore = at } });
            at += entry.Entry.Amount;
        }

        var (first, last) = (entries[0].Entry.BookedOn, entries[^1].Entry.BookedOn);
        return
        [
            new StatementOpened(Own, Currency.Czk, last.DayOfYear.ToString(CultureInfo.InvariantCulture), Money.Czk(opening), first.AddDays(-1)), .. placed,
            new StatementClosed(Own, at, last) { Balance = BalanceVerdict.Proven, Entries = entries.Length },
        ];
    }
}
