using System.Globalization;

namespace IspBilling.Banking.Tests.Camt;

/// <summary>camt.053 documents written by hand.</summary>
internal static class CamtText
{
    public static string Document(string statements, string version = "02") => $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}">
        <BkToCstmrStmt><GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-02-01T06:00:00</CreDtTm></GrpHdr>
        {statements}
        </BkToCstmrStmt></Document>
        """;

    /// <summary>The same document as a camt.054.</summary>
    public static string Notification(string document) => document
        .Replace("camt.053", "camt.054", StringComparison.Ordinal)
        .Replace("BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn", StringComparison.Ordinal)
        .Replace("<Stmt>", "<Ntfctn>", StringComparison.Ordinal)
        .Replace("</Stmt>", "</Ntfctn>", StringComparison.Ordinal);

    public static string Statement(
        string content, decimal opening = 1000, decimal? closing = null, string currency = "CZK", string account = "<IBAN>CZ55 0800 0000 0012 6509 8001</IBAN>") => $"""
        <Stmt><Id>S1</Id><LglSeqNb>2</LglSeqNb><Acct><Id>{account}</Id><Ccy>{currency}</Ccy></Acct>
        {Balance("OPBD", opening, "2026-01-31", currency)}
        {(closing is { } end ? Balance("CLBD", end, "2026-02-01", currency) : "")}
        {content}
        </Stmt>
        """;

    public static string Balance(string type, decimal amount, string on, string currency = "CZK") =>
        $"<Bal><Tp><CdOrPrtry><Cd>{type}</Cd></CdOrPrtry></Tp><Amt Ccy=\"{currency}\">{Show(Math.Abs(amount))}</Amt>"
        + $"<CdtDbtInd>{(amount < 0 ? "DBIT" : "CRDT")}</CdtDbtInd><Dt><Dt>{on}</Dt></Dt></Bal>";

    public static string Entry(
        string details = "", decimal amount = 499, string direction = "CRDT", string head = "", string status = "<Sts>BOOK</Sts>", string reference = "<AcctSvcrRef>R1</AcctSvcrRef>",
        string dates = "<BookgDt><Dt>2026-02-01</Dt></BookgDt><ValDt><Dt>2026-01-31</Dt></ValDt>", string currency = "CZK") =>
        $"<Ntry><Amt Ccy=\"{currency}\">{Show(amount)}</Amt><CdtDbtInd>{direction}</CdtDbtInd>{head}{status}{dates}{reference}{details}</Ntry>";

    public static string Batch(params IEnumerable<string> transactions) => $"<NtryDtls>{string.Concat(transactions)}</NtryDtls>";

    public static string Transaction(
        string references = "", decimal? amount = null, decimal? detailsAmount = null, string parties = "", string agents = "", string remittance = "", string rest = "") =>
        $"<TxDtls><Refs>{references}</Refs>"
        + (amount is { } own ? $"<Amt Ccy=\"CZK\">{Show(own)}</Amt>" : "")
        + (detailsAmount is { } told ? $"<AmtDtls><TxAmt><Amt Ccy=\"CZK\">{Show(told)}</Amt></TxAmt></AmtDtls>" : "")
        + $"<RltdPties>{parties}</RltdPties><RltdAgts>{agents}</RltdAgts><RmtInf>{remittance}</RmtInf>{rest}</TxDtls>";

    public static string Structured(string reference) => $"<Strd><CdtrRefInf><Ref>{reference}</Ref></CdtrRefInf></Strd>";

    private static string Show(decimal amount) => amount.ToString("0.00###", CultureInfo.InvariantCulture);
}
