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

    public const string CsvColumns =
        "ID operace;Datum;Objem;Měna;Protiúčet;Název protiúčtu;Kód banky;Název banky;KS;VS;SS;Uživatelská identifikace;Zpráva pro příjemce;Typ;Provedl;Upřesnění;Poznámka;BIC;ID pokynu";

    public static string Csv(params IEnumerable<string> rows) =>
        "accountId;2000145399\r\nbankId;2010\r\ncurrency;CZK\r\niban;CZ8720100000002000145399\r\nbic;FIOBCZPPXXX\r\nopeningBalance;1000,00\r\nclosingBalance;1499,00\r\n"
        + "dateStart;31.01.2026\r\ndateEnd;01.02.2026\r\nidFrom;1\r\nidTo;2\r\n\r\n" + CsvColumns + "\r\n" + string.Concat(rows.Select(row => row + "\r\n"));

    public const string CsvRow =
        "26000000001;01.02.2026;499,00;CZK;19-2000145399;Novák Jan;0800;Česká spořitelna, a.s.;0308;0007;;;\"Platba č. 7 \"\"v pořádku\"\"\";Bezhotovostní příjem;;;;;777";
}
