using System.Text;
using System.Text.Json;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Json;
using IspBilling.Engine.StatementImports;
using IspBilling.Simulation.Hosting;
using IspBilling.Simulation.Running;
using IspBilling.Simulation.Storage;

namespace IspBilling.Simulation.Auditing;

/// <summary>
/// Watches a simulated provider from outside: what was asked, what was answered, and what became durable. It keeps a model of its
/// own, written from the rules of billing and not from the engine, and looks after every step whether the two still agree.
/// </summary>
/// <remarks>What the model leaves out is listed at <see cref="AccountCheck"/>.</remarks>
public sealed class Auditor : IWitness
{
    private const int MaxFindings = 20;

    /// <summary>Why an account may be parked: a price that the provider has not entered yet.</summary>
    private const string MissingPrice = "has no price on";

    private readonly InMemoryJournal _journal;
    private readonly Books _books;
    private readonly SimulatedClock _clock;
    private readonly Trace _trace;
    private readonly Dictionary<AccountId, AccountCheck> _accounts = [];
    private readonly Dictionary<CommandId, (AccountId Account, Envelope Envelope)> _asked = [];
    private readonly Dictionary<CommandId, long> _durableSince = [];
    private readonly Queue<(AccountCommit Commit, FinishedCommit Finished)> _durable;
    private readonly SeriesCheck _series;
    private readonly EntryCheck _entries;
    private readonly RunAudit _runs;
    private readonly List<Finding> _findings = [];
    private int _messages;
    private int _postings;

    /// <param name="durable">Commits that became durable; read from it after every step.</param>
    public Auditor(
        InMemoryJournal journal, Queue<(AccountCommit Commit, FinishedCommit Finished)> durable, Books books, MemoryImportStore imports, MemoryRunStore runs,
        SimulatedClock clock, Trace trace)
    {
        (_journal, _durable, _books, _clock, _trace) = (journal, durable, books, clock, trace);
        _series = new SeriesCheck((check, detail) => Complain(check, null, detail));
        _entries = new EntryCheck(imports, Complain);
        _runs = new RunAudit(runs, Complain);
    }

    public IReadOnlyList<Finding> Findings => _findings;

    public long Commits { get; private set; }

    /// <summary>Items of an account, among them what dunning added.</summary>
    internal IEnumerable<OneOffAdded> ItemsOf(AccountId account) => _accounts.TryGetValue(account, out var audit) ? audit.Items : [];

    public void Asked(AccountId account, Envelope envelope)
    {
        _asked[envelope.Id] = (account, envelope);
        _trace.Add($"{account} is asked {Short(envelope.Id)} {envelope.Command}");
    }

    public long Moment => Commits;

    public void Answered(AccountId account, Envelope envelope, AccountReply reply, long since)
    {
        _trace.Add($"{account} answers {envelope.Command.GetType().Name} {Short(envelope.Id)}: {Told(reply)}");
        if (reply is Parked parked)
        {
            if (!parked.Reason.Contains(MissingPrice, StringComparison.Ordinal)) Complain(Check.Soundness, account, $"parked by {envelope.Command}: {parked.Reason}");
            return;
        }

        // What is durable is answered the same for ever. Only a copy that was on its way before then may have been refused meanwhile:
        // a refusal is remembered by nobody.
        AfterStep();
        if (_journal.ReplyTo(account, envelope.Id) is { } stored && _durableSince.GetValueOrDefault(envelope.Id) <= since && envelope.Command is not Bill { PreviewOnly: true } && Json(stored) != Json(reply))
            Complain(Check.Once, account, $"{envelope.Command} is answered {Json(reply)}, before it was {Json(stored)}");
        RequireDone(account, envelope.Command, reply);
    }

    /// <summary>Something failed in a way that no fault explains.</summary>
    public void Broke(string what, Exception failure) => Complain(Check.Soundness, null, $"{what}: {failure}");

    /// <summary>A file with these movements was accepted by the engine.</summary>
    public void FileTaken(IEnumerable<Movement> movements) => _entries.Listed(movements);

    /// <summary>A clerk states what an entry in another currency is worth, if the desk takes it.</summary>
    public void WorthStated(long entry, Money worth) => _entries.Stated(entry, worth);

    /// <summary>Looks at what the last step made durable.</summary>
    public void AfterStep()
    {
        while (_durable.TryDequeue(out var durable)) Audit(durable.Commit, durable.Finished);
    }

    /// <summary>Runs have ended: what they tell is what happened.</summary>
    public void LookAtRuns() => _runs.Compare(isQuiet: false);

