using System.Collections.Immutable;
using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.Outgoing;
using IspBilling.Postgres.Notes;
using IspBilling.Postgres.Reading;

namespace IspBilling.Desk.History;

/// <summary>The story of a client on one page: steps, messages and what became of them, payments, promises, levels and notes, in the order in which they happened.</summary>
public sealed class ClientHistory(HistoryReading reading, DocumentReading documents, ClientNotes notes)
{
    /// <summary>Before a ticket's first note and after its last one, what lies so far away belongs to its story.</summary>
    public static readonly TimeSpan AroundTicket = TimeSpan.FromDays(14);

    private static readonly ImmutableArray<string> MoneyEvents = ["payment-booked.v1", "payment-reversed.v1", "payment-restored.v1", "payment-unassigned.v1", "money-paid-back.v1"];

    private static readonly ImmutableArray<string> Everything =
    [
        .. MoneyEvents, "document-issued.v1", "dunning-step-taken.v1", "reminder-reached.v1", "reminder-rerouted.v1", "document-rerouted.v1", "email-marked.v1", "email-mark-cleared.v1", "dunning-cleared.v1", "service-level-changed.v1", "promise-made.v1", "document-dispute-set.v1",
        "dunning-exemption-set.v1", "restored-by-hand.v1", "account-closed.v1", "account-reopened.v1",
    ];

    /// <summary>The newest first, before a place.</summary>
    public async Task<IReadOnlyList<(HistoryKey Key, HistoryRow Row)>> Of(AccountId account, string reference, HistoryKey? before, int max, CancellationToken cancellation) =>
        await Rows(new HistoryQuery([account], Everything, before ?? HistoryKey.End), _ => reference, max, cancellation);

    /// <summary>A ticket's notes, with what its clients paid and were told from shortly before its first note until shortly after its last.</summary>
    /// <returns>Null when no note names the ticket.</returns>
    public async Task<IReadOnlyList<(HistoryKey Key, HistoryRow Row)>?> OfTicket(string ticket, HistoryKey? before, int max, CancellationToken cancellation)
    {
        var clients = await notes.ClientsOf(ticket, cancellation);
        if (clients.Count == 0) return null;
        var references = clients.ToDictionary(client => client.Account, client => client.Reference);
        var query = new HistoryQuery(
            references.Keys, MoneyEvents, before ?? HistoryKey.End, clients.Min(client => client.First) - AroundTicket, clients.Max(client => client.Last) + AroundTicket, ticket);
        return await Rows(query, account => references[account], max, cancellation);
    }

    private async Task<IReadOnlyList<(HistoryKey Key, HistoryRow Row)>> Rows(HistoryQuery query, Func<AccountId, string> reference, int max, CancellationToken cancellation)
    {
        var items = await reading.Of(query, max, cancellation);
        var numbers = new Dictionary<(AccountId, int), string>();
        foreach (var of in items.GroupBy(item => item.Account))
        {
            var ordinals = of.Select(DocumentOf).OfType<int>().Distinct().ToList();
            foreach (var (ordinal, number) in await documents.NumbersOf(of.Key, ordinals, cancellation)) numbers[(of.Key, ordinal)] = number;
        }

        return [.. items.Select(item => (item.Key, Row(item, reference(item.Account), DocumentOf(item) is { } ordinal ? numbers.GetValueOrDefault((item.Account, ordinal)) : null)))];
    }

    private static int? DocumentOf(HistoryItem item) => item switch
    {
        { Event.Happened: DocumentDisputeSet dispute } => dispute.Document,
        { Event.Happened: DocumentRerouted rerouted } => rerouted.Document,
        { Event.Happened: DocumentIssued issued } => issued.Document.Ordinal,
        { Delivery.Message: DeliverDocument message } => message.Document,
        _ => null,
    };

    private static HistoryRow Row(HistoryItem item, string client, string? document)
    {
        if (item.Note is { } note) return OfNote(item.Key, client, note);
        if (item.Receipt is { } receipt) return OfReceipt(item.Key, client, item.Delivery!, receipt, document);
        if (item.Delivery is { } delivery) return OfMessage(item.Key, client, delivery, document);
        return OfEvent(item.Key, client, item.Event!, document);
    }

    private static HistoryRow OfNote(HistoryKey key, string client, ClientNote note)
    {
        var kind = note.Kind switch { NoteKind.Call => HistoryKind.Call, NoteKind.Inbound => HistoryKind.Inbound, _ => HistoryKind.Note };
        return new HistoryRow(note.Id.ToString(), client, key.At, kind, note.By.Name, note.Text, Ticket: note.Ticket);
    }

    private static HistoryRow OfReceipt(HistoryKey key, string client, Delivery about, DeliveryReceipt receipt, string? document)
    {
        bool? arrived = receipt.Kind switch { ReceiptKind.Delivered => true, ReceiptKind.Undelivered => false, _ => null };
        var what = receipt.Kind switch
        {
            ReceiptKind.Delivered => "it arrived",
            ReceiptKind.Undelivered => "it did not arrive",
            ReceiptKind.Delayed => "it is delayed",
            ReceiptKind.Complained => "the receiver complained of it",
            _ => throw new InvariantBrokenException($"no words for {receipt.Kind}"),
        };
        return new HistoryRow(
            key.ToString(), client, key.At, HistoryKind.Receipt, receipt.Target, Text($"{About(about.Message, document)}: {what} ({receipt.Status})"),
            Document: document, Message: receipt.Delivery.ToString(), Channel: about.Channel, Arrived: arrived, Reason: receipt.Reason);
    }

