using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using static IspBilling.Banking.Tests.Camt.CamtText;

namespace IspBilling.Banking.Tests.Camt;

public sealed class CamtReaderTests
{
    private const string OwnAccount = "CZ5508000000001265098001";

    private const string Payer =
        "<Dbtr><Nm>Novák Jan</Nm></Dbtr><DbtrAcct><Id><IBAN>CZ65 0800 0000 1920 0014 5399</IBAN></Id></DbtrAcct>"
        + "<Cdtr><Nm>Poskytovatel</Nm></Cdtr><CdtrAcct><Id><IBAN>CZ5508000000001265098001</IBAN></Id></CdtrAcct>";

    [Fact]
    public async Task Given_one_credit_when_read_then_every_field_has_its_place()
    {
        var transaction = Transaction(
            "<AcctSvcrRef>T1</AcctSvcrRef><EndToEndId>/VS7/SS42/KS308</EndToEndId><TxId>X9</TxId>", parties: Payer,
            remittance: "<Ustrd>Platba za</Ustrd><Ustrd>internet</Ustrd>");
        var reading = await Reading.Of(Document(Statement(Entry(Batch(transaction)), closing: 1499)));

        Assert.Equal("camt.053.001.02", reading.Format);
        Assert.Empty(reading.Warnings);
        var opened = Assert.Single(reading.Opened);
        Assert.Equal((OwnAccount, Currency.Czk, "2"), (opened.OwnAccount, opened.Currency, opened.StatementNumber));
        Assert.Equal((Money.Czk(1000), new DateOnly(2026, 1, 31)), (opened.Opening!.Value, opened.OpenedOn!.Value));
        Assert.Equal(
            new StatementEntry(
                OwnAccount, "R1", Money.Czk(499), EntryDirection.Credit, IsReversal: false, new DateOnly(2026, 2, 1), new DateOnly(2026, 1, 31),
                "CZ6508000000192000145399", "Novák Jan", new VariableSymbol(7), "308", "42", "Platba za internet", "X9", "record 1, line 7"),
            Assert.Single(reading.Entries));
        Assert.Equal(Money.Czk(1499), Assert.Single(reading.Closed).Closing);
    }

    [Theory]
    [InlineData("02", "<Sts>BOOK</Sts>", 1)]
    [InlineData("04", "<Sts>PDNG</Sts>", 0)]
    [InlineData("08", "<Sts><Cd>BOOK</Cd></Sts>", 1)]
    [InlineData("08", "<Sts><Cd>PDNG</Cd></Sts>", 0)]
    [InlineData("08", "<Sts><Cd>FUTR</Cd></Sts>", 0)]
    [InlineData("02", "<Sts>INFO</Sts>", 0)]
    [InlineData("02", "", 1)]
    public async Task Given_a_status_then_only_booked_entries_are_read_and_a_missing_one_means_booked(string version, string status, int entries)
    {
        var reading = await Reading.Of(Document(Statement(Entry(status: status)), version));
        Assert.Equal(entries, reading.Entries.Count);
        Assert.Equal(1 - entries, reading.Closed[0].LeftOut.Sum(left => left.Count));
        Assert.Equal(1 - entries, reading.Warnings.Count);
    }

    [Theory]
    [InlineData("<EndToEndId>/VS2/SS/KS</EndToEndId>", "VS:1", "<Ustrd>VS: 4</Ustrd>", 1)]
    [InlineData("<EndToEndId>/VS2/SS/KS</EndToEndId><Prtry><Tp>VS</Tp><Ref>3</Ref></Prtry>", "", "<Ustrd>VS: 4</Ustrd>", 2)]
    [InlineData("<EndToEndId>/SS9</EndToEndId><Prtry><Tp>VS</Tp><Ref>3</Ref></Prtry>", "", "<Ustrd>VS: 4</Ustrd>", 3)]
    [InlineData("<EndToEndId>NOTPROVIDED</EndToEndId>", "SCOR123", "<Ustrd>platba VS: 4, dekuji</Ustrd>", 4)]
    [InlineData("<EndToEndId>/VS0000000000/SS/KS</EndToEndId>", "VS:0", "<Ustrd>vs4</Ustrd>", 4)]
    [InlineData("<EndToEndId>123</EndToEndId><Prtry><Tp>LegalSequenceNumber</Tp><Ref>100</Ref></Prtry>", "4654654654654654", "<Ustrd>faktura 5, AVS 6, VS 12345678901</Ustrd>", null)]
    public async Task Given_symbols_in_several_places_then_the_most_reliable_wins(string references, string structured, string text, int? expected)
    {
        var transaction = Transaction(references, remittance: text + (structured.Length > 0 ? Structured(structured) : ""));
        var entry = Assert.Single((await Reading.Of(Document(Statement(Entry(Batch(transaction)))))).Entries);
        Assert.Equal((long?)expected, entry.VariableSymbol?.Value);
    }

