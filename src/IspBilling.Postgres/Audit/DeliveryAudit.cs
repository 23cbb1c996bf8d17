using System.Text.Json;
using IspBilling.Domain;
using IspBilling.Engine.Json;

namespace IspBilling.Postgres.Audit;

/// <summary>
/// Whether the outbox holds exactly what an account's events ask for: a row for each channel of each message, none missing and none of its own.
/// Which channels those are is said here once more; nothing is shared with what writes the rows.
/// </summary>
/// <remarks>What became of a delivery is no business of the journal's and is not checked.</remarks>
internal sealed class DeliveryAudit(StoredAccount stored)
{
    /// <summary>A delivery by the version its commit ended with.</summary>
    private sealed record Asked(long Version, short Kind, short Channel, OutgoingMessage Message);

    private readonly Dictionary<long, long> _commitOf = CommitsOf(stored.Events);
    private readonly List<Asked> _asked = [];

    /// <summary>Commits that may thank for a debt that is cleared; whether they do is a setting of that day, which no event tells.</summary>
    private readonly HashSet<long> _mayThank = [];

    private DeliveryPreference _preference;
    private bool _hasTakenStep;

    public void Add(AccountEvent happened, long version)
    {
        if (!_commitOf.TryGetValue(version, out var commit)) return;
        switch (happened)
        {
            case ProfileChanged e:
                _preference = e.Profile.Delivery;
                break;
            case DocumentIssued e:
                Ask(commit, MessageKind.Document, ChannelOf(_preference), new DeliverDocument(e.Document.Ordinal, _preference));
                break;
            case DunningStepTaken e:
                _hasTakenStep = true;
                OnStep(e, commit);
                break;
            case ReminderRerouted e:
                Ask(commit, MessageKind.Reminder, MessageChannel.Sms, new SendReminder(e.Code, DunningActions.Sms, e.Debt, e.StepOn, e.PolicyRevision));
                break;
            case DocumentRerouted e:
                Ask(commit, MessageKind.Document, ChannelOf(e.To), new DeliverDocument(e.Document, e.To));
                break;
            case DunningCleared:
                if (_hasTakenStep) _mayThank.Add(commit);
                _hasTakenStep = false;
                break;
            case ServiceLevelChanged e:
                Ask(commit, MessageKind.ServiceLevel, MessageChannel.Network, new EnforceServiceLevel(e.Level, e.Profile));
                break;
        }
    }

    public void Check(FindingList findings)
    {
        var found = new List<Asked>(stored.Outbox.Count);
        foreach (var rows in stored.Outbox.GroupBy(row => row.Version))
        {
            short ordinal = 0;
            foreach (var row in rows)
            {
                if (row.Ordinal != ++ordinal)
                    findings.Add(AuditCode.DeliveryDiffers, stored.Id, $"version {row.Version}", $"delivery {row.Ordinal}", $"delivery {ordinal}");
                ordinal = row.Ordinal;
                if (Read(row) is { } delivery) found.Add(delivery);
                else findings.Add(AuditCode.DeliveryDiffers, stored.Id, $"version {row.Version}", row.Payload, "a message this program knows");
            }
        }

        foreach (var commit in _mayThank.Where(commit => found.Exists(delivery => delivery.Version == commit && delivery.Message is SendThanks)))
            Ask(commit, MessageKind.Thanks, MessageChannel.Email, new SendThanks());
        RowDifference.Add(
            findings, AuditCode.DeliveryDiffers, stored.Id, found.Select(AsThen), _asked, delivery => delivery.Version, delivery => $"version {delivery.Version}");
    }

    /// <summary>Earlier releases did not say in a reminder on which day its step was taken.</summary>
    private Asked AsThen(Asked found)
    {
        if (found.Message is not SendReminder { On: null } reminder) return found;
        var asked = _asked.Find(asked => asked.Version == found.Version && asked.Message is SendReminder same && same.Step == reminder.Step);
        return asked is null ? found : found with { Message = reminder with { On = ((SendReminder)asked.Message).On } };
    }

    private void OnStep(DunningStepTaken step, long commit)
    {
        var channels = step.Actions & (DunningActions.Email | DunningActions.Sms);
        var reminder = new SendReminder(step.Code, channels, step.Debt, step.On, step.PolicyRevision);
        if (channels.HasFlag(DunningActions.Email)) Ask(commit, MessageKind.Reminder, MessageChannel.Email, reminder);
        if (channels.HasFlag(DunningActions.Sms)) Ask(commit, MessageKind.Reminder, MessageChannel.Sms, reminder);
        if (step.Actions.HasFlag(DunningActions.NotifyCollections)) Ask(commit, MessageKind.Collections, MessageChannel.Webhook, new NotifyCollections(step.Debt));
    }

    private void Ask(long commit, MessageKind kind, MessageChannel channel, OutgoingMessage message) =>
        _asked.Add(new Asked(commit, (short)kind, (short)channel, message));

    private static MessageChannel ChannelOf(DeliveryPreference preference) => preference switch
    {
        DeliveryPreference.Email => MessageChannel.Email,
        DeliveryPreference.Portal => MessageChannel.Portal,
        DeliveryPreference.Post => MessageChannel.Print,
        _ => throw new InvariantBrokenException($"no channel for {preference}"),
    };

    private static Asked? Read(OutboxRow row)
    {
        try
        {
            return new Asked(row.Version, row.Kind, row.Channel, JournalJson.ReadMessage(row.Payload));
        }
        catch (Exception unreadable) when (unreadable is JsonException or NotSupportedException or FormatException or InvariantBrokenException)
        {
            return null;
        }
    }

    /// <summary>By the version of an event, the version its commit ended with: the reply stands there.</summary>
    private static Dictionary<long, long> CommitsOf(List<EventRow> events)
    {
        var commits = new Dictionary<long, long>(events.Count);
        var end = 0L;
        for (var i = events.Count - 1; i >= 0; i--)
        {
            if (events[i].HasReply || end == 0) end = events[i].Version;
            commits[events[i].Version] = end;
        }

        return commits;
    }
}
