using System.Diagnostics.Metrics;
using IspBilling.Domain;

namespace IspBilling.Outreach.Dispatching;

/// <summary>What delivery tells of itself.</summary>
public static class OutreachTelemetry
{
    /// <summary>Of the meter.</summary>
    public const string Name = "IspBilling.Outreach";

    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Attempts = Meter.CreateCounter<long>("ispbilling.delivery.attempts", "{attempt}", "Attempts at messages, by channel and by what became of them");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("ispbilling.delivery.duration", "s", "From taking a message in hand to knowing what became of it");

    internal static void Attempted(MessageChannel channel, string ending, TimeSpan took)
    {
        var (which, what) = (KeyValuePair.Create<string, object?>("channel", channel.ToString()), KeyValuePair.Create<string, object?>("ending", ending));
        Attempts.Add(1, which, what);
        Duration.Record(took.TotalSeconds, which, what);
    }
}
