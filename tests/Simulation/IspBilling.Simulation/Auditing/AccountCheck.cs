using System.Collections.Immutable;
using IspBilling.Domain;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Json;
using IspBilling.Engine.Snapshots;

namespace IspBilling.Simulation.Auditing;

/// <summary>A commit that became durable, and what it was decided under.</summary>
/// <param name="Asked">The command, if anybody asked it.</param>
/// <param name="AskedBy">Who asked it, if anybody did.</param>
internal sealed record DurableCommit(AccountId Account, CommandId Command, AccountCommand? Asked, Actor? AskedBy, DecisionContext Context, DateTimeOffset At);

/// <summary>
/// One account as the auditor knows it: read from the journal alone, event by event, into a model of its own.
/// <para>
/// Not modelled apart from the engine: in which order open invoices are settled (only that no more is settled than there is, and
/// that no credit lies idle), the texts on lines, how a correction is distributed over several lines of older documents (only that
/// the lines sum to what is charged and none is credited beyond what it charged), and what a bill without effect would have said.
/// </para>
/// </summary>
internal sealed partial class AccountCheck
{
    private readonly AccountId _account;
    private readonly Action<Check, string> _complain;
    private readonly SortedDictionary<int, Subscription> _subscriptions = [];
    private readonly Dictionary<string, Item> _items = [];
    private readonly HashSet<CommandId> _commands = [];
    private readonly List<(MessageChannel Channel, OutgoingMessage Message)> _expected = [];
    private readonly TaxBook _tax = new();
    private AccountProfile? _profile;
    private ImmutableArray<byte> _hash = [];
    private AccountState _snapshot;
    private readonly List<AccountEvent> _sinceSnapshot = [];

    public AccountCheck(AccountId account, Action<Check, string> complain)
    {
        (_account, _complain) = (account, complain);
        Ledger = new Ledger(complain);
        Replayed = AccountState.New(account);
        _snapshot = Replayed;
    }

    public long Version { get; private set; }

    public Ledger Ledger { get; }

    public DunningPosition Dunning { get; private set; } = DunningPosition.Start;

    /// <summary>The fold of the events by the engine's own evolution; only compared, never believed.</summary>
    public AccountState Replayed { get; private set; }

    public IEnumerable<OneOffAdded> Items => _items.Values.Select(item => item.Added);

    public bool Knows(string item) => _items.ContainsKey(item);

    public bool HasService(string reference) => _subscriptions.Values.Any(subscription => subscription.Reference == reference);

    /// <summary>Messages that events since the last call asked for.</summary>
    public List<(MessageChannel Channel, OutgoingMessage Message)> TakeExpectedMessages()
    {
        var taken = _expected.ToList();
        _expected.Clear();
        return taken;
    }

    /// <summary>Reads one commit: its entries, as they stand in the journal.</summary>
    public IReadOnlyList<AccountEvent> Read(DurableCommit commit, IReadOnlyList<ChainedEvent> entries)
    {
        if (commit.Asked is null) _complain(Check.Once, $"command {commit.Command} took effect and nobody asked it");
        if (!_commands.Add(commit.Command)) _complain(Check.Once, $"command {commit.Command} took effect twice");
        if (commit.Context.Today != DateOnly.FromDateTime(commit.At.UtcDateTime)) _complain(Check.Soundness, $"decided for {commit.Context.Today} at {commit.At}");
        var chargedBefore = _subscriptions.Values.ToDictionary(subscription => subscription.Number, subscription => subscription.ChargedUpTo);
        var levelBefore = Dunning.Level;
        var events = entries.Select(Follow).ToList();
        for (var i = 0; i < entries.Count; i++) RequireOrigin(commit, entries[i].Origin, isFirst: i == 0);
        foreach (var happened in events)
        {
            Replayed = Replayed.Evolve(happened);
            _sinceSnapshot.Add(happened);
            Apply(happened, commit);
        }

        if (events.Exists(happened => happened is DocumentIssued)) RequireChargesAsOwed(commit, chargedBefore);
        Ledger.RequireNoIdleCredit();
        RequireLevel(commit, events, levelBefore);
        return events;
    }

    /// <summary>What is stored is what the events say, to the engine's fold and to the auditor's sums.</summary>
    public void Compare(AccountState stored)
    {
        if (!StateText.Same(stored, Replayed)) _complain(Check.Replay, "the stored state is not what the events fold to");
        if (stored.Profile is not null && stored.Balance.Minor != Ledger.Balance) _complain(Check.Balance, $"balance {stored.Balance}, expected {Ledger.Balance}");
        foreach (var document in stored.Documents)
        {
            if (!Ledger.Documents.TryGetValue(document.Ordinal, out var own)) _complain(Check.Balance, $"document {document.Ordinal} is nowhere issued");
            else if (own.Settled != document.Settled.Minor) _complain(Check.Balance, $"{document.Settled} of document {document.Ordinal} is settled, expected {own.Settled}");
        }

        if (stored.Level != Dunning.Level) _complain(Check.Dunning, $"level {stored.Level}, expected {Dunning.Level}");
    }

