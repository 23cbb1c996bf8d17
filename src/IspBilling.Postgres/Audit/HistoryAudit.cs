using System.Text.Json;
using IspBilling.Domain;
using IspBilling.Engine.Json;

namespace IspBilling.Postgres.Audit;

/// <summary>Whether an account's events are whole, untouched and readable.</summary>
internal static class HistoryAudit
{
    /// <summary>
    /// The events, decoded; null when they cannot be trusted. Then only the first fault is named: everything that follows from
    /// the events would differ too, and say nothing more.
    /// </summary>
    public static List<AccountEvent>? Read(StoredAccount account, FindingList findings)
    {
        if (!IsUnbroken(account, findings) || !EndsAtHead(account, findings)) return null;
        CheckCommits(account, findings);
        return Decode(account, findings);
    }

    private static bool IsUnbroken(StoredAccount account, FindingList findings)
    {
        byte[] before = [];
        for (var i = 0; i < account.Events.Count; i++)
        {
            var stored = account.Events[i];
            if (stored.Version != i + 1)
            {
                findings.Add(AuditCode.VersionGap, account.Id, $"version {i + 1}", $"version {stored.Version}", $"version {i + 1}");
                return false;
            }

            if (stored.Kind is null && i > 0 && account.Events[i - 1].Kind is not null)
            {
                findings.Add(
                    AuditCode.ChainFormatWentBack, account.Id, Subject(stored), "no kind of actor, as in an event of an earlier release", "who asked for it");
                return false;
            }

            var hash = EventHash.Of(account.Id.Value, stored, PersonalPart.NameCommitment(stored), before);
            if (!stored.Hash.AsSpan().SequenceEqual(hash))
            {
                findings.Add(AuditCode.ChainBroken, account.Id, Subject(stored), Convert.ToHexString(stored.Hash), Convert.ToHexString(hash));
                return false;
            }

            if (PersonalPart.Fault(stored) is { } fault)
            {
                findings.Add(AuditCode.PersonalTextDiffers, account.Id, Subject(stored), fault, "what opens the event's commitments, or their erasure");
                return false;
            }

            before = hash;
        }

        return true;
    }

    private static string Subject(EventRow stored) => $"version {stored.Version}, {stored.Name}";

    private static bool EndsAtHead(StoredAccount account, FindingList findings)
    {
        if (account.Row is not { } row)
        {
            findings.Add(AuditCode.AccountMissing, account.Id, "account", "rows of an account, but no account", "an account row");
            return false;
        }

        var head = account.Events.Count > 0 ? Convert.ToHexString(account.Events[^1].Hash) : "";
        if (row.Version == account.Events.Count && row.Head == head && account.Events.Count > 0) return true;
        findings.Add(
            AuditCode.HeadDiffers, account.Id, "head", $"version {row.Version}, hash {row.Head}", $"version {account.Events.Count}, hash {head}");
        return false;
    }

    /// <summary>A command stands on the first event of its commit, the reply on the last.</summary>
    private static void CheckCommits(StoredAccount account, FindingList findings)
    {
        var commands = new HashSet<Guid>();
        var begins = true;
        foreach (var stored in account.Events)
        {
            if (stored.Command is not null != begins)
            {
                findings.Add(
                    AuditCode.CommitMalformed, account.Id, $"version {stored.Version}", stored.Command is null ? "no command" : "a command",
                    begins ? "the command of a commit that begins" : "a commit that goes on");
                return;
            }

            if (stored.Command is { } command && !commands.Add(command))
                findings.Add(AuditCode.CommandRepeated, account.Id, $"version {stored.Version}", $"command {command} again", "each command once");
            begins = stored.HasReply;
        }

        if (!begins) findings.Add(AuditCode.CommitMalformed, account.Id, $"version {account.Events.Count}", "no reply", "the reply of the last commit");
    }

    private static List<AccountEvent>? Decode(StoredAccount account, FindingList findings)
    {
        var events = new List<AccountEvent>(account.Events.Count);
        foreach (var stored in account.Events)
        {
            try
            {
                events.Add(JournalJson.ReadEvent(stored.Name, stored.Payload, stored.Personal));
            }
            catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or FormatException or InvariantBrokenException)
            {
                findings.Add(AuditCode.EventUnreadable, account.Id, Subject(stored), unreadable.Message, "an event this program knows");
                return null;
            }
        }

        return events;
    }
}
