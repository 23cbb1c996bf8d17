namespace IspBilling.Banking.Camt;

/// <summary>A party of a transaction: debtor or creditor.</summary>
internal struct CamtParty
{
    public string? Name { get; set; }
    public string? Iban { get; set; }
    public string? OtherAccount { get; set; }
    public string? Bank { get; set; }

    public readonly string? Account =>
        Iban is null ? CounterAccounts.Normal(OtherAccount, CzechBankCode) : CounterAccounts.Normal(Iban, bankCode: null);

    /// <summary>Local bank codes have four digits; other clearing codes do not belong behind a local account number.</summary>
    private readonly string? CzechBankCode => Bank is { Length: 4 } && Bank.All(char.IsAsciiDigit) ? Bank : null;
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
    public string? Direction { get; set; }
    public CamtParty Debtor;
    public CamtParty Creditor;
    public string? Unstructured { get; set; }
    public string? StructuredText { get; set; }
    public string? Text { get; set; }
    public bool IsReturn { get; set; }

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
        foreach (var reference in _structured ?? [])
        {
            symbols.TakeReference(reference);
            if (PaymentSymbols.IsSlashed(reference)) symbols.TakeSlashed(reference);
        }

        if (EndToEndId is ['/', ..]) symbols.TakeSlashed(EndToEndId);
        foreach (var (type, value) in _proprietary ?? []) symbols.Take(type, value);
        symbols.TakeFromMessage(Unstructured);
        symbols.TakeFromMessage(StructuredText);
        return symbols;
    }

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
        foreach (var reference in other._structured ?? []) AddStructured(reference);
        foreach (var (type, value) in other._proprietary ?? []) AddProprietary(type, value);
    }

    private static CamtParty Filled(CamtParty first, CamtParty second) => new()
    {
        Name = first.Name ?? second.Name,
        Iban = first.Iban ?? second.Iban,
        OtherAccount = first.OtherAccount ?? second.OtherAccount,
        Bank = first.Bank ?? second.Bank,
    };
}