    [Fact]
    public async Task Given_one_structured_reference_for_each_symbol_then_all_three_are_read()
    {
        var transaction = Transaction(remittance: Structured("VS:0000000123") + Structured("KS:0308") + Structured("SS:9"));
        var entry = Assert.Single((await Reading.Of(Document(Statement(Entry(Batch(transaction)))))).Entries);
        Assert.Equal((new VariableSymbol(123), "308", "9"), (entry.VariableSymbol!.Value, entry.ConstantSymbol!, entry.SpecificSymbol!));
    }

    [Fact]
    public async Task Given_a_reversal_then_its_direction_is_real_already_and_the_payer_is_still_the_debtor()
    {
        var entry = Entry(Batch(Transaction(parties: Payer)), direction: "DBIT", head: "<RvslInd>true</RvslInd>");
        var reading = await Reading.Of(Document(Statement(entry, closing: 501)));
        var read = Assert.Single(reading.Entries);
        Assert.Equal((EntryDirection.Debit, true), (read.Direction, read.IsReversal));
        Assert.Equal("CZ6508000000192000145399", read.CounterAccount);
        Assert.Empty(reading.Warnings);
    }

    [Fact]
    public async Task Given_a_return_then_it_is_a_reversal()
    {
        var transaction = Transaction("<EndToEndId>E2E-77</EndToEndId>", rest: "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>");
        var entry = Assert.Single((await Reading.Of(Document(Statement(Entry(Batch(transaction)))))).Entries);
        Assert.True(entry.IsReversal);
        Assert.Equal("E2E-77", entry.OrderReference);
    }

    [Theory]
    [InlineData("02")]
    [InlineData("04")]
    public async Task Given_a_batch_that_adds_up_then_each_transaction_is_an_entry_of_its_own(string version)
    {
        var transactions = new[] { 100m, 150.50m, 248.50m }.Select((amount, i) => Transaction(
            $"<EndToEndId>/VS{i + 1}/SS/KS</EndToEndId>", amount: version == "02" ? null : amount, detailsAmount: amount));
        var reading = await Reading.Of(Document(Statement(Entry(Batch(transactions)), closing: 1499), version));
        Assert.Equal([1, 2, 3], reading.Entries.Select(entry => entry.VariableSymbol!.Value.Value));
        Assert.Equal(["R1/1", "R1/2", "R1/3"], reading.Entries.Select(entry => entry.EntryReference));
        Assert.Equal(499m, reading.Credits);
        Assert.Empty(reading.Warnings);
    }

