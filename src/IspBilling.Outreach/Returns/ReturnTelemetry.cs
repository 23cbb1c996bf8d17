using System.Diagnostics.Metrics;
using IspBilling.Outreach.Dispatching;

namespace IspBilling.Outreach.Returns;

/// <summary>What returned mails tell of themselves, in the meter of delivery.</summary>
internal static class ReturnTelemetry
{
    private static readonly Meter Meter = new(OutreachTelemetry.Name);
    private static readonly Counter<long> Reports = Meter.CreateCounter<long>("ispbilling.mail.returns", "{report}", "Reports about mails, by what was made of them");
    private static readonly Counter<long> Looks = Meter.CreateCounter<long>("ispbilling.mailbox.looks", "{look}", "Looks into mailboxes, by whether they went well");

    internal static void Taken(ReturnEnding ending) => Reports.Add(1, KeyValuePair.Create<string, object?>("ending", ending.ToString()));

    internal static void Looked(bool wentWell) => Looks.Add(1, KeyValuePair.Create<string, object?>("ending", wentWell ? "done" : "problem"));
}
