namespace IspBilling.Banking.Camt;

/// <summary>A party of a transaction: debtor or creditor.</summary>
internal struct CamtParty
{
    public string? Name { get; set; }
    public string? Iban { get; set; }
    public string? OtherAccount { get; set; }
    public string? Bank { get; set; }
    public string? Bic { get; set; }

    public readonly bool IsKnown => Name is not null || Account is not null;

    public readonly string? Account =>
        Iban is not null ? CounterAccounts.Normal(Iban, bankCode: null)
        : IsForeign ? CounterAccounts.AsWritten(OtherAccount)
        : CounterAccounts.Normal(OtherAccount, LocalBankCode);

    /// <summary>Local bank codes have four digits; other clearing codes do not belong behind a local account number.</summary>
    public readonly string? LocalBankCode => Bank is { Length: 4 } && Bank.All(char.IsAsciiDigit) ? Bank : null;

    /// <summary>The fifth and sixth letter of a BIC are the country of the bank.</summary>
    private readonly bool IsForeign => Bic is { Length: >= 6 } && Bic.AsSpan(4, 2) is not ("CZ" or "SK");
}

/// <summary>A TxDtls element while it is read: one transaction of an entry.</summary>
internal sealed class CamtDetail
{
    /// <summary>References of one kind that are kept; the schema sets no limit.</summary>
    private const int ReferencesMax = 16;

    private List<string>? _structured;
    private List<(string Type, string Value)>? _proprietary;

    public string? ServicerReference { get; set; }
    public string? EndToEndId { get; set; }
    public string? TransactionId { get; set; }
    public string? Amount { get; set; }
    public string? AmountCurrency { get; set; }
    public string? DetailsAmount { get; set; }
    public string? DetailsAmountCurrency { get; set; }
    public string? Instructed { get; set; }
    public string? InstructedCurrency { get; set; }
    public List<(string Amount, string? Currency)> Charges { get; } = [];
    public string? Direction { get; set; }
    public CamtParty Debtor;
    public CamtParty Creditor;
    public string? UltimateDebtor { get; set; }
    public string? UltimateCreditor { get; set; }
    public string? Unstructured { get; set; }
    public string? StructuredText { get; set; }
    public string? Text { get; set; }
    public bool IsReturn { get; set; }
    public IReadOnlyList<string> Structured => _structured ?? (IReadOnlyList<string>)[];
    public IReadOnlyList<(string Type, string Value)> Proprietary => _proprietary ?? (IReadOnlyList<(string, string)>)[];

    public void AddStructured(string reference)
    {
        _structured ??= [];
        if (_structured.Count < ReferencesMax) _structured.Add(reference);
    }

    public void AddProprietary(string type, string value)
    {
        _proprietary ??= [];
        if (_proprietary.Count < ReferencesMax) _proprietary.Add((type, value));
    }

    /// <summary>Where banks put symbols, the most reliable place first.</summary>
    public PaymentSymbols Symbols()
    {
        var symbols = new PaymentSymbols();
        var bare = new List<string>();
        foreach (var reference in Structured)
            if (!symbols.TakeLabelled(CreditorReference, reference)) bare.Add(reference);
        if (EndToEndId is not null) symbols.TakeLabelled(EndToEnd, EndToEndId);
        foreach (var (type, value) in Proprietary) symbols.Take("Prtry", type, value);
        foreach (var reference in bare) symbols.TakeCreditorReference(CreditorReference, reference);
        symbols.TakeLabelled("Ustrd", Unstructured);
        symbols.TakeLabelled("AddtlRmtInf", StructuredText);

        // The payer's own number of the order may be a document number as well: for a person, or for rules that ask for more evidence.
        if (IsNumber(EndToEndId)) symbols.PassOver(EndToEnd, EndToEndId!);
        return symbols;
    }

    /// <summary>True for an end-to-end id that carries symbols and so is no reference of one payment.</summary>
    public bool IsEndToEndSymbols => EndToEndId is not null && new PaymentSymbols().TakeLabelled(EndToEnd, EndToEndId);

    private const string EndToEnd = "EndToEndId";
    private const string CreditorReference = "CdtrRefInf";

    private static bool IsNumber(string? text) =>
        text is not null && text.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0 && text.AsSpan().IndexOfAnyExcept('0') >= 0;

    /// <summary>The same transaction told twice: what the first telling lacks is taken from the second.</summary>
    public void FillFrom(CamtDetail other)
    {
        ServicerReference ??= other.ServicerReference;
        EndToEndId ??= other.EndToEndId;
        TransactionId ??= other.TransactionId;
        Debtor = Filled(Debtor, other.Debtor);
        Creditor = Filled(Creditor, other.Creditor);
        Unstructured ??= other.Unstructured;
        StructuredText ??= other.StructuredText;
        Text ??= other.Text;
        IsReturn |= other.IsReturn;
        UltimateDebtor ??= other.UltimateDebtor;
        UltimateCreditor ??= other.UltimateCreditor;
        if (Charges.Count == 0) Charges.AddRange(other.Charges);
        foreach (var reference in other.Structured) AddStructured(reference);
        foreach (var (type, value) in other.Proprietary) AddProprietary(type, value);
    }

    private static CamtParty Filled(CamtParty first, CamtParty second) => new()
    {
        Name = first.Name ?? second.Name,
        Iban = first.Iban ?? second.Iban,
        OtherAccount = first.OtherAccount ?? second.OtherAccount,
        Bank = first.Bank ?? second.Bank,
        Bic = first.Bic ?? second.Bic,
    };
}
