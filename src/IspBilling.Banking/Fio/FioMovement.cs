namespace IspBilling.Banking.Fio;

/// <summary>
/// One movement as JSON or CSV tells it: a text for each column, null where the bank has nothing. One object serves the whole file,
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

    public void Clear() => Array.Clear(_texts);
}
