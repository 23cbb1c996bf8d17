using System.Globalization;
using System.Text;
using IspBilling.Domain;
using IspBilling.Engine.Json;
using IspBilling.Engine.Snapshots;

namespace IspBilling.Postgres.Audit;

/// <summary>Recomputes one account from its events.</summary>
internal static class AccountAudit
{
    public static void Check(StoredAccount stored, ExpectedFigures figures, NamedRevisions named, FindingList findings)
    {
        if (HistoryAudit.Read(stored, findings) is not { } events)
        {
            figures.Unreadable();
            return;
        }

        var state = AccountState.New(stored.Id);
        var books = new ExpectedBooks();
        var charges = new ChargeAudit();
        var tax = new TaxAudit();
        var deliveries = new DeliveryAudit(stored);
        foreach (var happened in events)
        {
            var before = state;
            state = state.Evolve(happened);
            books.Add(happened, state.Version);
            deliveries.Add(happened, state.Version);
            named.Add(stored.Id, happened);
            charges.Folded(happened, before, state);
            if (happened is DocumentIssued { Document: var issued }) tax.Check(stored.Id, issued, findings);
        }

        CheckState(stored, state, findings);
        BookAudit.Check(stored, books, findings);
        deliveries.Check(findings);
        charges.Check(state, books, findings);
        figures.Add(events, state, books);
    }

    private static void CheckState(StoredAccount stored, AccountState state, FindingList findings)
    {
        var row = stored.Row!;
        CheckSnapshot(stored, row.State, state, findings);

        CheckColumn("status", row.Status, (short)state.Status);
        CheckColumn("level", row.Level, (short)state.Level);
        CheckColumn("issuer", row.Issuer, state.Profile?.Issuer.Value);
        CheckColumn("balance", row.Balance, state.Balance.Minor);
        CheckColumn("next_bill_on", row.NextBillOn, state.NextBillOn);

        void CheckColumn<T>(string name, T found, T wanted)
        {
            if (!EqualityComparer<T>.Default.Equals(found, wanted)) findings.Add(AuditCode.AccountColumnDiffers, stored.Id, name, Text(found), Text(wanted));
        }
    }

    /// <remarks>
    /// A snapshot that this program does not read is no finding: the account is folded again when it is next loaded. One of an older format
    /// has other bytes than today's; what it is read as must be what the events fold to, as far as that format tells it.
    /// </remarks>
    private static void CheckSnapshot(StoredAccount stored, byte[] snapshot, AccountState state, FindingList findings)
    {
        if (!StateSnapshot.IsReadable(snapshot) || StateSnapshot.Write(state).SequenceEqual(snapshot)) return;
        var (read, folded) = (InWords(snapshot), JournalJson.StateText(StateSnapshot.AsToldBy(snapshot[0], state)));
        if (!StateSnapshot.IsCurrent(snapshot) && read == folded) return;
        var (found, wanted) = AroundFirstDifference(read, folded);
        findings.Add(AuditCode.StateDiffers, stored.Id, "state", found, wanted);
    }

    private static string InWords(byte[] snapshot)
    {
        try
        {
            return JournalJson.StateText(StateSnapshot.Read(snapshot));
        }
        catch (Exception damaged) when (damaged is FormatException or InvariantBrokenException)
        {
            return damaged.Message;
        }
    }

    private static string Text<T>(T value) => value switch
    {
        null => "nothing",
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };

    /// <summary>A state may be long, so only the place that differs is shown.</summary>
    private static (string Found, string Expected) AroundFirstDifference(string found, string expected)
    {
        const int Before = 40, Length = 120;
        var at = Math.Max(0, found.AsSpan().CommonPrefixLength(expected) - Before);
        return (Cut(found), Cut(expected));

        string Cut(string text) => text.Length <= at ? "" : text[at..Math.Min(text.Length, at + Length)];
    }
}