    /// <summary>Looks at everything: all entries, all runs, all accounts, old snapshots.</summary>
    /// <param name="isQuiet">Nothing is under way.</param>
    public void LookAtAll(bool isQuiet)
    {
        _entries.Compare(isQuiet);
        _runs.Compare(isQuiet);
        foreach (var (account, audit) in _accounts)
        {
            var stored = _journal.StateOf(account);
            audit.Compare(stored);
            audit.CompareSnapshot(stored);
            if (isQuiet && _journal.ParkedReason(account) is { } parked) Complain(Check.Convergence, account, $"still parked: {parked}");
        }

        foreach (var (account, balance) in _books.PostingsAfter(0).Where(row => row.Posting.Account == LedgerAccount.Receivables).GroupBy(row => row.Account, (id, rows) => (id, rows.Sum(row => row.Posting.Amount.Minor))))
        {
            if (_accounts[account].Ledger.Balance != balance) Complain(Check.Postings, account, $"postings leave {balance} receivable, expected {_accounts[account].Ledger.Balance}");
        }
    }

    /// <summary>Everybody is billed through a day, and nobody has a step of dunning left to take.</summary>
    public void RequireUpToDate(TariffCatalogue catalogue, DunningPolicy policy, DateOnly through)
    {
        foreach (var (account, audit) in _accounts)
        {
            audit.RequireBilledUp(catalogue, through, Check.Convergence);
            var rules = audit.RulesOn(_clock.Today, policy, DunningActions.Email | DunningActions.Sms);
            if (rules.Due is { } step) Complain(Check.Dunning, account, $"step {step} is due on {_clock.Today:yyyy-MM-dd} and was not taken");
            if (audit.Dunning.Level != rules.Level) Complain(Check.Dunning, account, $"level {audit.Dunning.Level} on {_clock.Today:yyyy-MM-dd}, and {rules.Level} is justified");
        }
    }

    public void Complain(Check check, AccountId? account, string detail)
    {
        if (_findings.Count >= MaxFindings) return;
        _findings.Add(new Finding(check, account, detail));
        _trace.Add($"FOUND {_findings[^1]}");
    }

    private void Audit(AccountCommit commit, FinishedCommit finished)
    {
        _durableSince.TryAdd(commit.Command, ++Commits);
        var account = commit.Account;
        if (!_accounts.TryGetValue(account, out var audit))
            _accounts.Add(account, audit = new AccountCheck(account, (check, detail) => Complain(check, account, detail)));
        Envelope? envelope = _asked.TryGetValue(commit.Command, out var known) && known.Account == account ? known.Envelope : null;
        var asked = envelope?.Command;
        var entries = _journal.EntriesAfter(account, audit.Version);
        var events = audit.Read(new DurableCommit(account, commit.Command, asked, envelope?.By, commit.Context, commit.At), [.. entries.Take(finished.Events.Length)]);
        _trace.Add($"{account} v{audit.Version} {asked?.GetType().Name} {Short(commit.Command)}: {string.Join(", ", events.Select(Told))}");

        foreach (var happened in events)
        {
            if (happened is DocumentIssued { Document: var document }) _series.Read(document);
            _entries.Read(account, happened);
            _runs.Read(account, happened);
        }

        RequirePostings(account, audit.Version, events);
        RequireMessages(account, audit);
        if (entries.Count == events.Count) audit.Compare(_journal.StateOf(account));
    }

    /// <summary>Postings of each event sum to zero, and to what the event is about.</summary>
    private void RequirePostings(AccountId account, long lastVersion, IReadOnlyList<AccountEvent> events)
    {
        var rows = _books.PostingsAfter(_postings).TakeWhile(row => row.Account == account && row.Version <= lastVersion).ToLookup(row => row.Version, row => row.Posting);
        _postings += rows.Sum(ofEvent => ofEvent.Count());
        for (var i = 0; i < events.Count; i++)
        {
            var version = lastVersion - events.Count + 1 + i;
            var posted = rows[version].ToList();
            var sum = posted.Sum(posting => posting.Amount.Minor);
            if (sum != 0) Complain(Check.Postings, account, $"postings of {Told(events[i])} sum to {sum}");
            if (ExpectedOn(account, events[i]) is not { } expected)
            {
                if (posted.Count > 0) Complain(Check.Postings, account, $"{Told(events[i])} has postings");
                continue;
            }

            var (receivable, vat) = (On(LedgerAccount.Receivables), On(LedgerAccount.Vat));
            if (receivable != expected.Receivable || vat != expected.Vat)
                Complain(Check.Postings, account, $"{Told(events[i])} posts {receivable} receivable and {vat} tax, expected {expected}");

            long On(LedgerAccount wanted) => posted.Where(posting => posting.Account == wanted).Sum(posting => posting.Amount.Minor);
        }
    }

