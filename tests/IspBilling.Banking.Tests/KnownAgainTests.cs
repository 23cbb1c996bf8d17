using System.Security.Cryptography;
using System.Text;
using IspBilling.Banking.Tests.Fio;
using IspBilling.Banking.Tests.Gpc;
using IspBilling.Domain;
using IspBilling.Engine.Identity;
using IspBilling.Engine.StatementImports;
using static IspBilling.Banking.Tests.Camt.CamtText;

namespace IspBilling.Banking.Tests;

/// <summary>
/// A file that was imported by an earlier release brings nothing new, however much better it is read today. The names were computed by
/// that release from the same bytes; they stand in databases and never change here.
/// </summary>
public sealed class KnownAgainTests
{
    private static readonly StatementReaderOptions AtFio = Own("2000145399/2010");

    [Theory]
    [InlineData("GPC, dates of a month", "163dc7b69f2ea2f5449f75faec6f4b55 99777485aca1cbb2582fdb3308c3f14c 0cbc75acd60a16063444406fbb192f2d")]
    [InlineData("GPC, a message record", "9c634e10aa0e2ef1a86dd1315e006381")]
    [InlineData("GPC, a value date of another year", "ebfa484161282d4889f139a623e53857 5cde3301365899e4b8ed8cdc4d3b45d5")]
    [InlineData("GPC of Fio", "be22440563c3e5963bb48a198842f76c 1765291d3b265c8da9aea0ba9dfeb844")]
    [InlineData("GPC of Fio, the number of another bank's own account", "699ee147548f09018a5e347a21b63c73 699ee147548f09018a5e347a21b63c73")]
    [InlineData("GPC without a currency, of an own account in EUR", "699ee147548f09018a5e347a21b63c73")]
    [InlineData("GPC, reversals", "7659b645c6ffe851fa36156f86a9d8ff 47d76343056ec6f9c9a8ed138a669166")]
    [InlineData("Fio JSON", "1ae3cb5241c19d30f71cfaad718b30fd 969c85fe4a9d7b1314031efa8f2bf424")]
    [InlineData("Fio CSV", "1ae3cb5241c19d30f71cfaad718b30fd")]
    [InlineData("camt, references", "24bb4a77eb53418b2c1e3a474cbca5b2 286514f74fa35d64b7370d7d20e13bc2")]
    [InlineData("camt, a reference of zeros", "f6453f89f28b16759782e8e7bd0fb0ea 77fdce2669506c1638db42660d4baf43")]
    [InlineData("camt, symbols in every shape", "a64a0eae6e74671f6f2dbcc146c62b96 a64a0eae6e74671f6f2dbcc146c62b96 a64a0eae6e74671f6f2dbcc146c62b96 5ad9152bd11171b0c4a06f7be836fcc4 902f98d688622d8b8d2be092b4658b16 a64a0eae6e74671f6f2dbcc146c62b96 a64a0eae6e74671f6f2dbcc146c62b96 83b6b05dbab61973c9381d629979b6ff")]
    [InlineData("camt, a foreign number", "5f5caf221ed168150ccd57a1202e6b53")]
    [InlineData("camt, roles swapped", "a64a0eae6e74671f6f2dbcc146c62b96 d36bda2ba8b5147a73dac04cbf76ddb8")]
    [InlineData("camt, a batch", "de7c84b6c1a7d62ca9f662b42990ba7d 1a11c926e09160feef2256a8b232af26")]
    [InlineData("camt, a batch without a reference", "26832caa3ebaa893db14eac48abfdc24 9aac05680198c40305e4b570a7212e85")]
    [InlineData("camt, one payment told of a batch of five", "24bb4a77eb53418b2c1e3a474cbca5b2")]
    [InlineData("camt, one payment told of a batch of five, without a reference", "286514f74fa35d64b7370d7d20e13bc2")]
    public async Task Given_a_file_that_an_earlier_release_imported_then_every_movement_has_the_name_it_has_there(string file, string names)
    {
        var (bytes, options) = FileOf(file);
        Assert.Equal(names, string.Join(' ', await Names(bytes, options)));
    }

