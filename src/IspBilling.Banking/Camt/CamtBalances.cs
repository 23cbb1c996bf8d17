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
    private CamtBalance? _closing;
    private readonly List<CamtBalance> _interim = [];

    /// <summary>More are not kept: a statement has one at its beginning and one at its end.</summary>
    private const int InterimMax = 2;

    /// <summary>
    /// OPBD, or the closing balance of the statement before (PRCD) where the bank gives only that, or the interim balance (ITBD) at which
    /// an earlier statement of the same day ended.
    /// </summary>
    public CamtBalance? Opening => _opening ?? _previousClosing ?? (_closing is not null || _interim.Count == InterimMax ? FirstInterim : null);

    /// <summary>CLBD, or the interim balance at which a statement ends that does not cover its day to the end.</summary>
    public CamtBalance? Closing => _closing ?? (_opening is not null || _previousClosing is not null || _interim.Count == InterimMax ? LastInterim : null);

    private CamtBalance? FirstInterim => _interim.Count > 0 ? _interim[0] : null;
    private CamtBalance? LastInterim => _interim.Count > 0 ? _interim[^1] : null;

    public static bool IsRead(string? type) => type is "OPBD" or "PRCD" or "CLBD" or "ITBD";

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
            case "CLBD" when _closing is not { } closing || !(balance.On < closing.On):
                _closing = balance;
                break;
            case "ITBD" when _interim.Count < InterimMax:
                _interim.Add(balance);
                break;
        }
    }
}