    private static HistoryRow OfMessage(HistoryKey key, string client, Delivery delivery, string? document)
    {
        var reminder = delivery.Message as SendReminder;
        var row = new HistoryRow(
            key.ToString(), client, key.At, HistoryKind.Message, "", About(delivery.Message, document), Debt(delivery.Message), document, reminder?.Step, reminder?.PolicyRevision,
            (delivery.Message as EnforceServiceLevel)?.Level, Message: delivery.Id.ToString(), Channel: delivery.Channel, Status: delivery.Status);
        return key.Source == HistorySource.Written ? row : row with
        {
            Kind = HistoryKind.MessageEnded,
            Text = Text($"{About(delivery.Message, document)}: {Ended(delivery.Status)}"),
            Reason = delivery.Reason,
        };
    }

    private static HistoryRow OfEvent(HistoryKey key, string client, JournalEntry entry, string? document)
    {
        var row = new HistoryRow(key.ToString(), client, key.At, HistoryKind.Account, entry.By.Name, Text: null, Document: document);
        return entry.Happened switch
        {
            DunningStepTaken e => row with { Kind = HistoryKind.DunningStep, Text = $"step {e.Code} was taken", Step = e.Code, Amount = e.Debt, PolicyRevision = e.PolicyRevision },
            ReminderReached e => row with { Kind = HistoryKind.ReminderReached, Text = Text($"the message of step {e.Code} reached the client on {e.On:yyyy-MM-dd}"), Step = e.Code, Message = e.Delivery },
            ReminderRerouted e => row with { Kind = HistoryKind.Rerouted, Text = Text($"the message of step {e.Code} goes as a short message, since it did not arrive by e-mail"), Step = e.Code, Message = e.Delivery, Amount = e.Debt },
            DocumentRerouted e => row with { Kind = HistoryKind.Rerouted, Text = Text($"{document} goes as a letter, since it did not arrive by e-mail"), Message = e.Delivery },
            EmailMarked { Fault: EmailFault.Complaint } e => row with { Kind = HistoryKind.EmailMarked, Text = "the client complained of a mail: only documents go by e-mail", Reason = e.Reason },
            EmailMarked e => row with { Kind = HistoryKind.EmailMarked, Text = "mails to the client's address come back", Reason = e.Reason },
            EmailMarkCleared e => row with { Kind = HistoryKind.EmailMarked, Text = "the client's e-mail address holds after all", Reason = e.Reason },
            DunningCleared => row with { Kind = HistoryKind.DebtCleared, Text = "no debt is reminded of any more" },
            ServiceLevelChanged e => row with { Kind = HistoryKind.LevelChanged, Text = $"services: {e.Level}", Level = e.Level },
            DocumentIssued e => row with { Kind = HistoryKind.Document, Text = Text($"{document} was issued, due on {e.Document.DueOn:yyyy-MM-dd}"), Amount = e.Document.Total },
            PaymentBooked e => row with { Kind = HistoryKind.Payment, Text = Text($"payment of {e.Payment.BookedOn:yyyy-MM-dd}"), Amount = e.Payment.Amount, Reason = e.Reason },
            MoneyPaidBack e => row with { Kind = HistoryKind.PaymentTakenBack, Text = "money was paid back", Amount = e.Payment.Amount, Reason = e.Reason },
            PaymentReversed e => row with { Kind = HistoryKind.PaymentTakenBack, Text = Text($"payment {e.Payment} was taken back by the bank"), Reason = e.Reason },
            PaymentUnassigned e => row with { Kind = HistoryKind.PaymentTakenBack, Text = Text($"payment {e.Payment} was taken off this account"), Reason = e.Reason },
            PaymentRestored e => row with { Kind = HistoryKind.Payment, Text = Text($"payment {e.Payment} holds after all"), Reason = e.Reason },
            PromiseMade { Until: { } until } => row with { Kind = HistoryKind.Promise, Text = Text($"promised to pay until {until:yyyy-MM-dd}"), Until = until },
            PromiseMade => row with { Kind = HistoryKind.Promise, Text = "the promise was withdrawn" },
            DocumentDisputeSet e => row with { Kind = HistoryKind.Dispute, Text = $"{document} is {(e.Disputed ? "" : "no longer ")}contested", Reason = e.Reason },
            DunningExemptionSet e => row with { Kind = HistoryKind.Exemption, Text = e.Exempt ? "dunning leaves the client alone" : "dunning looks at the client again", Reason = e.Reason },
            RestoredByHand e => row with { Kind = HistoryKind.RestoredByHand, Text = "the service was given back by hand", Reason = e.Reason },
            AccountClosed => row with { Text = "the account was closed" },
            AccountReopened => row with { Text = "the account was opened again" },
            var other => throw new InvariantBrokenException($"no words for {other.GetType().Name} in a history"),
        };
    }

    private static string About(OutgoingMessage message, string? document) => message switch
    {
        DeliverDocument => $"document {document}",
        SendReminder reminder => $"reminder {reminder.Step}",
        SendThanks => "thanks",
        EnforceServiceLevel level => $"services: {level.Level}",
        NotifyCollections => "handed over for collection",
        var other => other.About().ToString(),
    };

    private static Money? Debt(OutgoingMessage message) => message switch
    {
        SendReminder reminder => reminder.Debt,
        NotifyCollections collections => collections.Debt,
        _ => null,
    };

    private static string Ended(DeliveryStatus status) => status switch
    {
        DeliveryStatus.Delivered => "accepted",
        DeliveryStatus.Failed => "refused",
        DeliveryStatus.Dead => "given up",
        DeliveryStatus.Superseded => "not sent, since it no longer held",
        DeliveryStatus.Unknown => "nobody knows whether it arrived",
        _ => "under way",
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
