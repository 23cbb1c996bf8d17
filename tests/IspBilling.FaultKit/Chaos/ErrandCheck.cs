using IspBilling.FaultKit.Clients;

namespace IspBilling.FaultKit.Chaos;

/// <summary>Compares what callers were told with what happened.</summary>
internal static class ErrandCheck
{
    /// <summary>Acknowledged: once. Unanswered: at most once. Refused, or never asked for: not at all.</summary>
    public static IEnumerable<string> Problems(IReadOnlyDictionary<Marker, ErrandState> errands, IReadOnlyDictionary<Marker, long> effects)
    {
        foreach (var (marker, state) in errands)
        {
            var times = effects.GetValueOrDefault(marker);
            var isRight = state switch
            {
                ErrandState.Acknowledged => times == 1,
                ErrandState.Unknown => times <= 1,
                _ => times == 0,
            };
            if (!isRight) yield return $"errand {marker} is {state} and happened {times} times";
        }

        foreach (var (marker, times) in effects)
        {
            if (!errands.ContainsKey(marker)) yield return $"errand {marker} happened {times} times and nobody asked for it";
        }
    }
}