    [Fact]
    public async Task Given_a_movement_of_Fio_in_any_of_its_formats_then_its_name_is_the_same()
    {
        var headless = FioText.WebCsv(FioText.WebCsvRow)[FioText.WebCsv().IndexOf("\"ID operace\"", StringComparison.Ordinal)..];
        string[] files = [FioText.Json(FioText.Movement()), FioText.XmlFile(FioText.XmlMovement), FioText.Csv(FioText.CsvRow), FioText.WebCsv(FioText.WebCsvRow), headless];
        var names = new List<string>();
        foreach (var file in files) names.AddRange(await Names(Encoding.UTF8.GetBytes(file), AtFio));
        Assert.Equal(Enumerable.Repeat(names[0], files.Length), names);
    }

    [Fact]
    public async Task Given_a_movement_that_a_file_of_Fio_tells_twice_then_the_one_that_counts_is_known_by_its_first_name()
    {
        var once = await Names(Encoding.UTF8.GetBytes(FioText.Json(FioText.Movement())), AtFio);
        var twice = await Names(Encoding.UTF8.GetBytes(FioText.Json(FioText.Movement() + "," + FioText.Movement())), AtFio);
        Assert.Equal(once, twice);
    }

    /// <summary>One line a file: its path beside the repository, the own accounts by a word, and a hash of all names in file order.</summary>
    [SampleFact]
    public Task Every_sample_that_an_earlier_release_read_has_the_names_it_has_there() => HaveTheNamesOf("samples", Samples.Bytes);

    [CaseFact]
    public Task Every_case_that_an_earlier_release_read_has_the_names_it_has_there() => HaveTheNamesOf("cases", Samples.Case);

    private static async Task HaveTheNamesOf(string folder, Func<string, byte[]> read)
    {
        var differing = new List<string>();
        foreach (var line in Lines().Where(line => line[0] == folder))
        {
            var options = line[2] switch
            {
                "none" => StatementReaderOptions.Default,
                "bank" => new() { OwnBankCode = "0100" },
                _ => Own("2000145399/2010", "2801387443/5500", "2801387443/2010", "1265098001/0800"),
            };
            if (Hash(await Names(read(line[1]), options)) != line[3]) differing.Add($"{line[1]} {line[2]}");
        }

        Assert.Empty(differing);
    }

