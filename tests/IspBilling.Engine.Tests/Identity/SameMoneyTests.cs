using System.Text.RegularExpressions;
using IspBilling.Banking;
using IspBilling.Banking.Gpc;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using IspBilling.Postgres.Imports;
using IspBilling.Postgres.Migrations;
using IspBilling.TestKit;

namespace IspBilling.Engine.Tests.Identity;

/// <summary>Files that tell of the same money, or of money that must not be mistaken for it, read into a database.</summary>
public sealed class SameMoneyTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly string[] Accounts = ["19-2000145399/0800", "1000000013/5500", "1000000013/0300", "2000145399/5500", "2000145399/2010", "1000000005/5500", "2801387443/2010"];

    private TestDatabase _database = null!;
    private PostgresStatementImportStore _store = null!;

    public async Task InitializeAsync()
    {
        _database = await postgres.NewDatabase(MigrationSet.OfProgram);
        _store = new PostgresStatementImportStore(_database.Source);
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [HandedCaseTheory]
    [InlineData("dup1-daily.gpc dup2-monthly.gpc dup3.camt.xml", 499_00)]
    [InlineData("dup3.camt.xml dup1-daily.gpc dup2-monthly.gpc", 499_00)]
    [InlineData("dup2-monthly.gpc dup3.camt.xml dup1-daily.gpc", 499_00)]
    [InlineData("e1-short.gpc e2-extended.gpc e3-with-078.gpc", 179_64)]
    [InlineData("e3-with-078.gpc e2-extended.gpc e1-short.gpc", 179_64)]
    [InlineData("B7a-1.gpc B7a-2.gpc", 499_00)]
    [InlineData("B7d.json B7d.xml", 499_00)]
    [InlineData("B7d.xml B7d.json", 499_00)]
    [InlineData("B8-021.gpc B8-022.gpc", 998_00)]
    [InlineData("B8-022.gpc B8-021.gpc", 998_00)]
    [InlineData("B12b-1.xml B12b-2.xml", 998_00)]
    [InlineData("B12b-2.xml B12b-1.xml", 998_00)]
    [InlineData("V28a.xml V28b.xml", 998_00)]
    [InlineData("B6-1.xml B6-2.xml", 100_00)]
    [InlineData("B6-2.xml B6-1.xml", 100_00)]
    [InlineData("B1-fio.gpc B1-fio.json", 499_00)]
    [InlineData("B1-fio.json B1-fio.gpc", 499_00)]
    [InlineData("j12-dup-id.json j12-dup-id.json", 10_00)]
    public async Task Money_that_several_files_tell_of_is_new_once_and_nothing_of_it_waits(string files, long minor)
    {
        foreach (var file in files.Split(' ')) await TakeIn(file, HandedCases.Read(file));
        Assert.Equal(minor, await _database.Scalar<long>("SELECT sum(amount)::bigint FROM statement_entries WHERE NOT is_doubtful"));
        Assert.Equal(0, await _database.Scalar<long>("SELECT count(*) FROM statement_entries WHERE is_doubtful"));
    }

    /// <summary>Nothing but balances and sums ties a batch without a reference to its payments: both wait, each knows the other, and one of them is booked.</summary>
    [HandedCaseTheory]
    [InlineData("B6-1.xml B6-2.xml", "62")]
    [InlineData("B6-1.xml B6-2.xml", "61")]
    [InlineData("B6-2.xml B6-1.xml", "61")]
    public async Task A_batch_without_a_reference_and_its_payments_doubt_each_other(string files, string number)
    {
        foreach (var (file, at) in files.Split(' ').Select((file, at) => (file, at)))
        {
            var text = Regex.Replace(System.Text.Encoding.UTF8.GetString(HandedCases.Read(file)), "<AcctSvcrRef>[^<]*</AcctSvcrRef>", "", RegexOptions.None, TimeSpan.FromSeconds(5));
            if (at == 1) text = text.Replace("<Stmt><Id>61</Id>", $"<Stmt><Id>{number}</Id>", StringComparison.Ordinal);
            await TakeIn(file, System.Text.Encoding.UTF8.GetBytes(text));
        }

        Assert.Equal(100_00, await _database.Scalar<long>("SELECT sum(amount)::bigint FROM statement_entries WHERE NOT is_doubtful"));
        Assert.Equal(100_00, await _database.Scalar<long>("SELECT sum(amount)::bigint FROM statement_entries WHERE is_doubtful"));
        var ids = Enumerable.Range(1, 3).ToList();
        var views = new List<EntryView>();
        foreach (var id in ids) views.Add((await _store.FindEntry(id, default))!);
        Assert.All(views, view => Assert.Equal(views.Where(other => other.IsDoubtful != view.IsDoubtful).Select(other => other.Id), view.MayBe));
    }

    [HandedCaseFact]
    public async Task A_batch_whose_payments_come_in_another_order_is_the_same_batch()
    {
        await TakeIn("B6-2.xml", HandedCases.Read("B6-2.xml"));
        var text = System.Text.Encoding.UTF8.GetString(HandedCases.Read("B6-2.xml"));
        var first = text[text.IndexOf("<TxDtls>", StringComparison.Ordinal)..(text.IndexOf("</TxDtls>", StringComparison.Ordinal) + "</TxDtls>".Length)];
        var second = text[(text.IndexOf("</TxDtls>", StringComparison.Ordinal) + "</TxDtls>".Length)..text.IndexOf("</NtryDtls>", StringComparison.Ordinal)];
        var again = await TakeIn("reordered.xml", System.Text.Encoding.UTF8.GetBytes(text.Replace(first + second, second + first, StringComparison.Ordinal)));
        Assert.Equal((2, 2), (again.Counts.Read, again.Counts.AlreadyKnown));
    }

    [HandedCaseFact]
    public async Task A_statement_of_nobodys_account_is_not_read_on() =>
        await Assert.ThrowsAsync<NobodysStatementException>(() => TakeIn("foreign-account-fio.csv", HandedCases.Read("foreign-account-fio.csv")));

    [Theory]
    [InlineData("054 053", 1)]
    [InlineData("053 054", 1)]
    [InlineData("940 053", 1)]
    [InlineData("053 940", 1)]
    [InlineData("054 054", 1)]
    public async Task A_notification_and_a_statement_in_any_format_tell_of_the_same_money(string order, int rows)
    {
        foreach (var (kind, at) in order.Split(' ').Select((kind, at) => (kind, at))) await TakeIn($"{at}.{kind}", System.Text.Encoding.UTF8.GetBytes(Told(kind, at)));
        Assert.Equal(rows, await _database.Scalar<long>("SELECT count(*) FROM statement_entries"));
    }

    [Fact]
    public async Task What_a_notification_tells_without_a_reference_waits_for_its_statement()
    {
        var notified = await TakeIn("1.054", System.Text.Encoding.UTF8.GetBytes(Told("054", 1).Replace("R900001", "0", StringComparison.Ordinal)));
        Assert.Equal(0, notified.Counts.Read);
        Assert.Equal((1, 0, 0), (await TakeIn("2.053", System.Text.Encoding.UTF8.GetBytes(Told("053", 1)))).Counts is var counts ? (counts.Read, counts.AlreadyKnown, counts.Suspense) : default);
    }

    [Fact]
    public async Task A_movement_that_a_second_format_tells_with_another_symbol_waits_for_a_person()
    {
        await TakeIn("1.053", System.Text.Encoding.UTF8.GetBytes(Told("053", 1)));
        var other = await TakeIn("2.940", System.Text.Encoding.UTF8.GetBytes(Told("940", 2).Replace("?210000000007", "?210000000008", StringComparison.Ordinal).Replace("R900001", "NONREF", StringComparison.Ordinal)));
        Assert.Equal((1, 0, 1), (other.Counts.Read, other.Counts.AlreadyKnown, other.Counts.Suspense));
        Assert.Contains(
            "tells this day from the same balance to the same balance and has no such entry",
            await _database.Scalar<string>("SELECT reason FROM statement_entries WHERE is_doubtful"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("053", "940")]
    [InlineData("940", "053")]
    public async Task The_only_movement_of_a_statement_told_under_another_day_waits_for_a_person(string first, string second)
    {
        await TakeIn($"1.{first}", System.Text.Encoding.UTF8.GetBytes(Told(first, 1)));
        var text = Told(second, 2).Replace("<BookgDt><Dt>2026-11-26", "<BookgDt><Dt>2026-11-25", StringComparison.Ordinal).Replace(":61:2611261126", ":61:2611251125", StringComparison.Ordinal);
        var other = await TakeIn($"2.{second}", System.Text.Encoding.UTF8.GetBytes(text));
        Assert.Equal((1, 0, 1), (other.Counts.Read, other.Counts.AlreadyKnown, other.Counts.Suspense));
        Assert.Contains("it is dated otherwise", await _database.Scalar<string>("SELECT reason FROM statement_entries WHERE is_doubtful"), StringComparison.Ordinal);
    }

    /// <summary>Both formats of this bank number movements by an id that is never given twice; a file whose number is another one may come from anywhere.</summary>
    [Theory]
    [InlineData("json gpc")]
    [InlineData("gpc json")]
    public async Task What_balances_prove_to_be_one_movement_waits_for_a_person_although_two_ids_are_told(string order)
    {
        const string Json =
            """
            {"accountStatement":{"info":{"accountId":"2000145399","bankId":"2010","currency":"CZK","iban":"CZ9320100000002000145399","bic":"FIOBCZPPXXX",
            "openingBalance":1000,"closingBalance":1499,"dateStart":"2026-02-20+0100","dateEnd":"2026-02-20+0100"},"transactionList":{"transaction":[
            {"column22":{"value":26000003001,"name":"ID pohybu","id":22},"column0":{"value":"2026-02-20+0100","name":"Datum","id":0},
            "column1":{"value":499.0,"name":"Objem","id":1},"column14":{"value":"CZK","name":"Měna","id":14},
            "column5":{"value":"222111","name":"VS","id":5}}]}}}
            """;
        var day = new DateOnly(2026, 2, 20);
        var entry = new StatementEntry(
            "2000145399/2010", "77", Money.Czk(499), EntryDirection.Credit, IsReversal: false, day, day, CounterAccount: null, CounterName: null, new VariableSymbol(222_111),
            ConstantSymbol: null, SpecificSymbol: null, Message: null, OrderReference: null, "record 1");
        using var gpc = new MemoryStream();
        await GpcStatementWriter.Write(gpc, GpcHeading.Of(Parsed("2000145399/2010"), "Sit", 1, day.AddDays(-1), day, Money.Czk(1000), [entry]), [entry], default);

        foreach (var kind in order.Split(' ')) await TakeIn(kind, kind == "gpc" ? gpc.ToArray() : System.Text.Encoding.UTF8.GetBytes(Json));

        Assert.Equal((2, 1), (
            await _database.Scalar<long>("SELECT count(*) FROM statement_entries"), await _database.Scalar<long>("SELECT count(*) FROM statement_entries WHERE is_doubtful")));
    }

    /// <summary>One payment of 499.00 with symbol 7 on 2026-11-26, from 1000.00 to 1499.00.</summary>
    private static string Told(string kind, int message)
    {
        if (kind == "940")
        {
            return ":20:STARTUMS\r\n:25:CZ4255000000001000000005\r\n:28C:230/1\r\n:60F:C261125CZK1000,00\r\n:61:2611261126C499,00NTRFNONREF//R900001\r\n"
                + ":86:?00Prichozi platba?201234567899/0800?210000000007?220000000000?230308?28Internet?32NOVAK JAN\r\n:62F:C261126CZK1499,00\r\n-\r\n";
        }

        const string Balances =
            """
            <Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="CZK">1000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-25</Dt></Dt></Bal>
            <Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="CZK">1499.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-26</Dt></Dt></Bal>
            """;
        const string Entry =
            """
            <Ntry><Amt Ccy="CZK">499.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-26</Dt></BookgDt><AcctSvcrRef>R900001</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>/VS7</EndToEndId></Refs>
            <RltdPties><Dbtr><Nm>Novák Jan</Nm></Dbtr><DbtrAcct><Id><IBAN>CZ5508000000001234567899</IBAN></Id></DbtrAcct></RltdPties></TxDtls></NtryDtls></Ntry>
            """;
        var (root, element) = kind == "054" ? ("BkToCstmrDbtCdtNtfctn", "Ntfctn") : ("BkToCstmrStmt", "Stmt");
        return $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.02"><{root}><GrpHdr><MsgId>{message}</MsgId></GrpHdr><{element}><Id>{message}</Id><Acct><Id><IBAN>CZ4255000000001000000005</IBAN></Id><Ccy>CZK</Ccy></Acct>
            {(kind == "054" ? "" : Balances)}{Entry}</{element}></{root}></Document>
            """;
    }

    private async Task<StatementImport> TakeIn(string name, byte[] content)
    {
        var issuer = Given.Settings.Issuers[IssuerId.Default] with { FurtherAccounts = [.. Accounts.Select(account => new IssuerBankAccount(account, Parsed(account).ToIban(), null))] };
        var options = new StatementReaderOptions { OwnAccounts = [.. issuer.FurtherAccounts.Select(account => new OwnAccount(Parsed(account.Local!), Currency.Czk))] };
        // Two banks have this number; only of Fio's does the file carry the signature.
        if (name.StartsWith('B') && !name.StartsWith("B1-", StringComparison.Ordinal)) options = options with { OwnAccounts = [.. options.OwnAccounts.Where(own => own.Account.BankCode != 300)] };
        using var stream = new MemoryStream(content);
        var file = await StatementReaders.Open(stream, name, options, CancellationToken.None);
        var import = new StatementImport(
            new ImportId(Guid.NewGuid()), name, file.Format, Actor.System("clerk"), DateTimeOffset.UnixEpoch, null, ImportStatus.Reading, ImportCounts.None, [], null);
        return await _store.Stage(import, new OwnStatements([issuer]).Of(file.Items, CancellationToken.None), CancellationToken.None);
    }

    private static CzechAccount Parsed(string account) => CzechAccount.TryParse(account, out var czech) ? czech : throw new ArgumentException("not a Czech account", nameof(account));
}
