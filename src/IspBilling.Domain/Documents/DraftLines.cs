namespace IspBilling.Domain;

/// <summary>What goes on one document of a bill: an invoice's supplies are of one tax month, a credit note's are dated by the day of issue.</summary>
internal sealed class DraftLines
{
    public List<(ProposedCharge Charge, DateOnly SuppliedOn)> Charges { get; } = [];

    public List<(OneOff Item, DateOnly SuppliedOn)> Items { get; } = [];

    public bool IsEmpty => Charges.Count == 0 && Items.Count == 0;

    /// <summary>The latest date of its lines.</summary>
    public DateOnly SuppliedOn { get; private set; }

    public void Add(ProposedCharge charge, DateOnly suppliedOn)
    {
        Charges.Add((charge, suppliedOn));
        Reach(suppliedOn);
    }

    public void Add(OneOff item, DateOnly suppliedOn)
    {
        Items.Add((item, suppliedOn));
        Reach(suppliedOn);
    }

    /// <summary>Takes off the item that was added last.</summary>
    public OneOff RemoveLastItem()
    {
        var item = Items[^1].Item;
        Items.RemoveAt(Items.Count - 1);
        SuppliedOn = DateOnly.MinValue;
        foreach (var (_, suppliedOn) in Charges) Reach(suppliedOn);
        foreach (var (_, suppliedOn) in Items) Reach(suppliedOn);
        return item;
    }

    public bool IsOfMonth(DateOnly day) => (SuppliedOn.Year, SuppliedOn.Month) == (day.Year, day.Month);

    private void Reach(DateOnly day)
    {
        if (day > SuppliedOn) SuppliedOn = day;
    }
}