    private static List<string[]> Lines()
    {
        using var text = new StreamReader(typeof(KnownAgainTests).Assembly.GetManifestResourceStream("names-before.txt")!);
        var lines = text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('|')).ToList();
        Assert.True(lines.Count > 100, $"only {lines.Count} lines");
        return lines;
    }

    private static string Hash(IEnumerable<string> names) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', names))).AsSpan(0, 16));

    private static async Task<IReadOnlyList<string>> Names(byte[] bytes, StatementReaderOptions options) =>
        [.. (await Reading.Of(bytes, options)).Items.OfType<StatementEntryRead>().Select(read => EarlierNames.Of(read, accountAsWritten: null)[0])];

    private static StatementReaderOptions Own(params string[] accounts) =>
        new() { OwnAccounts = [.. accounts.Select(account => (OwnAccount)Account(account))] };

    private static CzechAccount Account(string text) =>
        CzechAccount.TryParse(text, out var account) ? account : throw new ArgumentException("not a Czech account", nameof(text));

    private static (byte[] Bytes, StatementReaderOptions Options) FileOf(string name) => name switch
    {
        "GPC, dates of a month" => (GpcText.File(
            GpcText.Header(openedOn: "310126", closing: 249_700, bookedOn: "280226"),
            GpcText.Item(dueOn: "020226", valueOn: "010226"), GpcText.Item(dueOn: "170226", valueOn: "170226"), GpcText.Item(dueOn: "280226", valueOn: "000000")), Own("2000145399/0100")),
        "GPC, a message record" => (GpcText.File(
            GpcText.Header(openedOn: "310126", closing: 149_900, bookedOn: "280226"), GpcText.Item(dueOn: "170226"), GpcText.Message("078", "platba za internet")), Own("2000145399/0100")),
        "GPC, a value date of another year" => (GpcText.File(GpcText.Header(closing: 199_800), GpcText.Item(valueOn: "010185"), GpcText.Item(valueOn: "010126")), Own("2000145399/0100")),
        "GPC of Fio" => (GpcText.File(GpcText.Header(closing: 199_800, filler: "FIO"), GpcText.Item(document: "0026000000001"), GpcText.Item(document: "0000000000000", dueOn: "010226")), Own("2000145399/2010")),
        "GPC of Fio, the number of another bank's own account" => (GpcText.File(
            GpcText.Header(closing: 199_800, filler: "FIO"), GpcText.Item(document: "0026000000001"), GpcText.Item(document: "0026000000002", dueOn: "010226")), Own("2000145399/0100")),
        "GPC without a currency, of an own account in EUR" => (
            GpcText.File(GpcText.Header(closing: 149_900), GpcText.Item(dataType: "0000")), new() { OwnAccounts = [new(Account("2000145399/0100"), Currency.Eur)] }),
        "GPC, reversals" => (GpcText.File(GpcText.Header(closing: 100_000), GpcText.Item(code: '3', amount: 100), GpcText.Item(code: '4', amount: 100)), StatementReaderOptions.Default),
        "Fio JSON" => (Encoding.UTF8.GetBytes(FioText.Json(FioText.Movement() + "," + FioText.Movement(id: "26000000002", amount: "-499.00", type: "Storno"))), AtFio),
        "Fio CSV" => (Encoding.UTF8.GetBytes(FioText.Csv(FioText.CsvRow)), AtFio),
        "camt, references" => Camt(Entry(Batch(Transaction("<EndToEndId>/VS7/SS/KS</EndToEndId>"))), Entry(Batch(Transaction("<AcctSvcrRef>T1</AcctSvcrRef>")), reference: "")),
        "camt, a reference of zeros" => Camt(Entry(reference: "<AcctSvcrRef>0</AcctSvcrRef>"), Entry(Batch(Transaction("<AcctSvcrRef>000</AcctSvcrRef>")), reference: "")),
        "camt, symbols in every shape" => Camt(
        [
            .. new[] { "<EndToEndId>VS123</EndToEndId>", "<EndToEndId>/VS/123/SS//KS/0308</EndToEndId>", "<EndToEndId>123</EndToEndId>" }.Select(references => Entry(Batch(Transaction(references)), reference: "")),
            .. new[] { "<Ustrd>VS 260 000 0012</Ustrd>", "<Ustrd>VS123KS308</Ustrd>", Structured("RF18539007547034"), Structured("2600000012"), Structured("VS:7") }
                .Select(text => Entry(Batch(Transaction(remittance: text)), reference: "")),
        ]),
        "camt, a foreign number" => Camt(Entry(
            Batch(Transaction(
                parties: "<Dbtr><Nm>X</Nm></Dbtr><DbtrAcct><Id><Othr><Id>29501800020582</Id></Othr></Id></DbtrAcct>",
                agents: "<DbtrAgt><FinInstnId><BIC>DEUTDEFF</BIC></FinInstnId></DbtrAgt>")),
            reference: "")),
        "camt, roles swapped" => Camt(
            Entry(Batch(Transaction(parties: "<Cdtr><Nm>Novák</Nm></Cdtr><CdtrAcct><Id><IBAN>CZ6508000000192000145399</IBAN></Id></CdtrAcct>")), reference: ""),
            Entry(Batch(Transaction(parties: "<Dbtr><Nm>My</Nm></Dbtr><UltmtDbtr><Nm>Skutečný</Nm></UltmtDbtr>", rest: "<RtrInf/>")), reference: "", head: "<RvslInd>true</RvslInd>")),
        "camt, a batch" => Camt(Entry(Parts)),
        "camt, a batch without a reference" => Camt(Entry(Parts, reference: "")),
        "camt, one payment told of a batch of five" => Camt(Entry(OneOfFive)),
        "camt, one payment told of a batch of five, without a reference" => Camt(Entry(OneOfFive, reference: "")),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such file"),
    };

    private static readonly string Parts = Batch(
        Transaction("<AcctSvcrRef>T1</AcctSvcrRef><EndToEndId>VS8</EndToEndId>", detailsAmount: 99), Transaction("<AcctSvcrRef>0</AcctSvcrRef>", detailsAmount: 400, remittance: "<Ustrd>VS 9</Ustrd>"));

    private static readonly string OneOfFive =
        "<NtryDtls><Btch><NbOfTxs>5</NbOfTxs></Btch>" + Transaction("<AcctSvcrRef>T1</AcctSvcrRef><EndToEndId>/VS7/SS/KS</EndToEndId>", detailsAmount: 99, remittance: "<Ustrd>internet</Ustrd>") + "</NtryDtls>";

    private static (byte[] Bytes, StatementReaderOptions Options) Camt(params string[] entries) =>
        (Encoding.UTF8.GetBytes(Document(Statement(string.Concat(entries)))), StatementReaderOptions.Default);
}
