namespace IspBilling.Banking.Camt;

/// <summary>An Ntry element while it is read: the texts as they stand.</summary>
internal sealed class CamtEntry(long record, int line)
{
    public long Record { get; } = record;
    public int Line { get; } = line;

    public string? Amount { get; set; }
    public string? Currency { get; set; }
    public string? Direction { get; set; }
    public string? Reversal { get; set; }
    public string? Status { get; set; }
    public DateOnly? BookedOn { get; set; }
    public DateOnly? ValueOn { get; set; }
    public string? ServicerReference { get; set; }
    public string? Text { get; set; }
    public string? BatchReference { get; set; }

    /// <summary>How many payments the bank says the entry holds; it may tell none of them.</summary>
    public int BatchCount { get; set; }

    /// <summary>What the bank kept, in the currency of each charge.</summary>
    public List<(string Amount, string? Currency)> Charges { get; } = [];

    /// <summary>Number of NtryDtls elements.</summary>
    public int DetailGroups { get; set; }

    /// <summary>Number of TxDtls elements, also of those beyond the limit, which are not kept.</summary>
    public int DetailCount { get; set; }

    public List<CamtDetail> Details { get; } = new(capacity: 1);
}