    /// <summary>The state as it was stored at some time, and the events after it, fold to what is stored now; then a new snapshot is taken.</summary>
    public void CompareSnapshot(AccountState stored)
    {
        var state = _snapshot;
        foreach (var happened in _sinceSnapshot) state = state.Evolve(happened);
        if (!StateText.Same(stored, state))
            _complain(Check.Snapshot, $"the state stored {_sinceSnapshot.Count} events ago and the events after it do not fold to the stored state");
        _snapshot = StateSnapshot.Read(StateSnapshot.Write(stored));
        _sinceSnapshot.Clear();
    }

    private AccountEvent Follow(ChainedEvent entry)
    {
        var hash = ChainRules.HashOf(_account, entry, _hash.AsSpan(), Version + 1);
        if (ChainRules.Closed(entry) is { } closed) _complain(Check.Chain, $"event {entry.Version}: {closed}");
        if (entry.Version != Version + 1) _complain(Check.Chain, $"event {entry.Version} after {Version}");
        if (!entry.Hash.AsSpan().SequenceEqual(hash)) _complain(Check.Chain, $"event {entry.Version} does not carry the hash of the one before");
        (Version, _hash) = (entry.Version, entry.Hash);
        return JournalJson.ReadEvent(entry.Name, entry.Payload, entry.Personal);
    }

    /// <summary>Each event says who asked, when, and the first of a commit by which command.</summary>
    private void RequireOrigin(DurableCommit commit, EventOrigin origin, bool isFirst)
    {
        if (commit.AskedBy is { } by && origin.By != by) _complain(Check.Chain, $"{commit.Command} was asked by {by}, and stands as {origin.By}'s");
        if (origin.At != commit.At) _complain(Check.Chain, $"{commit.Command} was decided at {commit.At}, and stands at {origin.At}");
        if (origin.Command != (isFirst ? commit.Command : null)) _complain(Check.Chain, $"{commit.Command} stands as {origin.Command}");
    }

    private void Apply(AccountEvent happened, DurableCommit commit)
    {
        Ledger.Apply(happened);
        switch (happened)
        {
            case ProfileChanged e:
                _profile = e.Profile;
                break;
            case ServiceStarted e:
                if (!_subscriptions.TryAdd(e.Number, new Subscription(e))) _complain(Check.Once, $"service {e.Number} started twice");
                break;
            case ServiceTermsChanged e:
                OnSubscription(e.Service, e);
                break;
            case ServiceEndSet e:
                OnSubscription(e.Service, e);
                break;
            case ServicePaused e:
                OnSubscription(e.Service, e);
                break;
            case PauseRemoved e:
                OnSubscription(e.Service, e);
                break;
            case SpecialPriceAgreed e:
                OnSubscription(e.Service, e);
                break;
            case SpecialPriceRemoved e:
                OnSubscription(e.Service, e);
                break;
            case OneOffAdded e:
                if (_items.ContainsKey(e.Id)) _complain(Check.Once, $"item {e.Id} was added twice");
                _items[e.Id] = new Item(e);
                break;
            case OneOffCancelled e:
                if (_items.TryGetValue(e.Id, out var item)) item.Cancelled = true;
                break;
            case DocumentIssued e:
                Issued(e, commit);
                break;
            case HistorySettled e:
                Settled(e, commit);
                break;
            case ContractAgreed or ContractRemoved or ServiceContractSet:
                Contracted(happened, commit);
                break;
            case DunningStepTaken or ReminderReached or ReminderLost or DunningCleared or ServiceLevelChanged or PromiseMade or DunningExemptionSet or RestoredByHand:
                Dunned(happened, commit);
                break;
        }
    }

    private void OnSubscription(int service, AccountEvent happened)
    {
        if (_subscriptions.TryGetValue(service, out var subscription)) subscription.Apply(happened, Version);
        else _complain(Check.Charges, $"{happened.GetType().Name} of service {service}, which does not exist");
    }

    private void Settled(HistorySettled settled, DurableCommit commit)
    {
        if (settled.Before > commit.Context.Today.AddMonths(-commit.Context.CorrectionHorizonMonths)) _complain(Check.Balance, $"history settled up to {settled.Before:yyyy-MM-dd}");
        foreach (var service in Replayed.Services)
        {
            if (service.SettledUpTo is not { } upTo || _subscriptions[service.Number].SettledUpTo == upTo) continue;
            if (upTo > settled.Before) _complain(Check.Charges, $"service {service.Number} is closed up to {upTo:yyyy-MM-dd}, later than {settled.Before:yyyy-MM-dd}");
            _subscriptions[service.Number].Settle(upTo);
        }

        if (!Replayed.Documents.Any(document => document.Kind == DocumentKind.CreditNote))
        {
            foreach (var subscription in _subscriptions.Values) subscription.ForgetWhatWasTakenBack();
        }

        var kept = Replayed.Documents.Select(document => document.Ordinal).ToHashSet();
        foreach (var (ordinal, document) in Ledger.Documents)
        {
            if (!kept.Contains(ordinal) && document.Open != 0) _complain(Check.Balance, $"document {ordinal} left the state with {document.Open} open");
        }

        var payments = Replayed.Payments.Select(payment => payment.Ordinal).ToHashSet();
        foreach (var (ordinal, payment) in Ledger.Payments)
        {
            if (!payments.Contains(ordinal) && payment.Credit != 0) _complain(Check.Balance, $"payment {ordinal} left the state with {payment.Credit} to use");
        }
    }
}
