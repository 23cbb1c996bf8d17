using System.Text;
using IspBilling.Banking.Gpc;
using IspBilling.Demo;
using IspBilling.Domain;

namespace IspBilling.FaultKit.Fuzzing;

/// <summary>Valid statements in every format that is read: made here, and those beside the repository where they are present.</summary>
public static class StatementSamples
{
    /// <summary>Files of others that are larger would only slow the fuzzing down.</summary>
    private const int BytesMax = 24 * 1024;

    private static readonly DateOnly Day = new(2026, 2, 1);

    /// <param name="beside">A folder with further samples; null for none.</param>
    public static async Task<IReadOnlyList<byte[]>> All(string? beside)
    {
        var samples = new List<byte[]>
        {
            await Gpc(DemoProvider.BankAccount), await Gpc(new CzechAccount(0, 2_000_145_399, 2010)),
            Utf8(FioJson), Utf8(FioCsv), Utf8(Camt("02", "UTF-8")), Utf8(Camt("04", "UTF-8")), Utf8(Camt("08", "UTF-8")),
            (byte[])[.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Camt("02", "UTF-16"))],
            (byte[])[.. Encoding.UTF8.Preamble, .. Utf8(Camt("08", "UTF-8"))],
            Utf8(Camt("14", "UTF-8")), Utf8(Notification(Camt("08", "UTF-8"))),
            Utf8(FioXml), Utf8(FioWebCsv), CodePagesEncodingProvider.Instance.GetEncoding(1250)!.GetBytes(FioWebCsv), Utf8(Mt940),
        };
        if (beside is null) return samples;
        foreach (var file in Directory.EnumerateFiles(beside, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (new FileInfo(file).Length is > 0 and <= BytesMax) samples.Add(await File.ReadAllBytesAsync(file));
        }

        return samples;
    }

