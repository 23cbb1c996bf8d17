namespace IspBilling.Banking.Fio;

/// <summary>
/// One movement as JSON, XML or CSV tells it: a text for each column, null where the bank has nothing. One object serves the whole file,
/// which is why it is mutable.
/// </summary>
internal sealed class FioMovement
{
    private readonly string?[] _texts = new string?[FioColumns.Count];

    public string? this[FioColumn column]
    {
        get => _texts[(int)column];
        set => _texts[(int)column] = value is null || value.AsSpan().Trim().IsEmpty ? null : value.Trim();
    }

    /// <summary>A second column of the same name: both texts are kept, because nobody knows which of them the payer wrote.</summary>
    public void Add(FioColumn column, string? value)
    {
        if (this[column] is not { } before) this[column] = value;
        else if (value?.Trim() is { Length: > 0 } more && more != before) this[column] = $"{before} {more}";
    }

    public void Clear() => Array.Clear(_texts);
}
