using System.Globalization;
using System.Security;
using IspBilling.Banking.Gpc;
using IspBilling.Domain;
using static System.FormattableString;

namespace IspBilling.LoadTests.Payments;

/// <summary>Writes camt.053.001.02 as Czech banks do, one line an entry: symbols in the end-to-end id, local account numbers.</summary>
internal static class CamtStatementWriter
{
    private const int BufferSize = 64 * 1024;

    public static async Task Begin(StreamWriter file)
    {
        await file.WriteLineAsync("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        await file.WriteLineAsync("<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt>");
        await file.WriteLineAsync("<GrpHdr><MsgId>LOAD</MsgId><CreDtTm>2026-01-01T06:00:00</CreDtTm></GrpHdr>");
    }

    public static async Task End(StreamWriter file)
    {
        await file.WriteLineAsync("</BkToCstmrStmt></Document>");
        await file.FlushAsync();
    }

    public static StreamWriter Open(Stream output) => new(output, bufferSize: BufferSize, leaveOpen: true);

    /// <param name="iban">The own account.</param>
    /// <param name="heading">Balances, dates and number.</param>
    public static async Task Statement(StreamWriter file, string iban, GpcHeading heading, IEnumerable<StatementEntry> entries)
    {
        await file.WriteLineAsync(Invariant($"<Stmt><Id>S{heading.StatementNumber}</Id><LglSeqNb>{heading.StatementNumber}</LglSeqNb><Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>{heading.Opening.Currency}</Ccy></Acct>"));
        await file.WriteLineAsync(Balance("OPBD", heading.Opening, heading.OpenedOn));
        await file.WriteLineAsync(Balance("CLBD", heading.Closing, heading.BookedOn));
        foreach (var entry in entries) await file.WriteLineAsync(Entry(entry));
        await file.WriteLineAsync("</Stmt>");
    }

    private static string Balance(string type, Money balance, DateOnly on) => Invariant(
        $"<Bal><Tp><CdOrPrtry><Cd>{type}</Cd></CdOrPrtry></Tp><Amt Ccy=\"{balance.Currency}\">{balance.Abs.Major:0.00}</Amt><CdtDbtInd>{(balance.IsNegative ? "DBIT" : "CRDT")}</CdtDbtInd><Dt><Dt>{on:yyyy-MM-dd}</Dt></Dt></Bal>");

    private static string Entry(StatementEntry entry) => Invariant(
        $"<Ntry><Amt Ccy=\"{entry.Amount.Currency}\">{entry.Amount.Major:0.00}</Amt><CdtDbtInd>{(entry.Direction == EntryDirection.Credit ? "CRDT" : "DBIT")}</CdtDbtInd>{(entry.IsReversal ? "<RvslInd>true</RvslInd>" : "")}<Sts>BOOK</Sts><BookgDt><Dt>{entry.BookedOn:yyyy-MM-dd}</Dt></BookgDt><ValDt><Dt>{entry.ValueOn:yyyy-MM-dd}</Dt></ValDt>{Element("AcctSvcrRef", entry.EntryReference)}<NtryDtls><TxDtls><Refs><EndToEndId>/VS{entry.VariableSymbol?.Value ?? 0}/SS{entry.SpecificSymbol}/KS{entry.ConstantSymbol}</EndToEndId></Refs>{Party(entry)}{(entry.Message is { } message ? $"<RmtInf>{Element("Ustrd", message)}</RmtInf>" : "")}</TxDtls></NtryDtls></Ntry>");

    /// <summary>The debtor of money that came, also when it goes back; the creditor of money that went.</summary>
    private static string Party(StatementEntry entry)
    {
        var role = entry.Direction == EntryDirection.Credit || entry.IsReversal ? "Dbtr" : "Cdtr";
        var account = entry.CounterAccount!.Split('/');
        return string.Create(
            CultureInfo.InvariantCulture,
            $"<RltdPties><{role}Acct><Id><Othr><Id>{account[0]}</Id></Othr></Id></{role}Acct></RltdPties><RltdAgts><{role}Agt><FinInstnId><ClrSysMmbId><MmbId>{account[1]}</MmbId></ClrSysMmbId></FinInstnId></{role}Agt></RltdAgts>");
    }

    private static string Element(string name, string? text) => text is null ? "" : $"<{name}>{SecurityElement.Escape(text)}</{name}>";
}