    private (long Receivable, long Vat)? ExpectedOn(AccountId account, AccountEvent happened) => happened switch
    {
        DocumentIssued e => (e.Document.Total.Minor, -e.Document.Vat.Sum(total => total.Tax.Minor)),
        PaymentBooked e => (-e.Payment.Amount.Minor, 0),
        MoneyPaidBack e => (-e.Payment.Amount.Minor, 0),
        PaymentRestored e => (-AmountOf(account, e.Payment), 0),
        PaymentReversed e => (AmountOf(account, e.Payment), 0),
        PaymentUnassigned e => (AmountOf(account, e.Payment), 0),
        _ => null,
    };

    private long AmountOf(AccountId account, int payment) =>
        _accounts[account].Ledger.Payments.TryGetValue(payment, out var known) ? known.Payment.Amount.Minor : 0;

    private void RequireMessages(AccountId account, AccountCheck audit)
    {
        var expected = audit.TakeExpectedMessages();
        var written = _journal.Outbox.After(_messages);
        _messages += written.Count;
        foreach (var delivery in written)
        {
            if (delivery.Id.Account != account || delivery.Id.Version != audit.Version || !expected.Remove((delivery.Channel, delivery.Message)))
                Complain(Check.Messages, delivery.Id.Account, $"{delivery.Message} goes by {delivery.Channel} and nothing asks for it");
        }

        foreach (var (channel, message) in expected) Complain(Check.Messages, account, $"{message} does not go by {channel}");
    }

    /// <summary>What an account says it has done stands in the journal.</summary>
    private void RequireDone(AccountId account, AccountCommand command, AccountReply reply)
    {
        if (!_accounts.TryGetValue(account, out var audit)) return;
        var isThere = (command, reply) switch
        {
            (BookPayment c, PaymentReceipt receipt) => audit.Ledger.Payments.TryGetValue(receipt.Payment, out var payment) && payment.Payment.Entry == c.Entry,
            (ReversePayment c, PaymentTakenBack taken) => audit.Ledger.Payments.TryGetValue(taken.Payment, out var payment) && payment.TakenBackBy.Contains(c.Entry),
            (ReturnPayment c, PaymentTakenBack taken) => audit.Ledger.Payments.TryGetValue(taken.Payment, out var payment)
                && (payment.TakenBackBy.Contains(c.Entry) || audit.Ledger.Payments.Values.Any(part => part.IsOutgoing && part.Payment.Entry == c.Entry)),
            (BookRefund c, PaymentReceipt receipt) => audit.Ledger.Payments.TryGetValue(receipt.Payment, out var refund) && refund.Payment.Entry == c.Entry && refund.IsOutgoing,
            (ReversePayment c, Refused { Reason: RefusalReason.UnknownPayment }) => audit.Ledger.FoundNothing.Contains(c.Entry),
            (AddOneOff c, Done) => audit.Knows(c.Id),
            (PutService c, Done) => audit.HasService(c.Reference),
            (Bill { PreviewOnly: false }, Billed billed) => billed.Documents.All(document =>
                audit.Ledger.Documents.TryGetValue(document.Ordinal, out var issued) && issued.Document.Number == document.Number && issued.Document.Total == document.Total),
            _ => true,
        };
        if (!isThere) Complain(Check.Once, account, $"{command} is answered {Told(reply)} and has not happened");
    }

    private static string Told(AccountEvent happened) => happened switch
    {
        DocumentIssued e => $"{e.Document.Kind} {e.Document.Number} {e.Document.Total}",
        PaymentBooked e => $"PaymentBooked {e.Payment.Ordinal} {e.Payment.Amount}",
        MoneyPaidBack e => $"MoneyPaidBack {e.Payment.Ordinal} {e.Payment.Amount}",
        PaymentReversed e => $"PaymentReversed {e.Payment}",
        PaymentRestored e => $"PaymentRestored {e.Payment}",
        DunningStepTaken e => $"DunningStepTaken {e.Code}",
        ServiceTermsChanged e => $"ServiceTermsChanged {e.Service} from {e.From:yyyy-MM-dd}",
        _ => happened.GetType().Name,
    };

    private static string Told(AccountReply reply) => reply switch
    {
        Billed billed => $"Billed {string.Join(" ", billed.Documents.Select(document => document.Number ?? "draft"))}",
        Refused refused => $"Refused {refused.Reason}",
        PaymentReceipt receipt => $"PaymentReceipt {receipt.Payment}",
        Reviewed reviewed => $"Reviewed {reviewed.Step}",
        _ => reply.GetType().Name,
    };

    private static string Short(CommandId id) => id.Value.ToString("N")[..6];

    private static string Json(AccountReply reply)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) JournalJson.WriteReply(writer, reply);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
