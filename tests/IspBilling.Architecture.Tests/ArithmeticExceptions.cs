using System.Collections.Immutable;

namespace IspBilling.Architecture.Tests;

/// <summary>Who computes with money or days outside the Domain, each with the reason why it is not the Domain's.</summary>
internal static class ArithmeticExceptions
{
    private const string Proof = "proves balances as the bank states them, in more digits than money has, so that a false file is a refusal and no overflow";
    private const string Bank = "dates and amounts as the bank's format writes them, not yet money of an account";
    private const string Likeness = "compares days of two statements of the bank, to know a movement again; no period is charged by it";
    private const string Encoding = "a number in bytes, not an amount or a period";
    private const string SecondOpinion = "recomputes what the Domain computed: an audit that asked the Domain would find right whatever it does";
    private const string Sign = "the sign alone: what is taken back stands with the opposite sign of what it was";
    private const string MadeUp = "makes up a provider";

    /// <summary>By file, or by folder where it ends with a slash.</summary>
    public static readonly ImmutableDictionary<string, string> All = new Dictionary<string, string>
    {
        ["src/IspBilling.Engine/Identity/"] = Likeness,
        ["src/IspBilling.Engine/Snapshots/"] = Encoding,
        ["src/IspBilling.Engine/Json/ValueConverters.cs"] = Encoding,
        ["src/IspBilling.Engine/StatementImports/Booking.cs"] = Sign,
        ["src/IspBilling.Engine/StatementImports/DeskShares.cs"] = "whether the parts that a clerk states are the entry, in more digits than money has, so that nonsense is a refusal and no overflow",
        ["src/IspBilling.Postgres/Figures/FigureRows.cs"] = Sign,
        ["src/IspBilling.Postgres/Journal/ReadModelRows.cs"] = Sign,
        ["src/IspBilling.Postgres/Imports/CandidateSearch.cs"] = Sign,
        ["src/IspBilling.Engine/StatementImports/Wave.cs"] = Sign,
        ["src/IspBilling.Documents/Invoices/InvoiceSheet.cs"] = Sign,
        ["src/IspBilling.Documents/PaymentQr/EpcPayload.cs"] = "how an amount is written: without decimals where it is whole",
        ["src/IspBilling.Postgres/Copying/CopyRows.cs"] = Encoding,
        ["src/IspBilling.Postgres/Imports/BalanceProof.cs"] = Proof,
        ["src/IspBilling.Postgres/Imports/KnownMovements.cs"] = Likeness,
        ["src/IspBilling.Postgres/Audit/"] = SecondOpinion,
        ["src/IspBilling.Banking/Reading/"] = Proof,
        ["src/IspBilling.Banking/Camt/"] = Bank,
        ["src/IspBilling.Banking/Gpc/"] = Bank,
        ["src/IspBilling.Banking/Mt940/"] = Bank,
        ["src/IspBilling.Banking/Folder/"] = "which days' statements are missing from a folder",
        ["src/IspBilling.Demo/"] = MadeUp,
    }.ToImmutableDictionary(StringComparer.Ordinal);

    public static bool Permit(string path) => All.Keys.Any(exception => Covers(exception, path));

    public static bool Covers(string exception, string path) => exception.EndsWith('/') ? path.StartsWith(exception, StringComparison.Ordinal) : path == exception;
}