    /// <summary>The folder beside the working copy; null where it is not.</summary>
    public static string? Beside()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "IspBilling.sln"))) continue;
            var samples = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", "samples"));
            return Directory.Exists(samples) ? samples : null;
        }

        return null;
    }

    private static async Task<byte[]> Gpc(CzechAccount account)
    {
        var invoices = Enumerable.Range(1, 6).Select(i => new PayableInvoice(new VariableSymbol(2_600_000_000 + i), Money.Czk(499m + i)));
        var entries = DemoPayments.For(invoices, Day, seed: 3).Select(entry => entry with { Message = "platba č. 7 za internet" }).ToList();
        using var file = new MemoryStream();
        await GpcStatementWriter.Write(
            file, GpcHeading.Of(account, "Ukazkova sit", 32, Day.AddDays(-1), Day, Money.Czk(1_000m), entries), entries, CancellationToken.None);
        return file.ToArray();
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private const string FioJson =
        """
        {"accountStatement":{"info":{"accountId":"2000145399","bankId":"2010","currency":"CZK","iban":"CZ8720100000002000145399","bic":"FIOBCZPPXXX",
        "openingBalance":1000.00,"closingBalance":1500.00,"dateStart":"2026-01-31+0100","dateEnd":"2026-02-01+0100","idFrom":1,"idTo":2,"idLastDownload":null},
        "transactionList":{"transaction":[
        {"column22":{"value":26000000001,"name":"ID pohybu","id":22},"column0":{"value":"2026-02-01+0100","name":"Datum","id":0},"column1":{"value":499.00,"name":"Objem","id":1},
        "column14":{"value":"CZK","name":"Měna","id":14},"column2":{"value":"19-2000145399","name":"Protiúčet","id":2},"column3":{"value":"0800","name":"Kód banky","id":3},
        "column5":{"value":"0007","name":"VS","id":5},"column6":null,"column16":{"value":"Platba \u010d. 7","name":"Zpráva pro příjemce","id":16},
        "column8":{"value":"Bezhotovostní příjem","name":"Typ","id":8},"column17":{"value":777,"name":"ID pokynu","id":17}},
        {"column22":{"value":26000000002,"name":"ID pohybu","id":22},"column0":{"value":1769900400000,"name":"Datum","id":0},"column1":{"value":1.0,"name":"Objem","id":1},
        "column14":{"value":"CZK","name":"Měna","id":14},"column99":{"value":[1,{"x":2}],"name":"?","id":99}}]}}}
        """;

    private const string FioCsv =
        "accountId;2000145399\r\nbankId;2010\r\ncurrency;CZK\r\niban;CZ8720100000002000145399\r\nbic;FIOBCZPPXXX\r\nopeningBalance;1000,00\r\nclosingBalance;1499,00\r\n"
        + "dateStart;31.01.2026\r\ndateEnd;01.02.2026\r\nidFrom;1\r\nidTo;2\r\n\r\n"
        + "ID operace;Datum;Objem;Měna;Protiúčet;Název protiúčtu;Kód banky;Název banky;KS;VS;SS;Uživatelská identifikace;Zpráva pro příjemce;Typ;Provedl;Upřesnění;Poznámka;BIC;ID pokynu\r\n"
        + "26000000001;01.02.2026;499,00;CZK;19-2000145399;Novák Jan;0800;Česká spořitelna, a.s.;0308;0007;;;\"Platba č. 7 \"\"v pořádku\"\"\";Bezhotovostní příjem;;;;;777\r\n";

    private const string FioXml =
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <AccountStatement><Info><accountId>2000145399</accountId><bankId>2010</bankId><currency>CZK</currency><openingBalance>1000.00</openingBalance><closingBalance>1499.00</closingBalance>
        <dateStart>2026-01-31+01:00</dateStart><dateEnd>2026-02-01+01:00</dateEnd></Info><TransactionList>
        <Transaction><column_22 name="ID pohybu" id="22">26000000001</column_22><column_0 name="Datum" id="0">2026-02-01+01:00</column_0><column_1 name="Objem" id="1">499.00</column_1>
        <column_14 name="Měna" id="14">CZK</column_14><column_2 name="Protiúčet" id="2">19-2000145399</column_2><column_3 name="Kód banky" id="3">0800</column_3><column_5 name="VS" id="5">0007</column_5>
        <column_16 name="Zpráva" id="16">Platba č. 7</column_16><column_17 name="ID pokynu" id="17">777</column_17></Transaction></TransactionList></AccountStatement>
        """;

    private const string FioWebCsv =
        "\"Výpis č. 2/2026 z účtu \"\"2000145399/2010\"\"\"\r\n\"Období: 31.01.2026 - 01.02.2026\"\r\n\"Počáteční stav účtu k 31.01.2026: 1 000,00 CZK\"\r\n"
        + "\"Koncový stav účtu k 01.02.2026: 1 499,00 CZK\"\r\n\r\n\"ID operace\";\"Datum\";\"Objem\";\"Měna\";\"VS\";\"Poznámka\";\"Typ\";\"Poznámka\"\r\n"
        + "\"26000000001\";\"01.02.2026\";\"499,00\";\"CZK\";\"7\";\"Dvořák Jiří\";\"Bezhotovostní příjem\";\"děkujeme\"\r\n";

    private const string Mt940 =
        "{1:F01FIOBCZPPXXXX0000000000}{2:O940FIOBCZPPXXXXN}{4:\r\n:20:STARTUMS\r\n:25:2000145399/0800\r\n:28C:2/1\r\n:60F:C260131CZK1000,00\r\n"
        + ":61:2601310201C499,00NTRFNONREF//B1\r\n:86:020?00Prichozi platba?20000019-2000145399/0800?210000000007?220000000042?230308?28Platba za inter?29net?32NOVAK JAN\r\n"
        + ":62M:C260201CZK1499,00\r\n-}\r\n:20:STARTUMS\r\n:25:2000145399/0800\r\n:28C:2/2\r\n:60M:C260201CZK1499,00\r\n"
        + ":61:2602010201RCCZK499,00NTRFNONREF//B2\r\n:86:166?00GUTSCHRIFT?20EREF+E2E-77?21SVWZ+Rechnung VS: 7?30COBADEFF?31DE89370400440532013000?32Max Muster\r\n"
        + ":62F:C260201CZK1000,00\r\n-}\r\n";

    private static string Notification(string statement) => statement
        .Replace("camt.053", "camt.054", StringComparison.Ordinal)
        .Replace("BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn", StringComparison.Ordinal)
        .Replace("<Stmt>", "<Ntfctn>", StringComparison.Ordinal)
        .Replace("</Stmt>", "</Ntfctn>", StringComparison.Ordinal);

    private static string Camt(string version, string encoding)
    {
        var (amount, status) = version == "02"
            ? ("<AmtDtls><TxAmt><Amt Ccy=\"CZK\">{0}</Amt></TxAmt></AmtDtls>", "<Sts>BOOK</Sts>")
            : ("<Amt Ccy=\"CZK\">{0}</Amt>", version is "08" or "14" ? "<Sts><Cd>BOOK</Cd></Sts>" : "<Sts>BOOK</Sts>");
        return $"""
            <?xml version="1.0" encoding="{encoding}"?>
            <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}">
            <BkToCstmrStmt><GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-02-01T06:00:00</CreDtTm></GrpHdr>
            <Stmt><Id>S1</Id><LglSeqNb>2</LglSeqNb><Acct><Id><IBAN>CZ5508000000001265098001</IBAN></Id><Ccy>CZK</Ccy></Acct>
            {Balance("OPBD", "1000.00", "2026-01-31")}{Balance("CLBD", "1998.00", "2026-02-01")}
            <Ntry><Amt Ccy="CZK">499.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>{status}<BookgDt><Dt>2026-02-01</Dt></BookgDt><ValDt><Dt>2026-01-31</Dt></ValDt>
            <AcctSvcrRef>R1</AcctSvcrRef><NtryDtls>{Transaction("99.00", "VS7")}{Transaction("400.00", "VS8/SS1/KS308")}</NtryDtls></Ntry>
            <Ntry><Amt Ccy="CZK">499.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><RvslInd>false</RvslInd>{status}<BookgDt><DtTm>2026-02-01T01:02:03</DtTm></BookgDt>
            <AddtlNtryInf>payment</AddtlNtryInf></Ntry>
            </Stmt></BkToCstmrStmt></Document>
            """;

        string Transaction(string money, string symbols) =>
            $"<TxDtls><Refs><EndToEndId>/{symbols}</EndToEndId><Prtry><Tp>VS</Tp><Ref>7</Ref></Prtry></Refs>{string.Format(System.Globalization.CultureInfo.InvariantCulture, amount, money)}"
            + "<RltdPties><Dbtr><Nm>Jan &amp; Eva</Nm></Dbtr><DbtrAcct><Id><Othr><Id>19-2000145399</Id></Othr></Id></DbtrAcct></RltdPties>"
            + "<RmtInf><Ustrd>VS: 7 internet á</Ustrd><Strd><CdtrRefInf><Ref>VS:7</Ref></CdtrRefInf></Strd></RmtInf></TxDtls>";

        static string Balance(string type, string money, string on) =>
            $"<Bal><Tp><CdOrPrtry><Cd>{type}</Cd></CdOrPrtry></Tp><Amt Ccy=\"CZK\">{money}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{on}</Dt></Dt></Bal>";
    }
}
