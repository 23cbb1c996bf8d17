namespace IspBilling.Banking.Tests.Fio;

/// <summary>Files of Fio's API written by hand.</summary>
internal static class FioText
{
    public static string Json(string transactions, string opening = "1000.00", string closing = "1499.00") =>
        $$$$"""
        {"accountStatement":{"info":{"accountId":"2000145399","bankId":"2010","currency":"CZK","iban":"CZ8720100000002000145399","bic":"FIOBCZPPXXX",
        "openingBalance":{{{{opening}}}},"closingBalance":{{{{closing}}}},"dateStart":"2026-01-31+0100","dateEnd":"2026-02-01+0100","yearList":2026,"idList":3,"idFrom":1,"idTo":2,"idLastDownload":null},
        "transactionList":{"transaction":[{{{{transactions}}}}]}}}
        """;

    public static string Movement(
        string id = "26000000001", string amount = "499.00", string date = "\"2026-02-01+0100\"", string vs = "\"0007\"", string type = "Bezhotovostní příjem", string more = "") =>
        $$$$"""
        {"column22":{"value":{{{{id}}}},"name":"ID pohybu","id":22},"column0":{"value":{{{{date}}}},"name":"Datum","id":0},"column1":{"value":{{{{amount}}}},"name":"Objem","id":1},
        "column14":{"value":"CZK","name":"Měna","id":14},"column2":{"value":"19-2000145399","name":"Protiúčet","id":2},"column3":{"value":"0800","name":"Kód banky","id":3},
        "column10":{"value":"Novák Jan","name":"Název protiúčtu","id":10},"column4":{"value":"0308","name":"KS","id":4},"column5":{"value":{{{{vs}}}},"name":"VS","id":5},"column6":null,
        "column16":{"value":"Platba \u010d. 7 \"v pořádku\"","name":"Zpráva pro příjemce","id":16},"column8":{"value":"{{{{type}}}}","name":"Typ","id":8},"column99":{"value":[1,{"x":2}],"name":"?","id":99},
        "column17":{"value":777,"name":"ID pokynu","id":17}{{{{more}}}}}
        """;

    public static string XmlFile(params IEnumerable<string> transactions) =>
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <AccountStatement xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><Info><accountId>2000145399</accountId><bankId>2010</bankId><currency>CZK</currency><iban>CZ8720100000002000145399</iban>
        <openingBalance>1000.00</openingBalance><closingBalance>1499.00</closingBalance><dateStart>2026-01-31+01:00</dateStart><dateEnd>2026-02-01+01:00</dateEnd><yearList>2026</yearList><idList>3</idList></Info><TransactionList>
        """ + string.Concat(transactions) + "</TransactionList></AccountStatement>";

    public const string XmlMovement =
        """
        <Transaction><column_22 name="ID pohybu" id="22">26000000001</column_22><column_0 name="Datum" id="0">2026-02-01+01:00</column_0><column_1 name="Objem" id="1">499.00</column_1>
        <column_14 name="Měna" id="14">CZK</column_14><column_2 name="Protiúčet" id="2">19-2000145399</column_2><column_3 name="Kód banky" id="3">0800</column_3><column_10 name="Název protiúčtu" id="10">Novák Jan</column_10>
        <column_4 name="KS" id="4">0308</column_4><column_5 name="VS" id="5">0007</column_5><column_16 name="Zpráva" id="16">Platba č. 7 "v pořádku"</column_16><column_8 name="Typ" id="8">Bezhotovostní příjem</column_8>
        <column_17 name="ID pokynu" id="17">777</column_17></Transaction>
        """;

    public const string CsvColumns =
        "ID operace;Datum;Objem;Měna;Protiúčet;Název protiúčtu;Kód banky;Název banky;KS;VS;SS;Uživatelská identifikace;Zpráva pro příjemce;Typ;Provedl;Upřesnění;Poznámka;BIC;ID pokynu";

    public static string Csv(params IEnumerable<string> rows) =>
        "accountId;2000145399\r\nbankId;2010\r\ncurrency;CZK\r\niban;CZ8720100000002000145399\r\nbic;FIOBCZPPXXX\r\nopeningBalance;1000,00\r\nclosingBalance;1499,00\r\n"
        + "dateStart;31.01.2026\r\ndateEnd;01.02.2026\r\nidFrom;1\r\nidTo;2\r\n\r\n" + CsvColumns + "\r\n" + string.Concat(rows.Select(row => row + "\r\n"));

    /// <summary>As internet banking exports it: sentences for a head, and two columns of one name.</summary>
    public static string WebCsv(params IEnumerable<string> rows) =>
        "\"Výpis č. 2/2026 z účtu \"\"2000145399/2010\"\"\"\r\n\"Období: 31.01.2026 - 01.02.2026\"\r\n\"Počáteční stav účtu k 31.01.2026: 1 000,00 CZK\"\r\n"
        + "\"Koncový stav účtu k 01.02.2026: 1 499,00 CZK\"\r\n\"Suma příjmů: +499,00 CZK\"\r\n\r\n"
        + "\"ID operace\";\"Datum\";\"Objem\";\"Měna\";\"Protiúčet\";\"Kód banky\";\"VS\";\"Poznámka\";\"Zpráva pro příjemce\";\"Typ\";\"Poznámka\"\r\n"
        + string.Concat(rows.Select(row => row + "\r\n"));

    public const string WebCsvRow =
        "\"26000000001\";\"01.02.2026\";\"499,00\";\"CZK\";\"19-2000145399\";\"0800\";\"7\";\"Dvořák Jiří 2600000012\";\"\";\"Bezhotovostní příjem\";\"děkujeme\"";

    public const string CsvRow =
        "26000000001;01.02.2026;499,00;CZK;19-2000145399;Novák Jan;0800;Česká spořitelna, a.s.;0308;0007;;;\"Platba č. 7 \"\"v pořádku\"\"\";Bezhotovostní příjem;;;;;777";
}