    [Fact]
    public async Task Given_a_batch_that_does_not_add_up_then_the_entry_stays_whole_and_a_warning_says_so()
    {
        var transactions = new[] { 100m, 150m }.Select(amount => Transaction("<EndToEndId>/VS5</EndToEndId>", detailsAmount: amount));
        var reading = await Reading.Of(Document(Statement(Entry(Batch(transactions)), closing: 1499)));
        var entry = Assert.Single(reading.Entries);
        Assert.Equal(Money.Czk(499), entry.Amount);
        Assert.Null(entry.VariableSymbol);
        Assert.Contains("do not add up", Assert.Single(reading.Warnings).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_a_batch_larger_than_the_limit_then_the_entry_stays_whole_and_a_warning_says_so()
    {
        var options = new StatementReaderOptions { Limits = new() { BatchDetailsMax = 2 } };
        var transactions = Enumerable.Repeat(Transaction(detailsAmount: 100), 3);
        var reading = await Reading.Of(Document(Statement(Entry(Batch(transactions), amount: 300))), options);
        Assert.Equal(Money.Czk(300), Assert.Single(reading.Entries).Amount);
        Assert.Single(reading.Warnings);
    }

    [Fact]
    public async Task Given_one_fee_told_in_two_groups_then_it_is_one_entry()
    {
        var details = Batch(Transaction("<EndToEndId>/VS5</EndToEndId>", detailsAmount: 499)) + Batch(Transaction(detailsAmount: 499, remittance: "<Ustrd>Poplatok</Ustrd>"));
        var reading = await Reading.Of(Document(Statement(Entry(details, direction: "DBIT"), closing: 501)));
        var entry = Assert.Single(reading.Entries);
        Assert.Equal(("Poplatok", 5L), (entry.Message!, entry.VariableSymbol!.Value.Value));
        Assert.Empty(reading.Warnings);
    }

    [Fact]
    public async Task Given_several_days_in_a_statement_then_the_earliest_opening_and_the_latest_closing_count()
    {
        var balances = Balance("CLBD", 1499, "2026-02-03") + Balance("CLBD", 1200, "2026-02-02") + Balance("OPBD", 700, "2026-01-30");
        var reading = await Reading.Of(Document(Statement(balances + Entry(amount: 799))));
        Assert.Equal(Money.Czk(700), Assert.Single(reading.Opened).Opening);
        Assert.Equal((Money.Czk(1499), new DateOnly(2026, 2, 3)), (reading.Closed[0].Closing!.Value, reading.Closed[0].ClosedOn!.Value));
        Assert.Empty(reading.Warnings);
    }

    [Theory]
    [InlineData("8.85000", true)]
    [InlineData("8.8", true)]
    [InlineData("8.851", false)]
    [InlineData("8,85", false)]
    [InlineData("-8.85", false)]
    [InlineData("1e3", false)]
    [InlineData("999999999999999999999999", false)]
    public async Task Given_decimals_beyond_the_currency_then_only_zeros_are_read(string amount, bool isRead)
    {
        var text = Document(Statement(Entry().Replace("499.00", amount, StringComparison.Ordinal)));
        if (isRead) Assert.Single((await Reading.Of(text)).Entries);
        else Assert.StartsWith("record 1, line 7", (await Reading.Refusal(text)).Position, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_a_local_account_and_a_bank_apart_then_they_are_joined()
    {
        const string parties = "<DbtrAcct><Id><Othr><Id>0000192000145399</Id></Othr></Id></DbtrAcct>";
        const string agents = "<DbtrAgt><FinInstnId><Othr><Id>0800</Id></Othr></FinInstnId></DbtrAgt>";
        var entry = Assert.Single((await Reading.Of(Document(Statement(Entry(Batch(Transaction(parties: parties, agents: agents))))))).Entries);
        Assert.Equal("19-2000145399/0800", entry.CounterAccount);
    }

    [Fact]
    public async Task Given_a_debit_then_the_creditor_is_the_other_side()
    {
        const string parties = "<Dbtr><Nm>My</Nm></Dbtr><Cdtr><Nm>Dodavatel</Nm></Cdtr><CdtrAcct><Id><Othr><Id>19-2000145399/0800</Id></Othr></Id></CdtrAcct>";
        var entry = Assert.Single((await Reading.Of(Document(Statement(Entry(Batch(Transaction(parties: parties)), direction: "DBIT"))))).Entries);
        Assert.Equal(("19-2000145399/0800", "Dodavatel"), (entry.CounterAccount!, entry.CounterName!));
    }

    [Fact]
    public async Task Given_a_prefix_for_the_namespace_and_blanks_and_a_mark_before_the_declaration_then_it_reads()
    {
        var text = Document(Statement(Entry()))
            .Replace(" xmlns=", " xmlns:n=", StringComparison.Ordinal)
            .Replace("</", "\u0001", StringComparison.Ordinal)
            .Replace("<?", "\u0002", StringComparison.Ordinal)
            .Replace("<", "<n:", StringComparison.Ordinal)
            .Replace("\u0001", "</n:", StringComparison.Ordinal)
            .Replace("\u0002", "<?", StringComparison.Ordinal);
        Assert.Single((await Reading.Of("\uFEFF \r\n" + text)).Entries);
    }

    [Fact]
    public async Task Given_UTF_16_then_it_reads()
    {
        var text = Document(Statement(Entry())).Replace("UTF-8", "UTF-16", StringComparison.Ordinal);
        var bytes = System.Text.Encoding.Unicode.GetPreamble().Concat(System.Text.Encoding.Unicode.GetBytes(text)).ToArray();
        Assert.Single((await Reading.Of(bytes)).Entries);
    }

    [Fact]
    public async Task Given_no_dates_then_the_entry_is_refused_and_with_a_value_date_only_it_is_read()
    {
        Assert.Equal(new DateOnly(2026, 1, 31), Assert.Single((await Reading.Of(Document(Statement(Entry(dates: "<ValDt><DtTm>2026-01-31T23:30:00+01:00</DtTm></ValDt>"))))).Entries).BookedOn);
        Assert.Contains("booking date", (await Reading.Refusal(Document(Statement(Entry(dates: ""))))).Expected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a DTD", "<!DOCTYPE Document [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\">&x;</Document>")]
    [InlineData("no statement", "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt/></Document>")]
    [InlineData("a version to come", "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.99\"/>")]
    [InlineData("another document", "<html><body/></html>")]
    [InlineData("an open end", "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt><Stmt>")]
    [InlineData("no account", "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt><Stmt/></BkToCstmrStmt></Document>")]
    public async Task Given_something_else_then_it_is_refused(string what, string text)
    {
        Assert.NotEmpty(what);
        var refusal = await Reading.Refusal(text);
        Assert.NotEmpty(refusal.Position);
    }

    [Fact]
    public async Task Given_an_entry_in_another_currency_then_it_is_refused()
    {
        var refusal = await Reading.Refusal(Document(Statement(Entry(currency: "EUR"))));
        Assert.Equal("an amount in CZK", refusal.Expected);
    }

    [Fact]
    public async Task Given_elements_without_end_then_the_depth_is_bounded()
    {
        var refusal = await Reading.Refusal(Document(Statement(string.Concat(Enumerable.Repeat("<a>", 1000)))));
        Assert.Contains("64 deep", refusal.Expected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<AddtlNtryInf>", "</AddtlNtryInf>")]
    [InlineData("<Sts x=\"", "\"/>")]
    public async Task Given_a_text_or_an_attribute_without_end_then_its_length_is_bounded(string before, string after)
    {
        var refusal = await Reading.Refusal(Document(Statement(Entry(before + new string('x', 300_000) + after))));
        Assert.Contains("a tag at least every", refusal.Expected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("02", "CRDT", 1474, "<Chrgs><Amt Ccy=\"CZK\">26.00</Amt></Chrgs>")]
    [InlineData("08", "CRDT", 1474, "<Chrgs><Rcrd><Amt Ccy=\"CZK\">20.00</Amt></Rcrd><Rcrd><Amt Ccy=\"CZK\">6.00</Amt></Rcrd></Chrgs>")]
    [InlineData("02", "DBIT", 1526, "<Chrgs><Amt Ccy=\"CZK\">26.00</Amt></Chrgs>")]
    public async Task Given_charges_then_what_moved_is_booked_and_they_are_kept_apart(string version, string direction, int moved, string charges)
    {
        var transaction = Transaction(detailsAmount: 1500, rest: charges);
        var closing = direction == "CRDT" ? 1000 + moved : 1000 - moved;
        var reading = await Reading.Of(Document(Statement(Entry(Batch(transaction), amount: moved, direction: direction), closing: closing), version));
        Assert.Equal(Money.Czk(moved), Assert.Single(reading.Entries).Amount);
        Assert.Equal(Money.Czk(26), reading.Facts[0].Charges);
        Assert.Empty(reading.Warnings);
    }

    [Fact]
    public async Task Given_a_difference_that_no_charge_explains_then_a_warning_says_so()
    {
        var reading = await Reading.Of(Document(Statement(Entry(Batch(Transaction(detailsAmount: 1500)), amount: 1474))));
        Assert.Contains("the entry counts", Assert.Single(reading.Warnings).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("053", "14", StatementKind.Statement)]
    [InlineData("054", "02", StatementKind.Notification)]
    [InlineData("054", "14", StatementKind.Notification)]
    public async Task Given_a_version_from_02_to_14_then_it_is_read(string message, string version, StatementKind kind)
    {
        var text = Document(Statement(Entry(status: version == "02" ? "<Sts>BOOK</Sts>" : "<Sts><Cd>BOOK</Cd></Sts>")), version);
        var reading = await Reading.Of(message == "054" ? Notification(text) : text);
        Assert.Equal($"camt.{message}.001.{version}", reading.Format);
        Assert.Equal(kind, reading.Opened[0].Kind);
        Assert.Equal("R1", Assert.Single(reading.Entries).EntryReference);
    }

    [Fact]
    public async Task Given_a_notification_without_a_reference_then_its_money_is_left_to_the_statement()
    {
        var reading = await Reading.Of(Notification(Document(Statement(Entry() + Entry(reference: "") + Entry(reference: "<AcctSvcrRef>0</AcctSvcrRef>")))));
        Assert.Equal("R1", Assert.Single(reading.Entries).EntryReference);
        Assert.Equal(new LeftOut("no bank reference", 2), Assert.Single(reading.Closed[0].LeftOut));
    }

    [Fact]
    public async Task Given_a_notification_and_its_statement_then_they_meet_by_account_and_reference()
    {
        var text = Document(Statement(Entry(Batch(Transaction("<AcctSvcrRef>T1</AcctSvcrRef>", detailsAmount: 99), Transaction("<AcctSvcrRef>T2</AcctSvcrRef>", detailsAmount: 400)))));
        var (statement, notification) = (await Reading.Of(text), await Reading.Of(Notification(text)));
        Assert.Equal(statement.Opened[0].Account, notification.Opened[0].Account);
        Assert.Equal(["T1", "T2"], notification.Facts.Select(facts => facts.Reference!.Text));
        Assert.Equal(statement.Facts.Select(facts => (facts.Reference, facts.Batch)), notification.Facts.Select(facts => (facts.Reference, facts.Batch)));
    }

    [Theory]
    [InlineData("OPBD", "ITBD", 1000, 1499)]
    [InlineData("ITBD", "CLBD", 1000, 1499)]
    [InlineData("ITBD", "ITBD", 1000, 1499)]
    public async Task Given_a_part_of_a_day_then_its_interim_balance_opens_or_closes_it(string first, string last, int opening, int closing)
    {
        var text = Document(Statement("", opening: opening, closing: closing).Replace("OPBD", first, StringComparison.Ordinal).Replace("CLBD", last, StringComparison.Ordinal)
            .Replace("</Stmt>", Entry() + "</Stmt>", StringComparison.Ordinal));
        var reading = await Reading.Of(text);
        Assert.Equal((Money.Czk(opening), Money.Czk(closing), BalanceVerdict.Proven), (reading.Opened[0].Opening!.Value, reading.Closed[0].Closing!.Value, reading.Closed[0].Balance));
    }

    [Fact]
    public async Task Given_blank_fields_that_nothing_depends_on_then_the_file_is_read()
    {
        var entry = Entry(Batch(Transaction("<EndToEndId/><TxId> </TxId>", parties: "<Dbtr><Nm/></Dbtr>")), dates: "<BookgDt><Dt>2026-02-01</Dt></BookgDt><ValDt><Dt>0000-00-00</Dt></ValDt>");
        var text = Document(Statement(entry)).Replace("<LglSeqNb>2</LglSeqNb>", "<LglSeqNb/>", StringComparison.Ordinal).Replace("<Dt>2026-01-31</Dt>", "<Dt>x</Dt>", StringComparison.Ordinal);
        var reading = await Reading.Of(text);
        Assert.Equal(new DateOnly(2026, 2, 1), Assert.Single(reading.Entries).ValueOn);
        Assert.Equal(("S1", null), (reading.Opened[0].StatementNumber, reading.Opened[0].OpenedOn));
    }

    [Fact]
    public async Task Given_a_balance_without_its_sign_then_the_refusal_says_that()
    {
        var text = Document(Statement("")).Replace("<CdtDbtInd>CRDT</CdtDbtInd>", "", StringComparison.Ordinal);
        Assert.StartsWith("no sign", (await Reading.Refusal(text)).Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_a_number_as_the_payers_id_then_it_is_no_symbol_and_is_shown()
    {
        var reading = await Reading.Of(Document(Statement(Entry(Batch(Transaction("<EndToEndId>2600000012</EndToEndId>"))))));
        Assert.Null(Assert.Single(reading.Entries).VariableSymbol);
        Assert.Equal(new UnusedText("EndToEndId", "2600000012"), Assert.Single(reading.Facts[0].Unused));
    }

    [Fact]
    public async Task Given_a_batch_that_the_bank_only_counts_then_the_entry_tells_how_many_it_holds()
    {
        var reading = await Reading.Of(Document(Statement(Entry("<NtryDtls><Btch><PmtInfId>P1</PmtInfId><NbOfTxs>5</NbOfTxs></Btch></NtryDtls>"))));
        Assert.Equal(new BatchPart("R1", 5, null), reading.Facts[0].Batch);
    }

    [Fact]
    public async Task Given_one_payment_told_of_a_batch_of_five_then_its_symbol_is_not_that_of_the_whole()
    {
        var details = "<NtryDtls><Btch><NbOfTxs>5</NbOfTxs></Btch>" + Transaction("<EndToEndId>/VS7/SS/KS</EndToEndId>", detailsAmount: 99) + "</NtryDtls>";
        var reading = await Reading.Of(Document(Statement(Entry(details))));
        Assert.Null(Assert.Single(reading.Entries).VariableSymbol);
        Assert.Equal(5, reading.Facts[0].Batch!.Count);
        Assert.Contains("stays whole", Assert.Single(reading.Warnings).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_the_own_account_in_the_role_of_the_payer_then_the_other_role_is_the_other_side()
    {
        const string swapped = "<Dbtr><Nm>My</Nm></Dbtr><DbtrAcct><Id><IBAN>CZ5508000000001265098001</IBAN></Id></DbtrAcct><Cdtr><Nm>Novák</Nm></Cdtr>";
        var entry = Assert.Single((await Reading.Of(Document(Statement(Entry(Batch(Transaction(parties: swapped))))))).Entries);
        Assert.Equal(("Novák", null), (entry.CounterName!, entry.CounterAccount));
    }

    [Theory]
    [InlineData("<EndToEndId>VS123</EndToEndId>", "", null, "CZ6508000000192000145399")]
    [InlineData("<EndToEndId>/VS123/SS/KS</EndToEndId>", "", 123L, "CZ6508000000192000145399")]
    [InlineData("", "<Ustrd>VS 260 000 0012</Ustrd>", 260L, "CZ6508000000192000145399")]
    public async Task Given_an_entry_without_a_reference_then_it_keeps_what_its_name_was_made_of_before(string references, string text, long? variable, string counter)
    {
        var transaction = Transaction(references, parties: Payer, remittance: text);
        var reading = await Reading.Of(Document(Statement(Entry(Batch(transaction), reference: ""))));
        var before = reading.Facts[0].AsReadBefore ?? reading.Entries[0];
        Assert.Equal((variable, counter), (before.VariableSymbol?.Value, before.CounterAccount!));
        Assert.Equal(before.VariableSymbol == reading.Entries[0].VariableSymbol, reading.Facts[0].AsReadBefore is null);
    }

    [Fact]
    public async Task Given_a_number_of_a_foreign_bank_then_its_name_before_had_the_dash_of_a_Czech_one()
    {
        const string parties = "<Dbtr><Nm>X</Nm></Dbtr><DbtrAcct><Id><Othr><Id>29501800020582</Id></Othr></Id></DbtrAcct>";
        var reading = await Reading.Of(Document(Statement(Entry(Batch(Transaction(parties: parties)), reference: ""))));
        Assert.Equal("29501800020582", Assert.Single(reading.Entries).CounterAccount);
        Assert.Equal("2950-1800020582", reading.Facts[0].AsReadBefore!.CounterAccount);
    }
}
