using IspBilling.Domain;

namespace IspBilling.Banking.Camt;

/// <summary>A balance of a statement; signed.</summary>
internal readonly record struct CamtBalance(Money Amount, DateOnly? On);

/// <summary>
/// The booked balances of a statement. One that covers several days may have an opening and a closing for each (Tatra banka):
/// the earliest opening and the latest closing are the statement's.
/// </summary>
internal sealed class CamtBalances
{
    private CamtBalance? _opening;
    private CamtBalance? _previousClosing;

    /// <summary>OPBD, or the closing balance of the statement before (PRCD) where the bank gives only that.</summary>
    public CamtBalance? Opening => _opening ?? _previousClosing;

    public CamtBalance? Closing { get; private set; }

    public static bool IsRead(string? type) => type is "OPBD" or "PRCD" or "CLBD";

    public void Take(string type, CamtBalance balance)
    {
        switch (type)
        {
            case "OPBD" when _opening is not { } opening || balance.On < opening.On:
                _opening = balance;
                break;
            case "PRCD" when _previousClosing is not { } previous || balance.On < previous.On:
                _previousClosing = balance;
                break;
            case "CLBD" when Closing is not { } closing || !(balance.On < closing.On):
                Closing = balance;
                break;
        }
    }
}
