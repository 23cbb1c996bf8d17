using System.Collections.Immutable;
using IspBilling.Domain;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Json;
using IspBilling.Engine.Snapshots;

namespace IspBilling.Simulation.Auditing;

/// <summary>A commit that became durable, and what it was decided under.</summary>
/// <param name="Asked">The command, if anybody asked it.</param>
internal sealed record DurableCommit(AccountId Account, CommandId Command, AccountCommand? Asked, DecisionContext Context, DateTimeOffset At);

/// <summary>
/// One account as the auditor knows it: read from the journal alone, event by event, into a model of its own.
/// <para>
/// Not modelled apart from the engine: in which order open invoices are settled (only that no more is settled than there is, and
/// that no credit lies idle), the texts on lines, how a correction is distributed over several lines of older documents (only that
/// the lines sum to what is charged and none is credited beyond what it charged), and what a bill without effect would have said.
/// </para>
/// </summary>
internal sealed class AccountCheck
{
    private readonly AccountId _account;
    private readonly Action<Check, string> _complain;
    private readonly SortedDictionary<int, Contract> _contracts = [];
    private readonly Dictionary<string, Item> _items = [];
    private readonly HashSet<CommandId> _commands = [];
    private readonly List<OutgoingMessage> _expected = [];
    private readonly TaxBook _tax = new();
    private AccountProfile? _profile;
    private ImmutableArray<byte> _hash = [];
    private AccountState _snapshot;
    private readonly List<AccountEvent> _sinceSnapshot = [];

    private sealed class Item(OneOffAdded added)
    {
        public OneOffAdded Added { get; } = added;
        public bool Cancelled { get; set; }
        public bool WasBilled { get; set; }
        public long OnDocuments { get; set; }

        /// <summary>Price × quantity, halves away from zero.</summary>
        public long AmountMinor => (long)Math.Round(Added.UnitPrice.Minor * (decimal)Added.Quantity.Thousandths / 1000, MidpointRounding.AwayFromZero);
    }

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

    public bool HasService(string reference) => _contracts.Values.Any(contract => contract.Reference == reference);

    /// <summary>Messages that events since the last call asked for.</summary>
    public List<OutgoingMessage> TakeExpectedMessages()
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
        var chargedBefore = _contracts.Values.ToDictionary(contract => contract.Number, contract => contract.ChargedUpTo);
        var levelBefore = Dunning.Level;
        var events = entries.Select(Follow).ToList();
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

    /// <summary>What the rules say about this account on a day.</summary>
    public DunningRules RulesOn(DateOnly day, DunningPolicy policy) => new(day, Dunning, Ledger.OpenInvoices, policy);

    /// <summary>
    /// A review leaves a client at the level that is justified. Whatever else changes the debt, or what is agreed about it, may leave a
    /// better one until the next review, never a worse one.
    /// </summary>
    private void RequireLevel(DurableCommit commit, List<AccountEvent> events, ServiceLevel before)
    {
        var rules = RulesOn(commit.Context.Today, commit.Context.DunningPolicy);
        // A reversal that found nothing changes nothing: where the policy has changed meanwhile, the look that follows it comes in its own turn.
        var changesDebt = commit.Asked is Bill or BookPayment or ReversePayment or UnassignPayment or SetDispute or PromiseToPay or SetDunningExemption
            && !events.TrueForAll(happened => happened is ReversalFoundNothing);
        if (commit.Asked is not Review && Dunning.Level > before) _complain(Check.Dunning, $"{commit.Asked?.GetType().Name} makes the level {Dunning.Level}");
        if ((commit.Asked is Review || changesDebt) && Dunning.HasConsequences && rules.IsCleared)
            _complain(Check.Dunning, $"the debt is gone and the client is not restored: {Dunning}");
        if (commit.Asked is Review ? Dunning.Level != rules.Level : changesDebt && Dunning.Level > rules.Level)
            _complain(Check.Dunning, $"after {commit.Asked?.GetType().Name} the level is {Dunning.Level}, and {rules.Level} is justified by {rules.Debt} since {rules.Since:yyyy-MM-dd}");
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

    /// <summary>Everything due up to a day is charged, and nothing else: what should hold after a bill through that day.</summary>
    public void RequireBilledUp(TariffCatalogue catalogue, DateOnly through, Check check)
    {
        foreach (var contract in _contracts.Values) RequireOwedInSum(contract, catalogue, through, check);
        foreach (var (id, item) in _items) RequireBilled(id, item, through, check);
    }

    private AccountEvent Follow(ChainedEvent entry)
    {
        Span<byte> hash = stackalloc byte[HashChain.Length];
        HashChain.Next(_hash.AsSpan(), _account, Version + 1, entry.Name, entry.Payload, hash);
        if (entry.Version != Version + 1) _complain(Check.Chain, $"event {entry.Version} after {Version}");
        if (!hash.SequenceEqual(entry.Hash.AsSpan())) _complain(Check.Chain, $"event {entry.Version} does not carry the hash of the one before");
        (Version, _hash) = (entry.Version, entry.Hash);
        return JournalJson.ReadEvent(entry.Name, entry.Payload);
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
                if (!_contracts.TryAdd(e.Number, new Contract(e))) _complain(Check.Once, $"service {e.Number} started twice");
                break;
            case ServiceTermsChanged e:
                OnContract(e.Service, e);
                break;
            case ServiceEndSet e:
                OnContract(e.Service, e);
                break;
            case ServicePaused e:
                OnContract(e.Service, e);
                break;
            case PauseRemoved e:
                OnContract(e.Service, e);
                break;
            case SpecialPriceAgreed e:
                OnContract(e.Service, e);
                break;
            case SpecialPriceRemoved e:
                OnContract(e.Service, e);
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
            case DunningStepTaken or DunningCleared or ServiceLevelChanged or PromiseMade or DunningExemptionSet or RestoredByHand:
                Dunned(happened, commit);
                break;
        }
    }

    private void OnContract(int service, AccountEvent happened)
    {
        if (_contracts.TryGetValue(service, out var contract)) contract.Apply(happened, Version);
        else _complain(Check.Charges, $"{happened.GetType().Name} of service {service}, which does not exist");
    }

    private void Issued(DocumentIssued issued, DurableCommit commit)
    {
        var document = issued.Document;
        if (commit.Asked is not null and not Bill) _complain(Check.Charges, $"{commit.Asked.GetType().Name} issued document {document.Ordinal}");
        if (document.IssuedOn != commit.Context.Today) _complain(Check.Numbers, $"document {document.Number} issued on {document.IssuedOn:yyyy-MM-dd}, decided on {commit.Context.Today:yyyy-MM-dd}");
        if (document.DueOn != document.IssuedOn.AddDays(_profile?.DueDays ?? 0)) _complain(Check.Tax, $"document {document.Number} is due on {document.DueOn:yyyy-MM-dd}");
        if ((document.Kind == DocumentKind.Invoice) == document.Total.IsNegative && !document.Total.IsZero) _complain(Check.Tax, $"{document.Kind} {document.Number} over {document.Total}");
        if (_tax.Read(document) is { } mistake) _complain(Check.Tax, $"document {document.Number}: {mistake}");
        if (_tax.Remainder() is { } remainder) _complain(Check.Tax, $"after document {document.Number} {remainder}");
        RequireDated(document, commit.Context);
        foreach (var line in document.Lines) RequireTaxed(document, line, commit.Context);
        foreach (var line in document.Lines) Charge(line);
        foreach (var contract in _contracts.Values) ChargeSegments(contract, issued, commit.Context.Catalogue.Revision);
        _expected.Add(new DeliverDocument(document.Ordinal, _profile!.Delivery));
    }

    private void RequireTaxed(Document document, DocumentLine line, DecisionContext context)
    {
        var category = line.Tariff is { } tariff ? context.Catalogue[tariff].VatCategory : line.OneOff is { } id && _items.TryGetValue(id, out var item) ? item.Added.VatCategory : line.VatCategory;
        var original = line.Corrects is { } corrects && Ledger.Documents.TryGetValue(corrects.Document, out var corrected)
            ? corrected.Document.Lines.FirstOrDefault(candidate => candidate.Number == corrects.Line)?.VatRate.BasisPoints
            : null;
        var issuer = context.Issuers[document.Series.Issuer];
        var rate = original ?? (issuer.VatNumber is not null ? TaxRules.Rate(issuer.Address.Country, category, line.SuppliedOn ?? document.SuppliedOn) : 0);
        if (line.VatRate.BasisPoints != rate) _complain(Check.Tax, $"line {line.Number} of {document.Number} is taxed at {line.VatRate.BasisPoints}, expected {rate}");
    }

    /// <summary>The document's date is its latest line's, all in one month; a correction is dated by the day of issue, anything else by its own day.</summary>
    private void RequireDated(Document document, DecisionContext context)
    {
        var issuer = context.Issuers[document.Series.Issuer];
        foreach (var line in document.Lines)
        {
            var suppliedOn = line.SuppliedOn ?? document.SuppliedOn;
            if (suppliedOn > document.SuppliedOn || (suppliedOn.Year, suppliedOn.Month) != (document.SuppliedOn.Year, document.SuppliedOn.Month))
                _complain(Check.Tax, $"line {line.Number} of {document.Number} is supplied on {suppliedOn:yyyy-MM-dd}, the document on {document.SuppliedOn:yyyy-MM-dd}");
            // What lowers an invoice goes with the invoice.
            if (line is { OneOff: not null, Amount.IsNegative: true } && document.Kind == DocumentKind.Invoice) continue;
            var expected = document.IssuedOn;
            if (line.Corrects is null && document.Kind == DocumentKind.Invoice)
            {
                var byBilling = issuer.SupplyDating == SupplyDating.BillingDay && line.Tariff is { } tariff
                    && context.Catalogue.Tariffs[tariff].Kind is ServiceKind.Internet or ServiceKind.Iptv or ServiceKind.Voip;
                var lastDay = line.Period is { } period ? period.To.AddDays(-1) : _items.TryGetValue(line.OneOff ?? "", out var item) ? item.Added.Date : document.IssuedOn;
                expected = TaxRules.SuppliedOn(lastDay, document.IssuedOn, byBilling);
            }

            if (suppliedOn != expected) _complain(Check.Tax, $"line {line.Number} of {document.Number} is supplied on {suppliedOn:yyyy-MM-dd}, expected {expected:yyyy-MM-dd}");
        }

        if (!document.Lines.Any(line => (line.SuppliedOn ?? document.SuppliedOn) == document.SuppliedOn))
            _complain(Check.Tax, $"no line of {document.Number} is supplied on {document.SuppliedOn:yyyy-MM-dd}");
    }

    private void Charge(DocumentLine line)
    {
        if (line.OneOff is { } id)
        {
            if (!_items.TryGetValue(id, out var item))
            {
                _complain(Check.Charges, $"item {id} is billed and was never added");
                return;
            }

            item.OnDocuments += line.Amount.Minor;
            item.WasBilled = true;
            return;
        }

        if (line.Service is not { } service || !_contracts.TryGetValue(service, out var contract) || line.Tariff is null || line.Period is null)
        {
            _complain(Check.Charges, $"line {line.Number} charges neither an item nor a service");
            return;
        }

        contract.AddLine(line);
    }

    private static void ChargeSegments(Contract contract, DocumentIssued issued, long catalogue)
    {
        if (issued.Recharged.FirstOrDefault(candidate => candidate.Service == contract.Number) is { } whole)
        {
            contract.ChargeAnew(whole.Segments, catalogue);
            return;
        }

        foreach (var line in issued.Document.Lines)
        {
            if (line.Service == contract.Number)
                contract.ChargeMore(new Stretch(line.Period!.Value.From, line.Period.Value.To, line.Tariff!.Value.Value, line.Amount.Minor), catalogue);
        }
    }

    /// <summary>After a bill: what is charged is disjoint, within the contract, what the lines sum to, and what is owed.</summary>
    private void RequireChargesAsOwed(DurableCommit commit, Dictionary<int, DateOnly?> chargedBefore)
    {
        if (commit.Asked is not Bill bill) return;
        foreach (var contract in _contracts.Values)
        {
            RequireDisjoint(contract);
            RequireOwed(contract, commit.Context.Catalogue, bill.Through, chargedBefore.GetValueOrDefault(contract.Number), Check.Owed);
        }

        foreach (var (id, item) in _items) RequireBilled(id, item, bill.Through, Check.Owed);
    }

    private void RequireDisjoint(Contract contract)
    {
        var charged = contract.Charged;
        for (var i = 0; i < charged.Count; i++)
        {
            if (charged[i].From >= charged[i].To) _complain(Check.Charges, $"service {contract.Number}: {charged[i]} has no days");
            if (i > 0 && charged[i].From < charged[i - 1].To) _complain(Check.Charges, $"service {contract.Number}: {charged[i]} overlaps {charged[i - 1]}");
        }

        if (charged.Count > 0 && (charged[0].From < contract.Start || charged[^1].To > contract.End))
            _complain(Check.Charges, $"service {contract.Number}: charged from {charged[0].From:yyyy-MM-dd} to {charged[^1].To:yyyy-MM-dd}, the contract runs from {contract.Start:yyyy-MM-dd} to {contract.End:yyyy-MM-dd}");
        foreach (var (tariff, lines) in contract.Lines)
        {
            var stretches = charged.Where(stretch => stretch.Tariff == tariff).Sum(stretch => stretch.AmountMinor);
            if (stretches != lines) _complain(Check.Charges, $"service {contract.Number}, tariff {tariff}: stretches sum to {stretches}, lines to {lines}");
        }
    }

    private void RequireOwed(Contract contract, TariffCatalogue catalogue, DateOnly through, DateOnly? chargedUpTo, Check check)
    {
        var owed = Owed.Of(contract, catalogue, through, chargedUpTo);
        if (owed.SequenceEqual(contract.Charged)) return;
        var missing = owed.Except(contract.Charged).Take(3);
        var surplus = contract.Charged.Except(owed).Take(3);
        _complain(check, $"service {contract.Number} through {through:yyyy-MM-dd}: owed and not charged {string.Join(", ", missing)}; charged and not owed {string.Join(", ", surplus)}");
    }

    /// <summary>
    /// Without a bill that had something to say, charged stretches may be cut otherwise than owed ones: a price that was agreed anew
    /// and stayed the same is no reason for a document. Between days on which both begin a stretch, the sums are the same.
    /// </summary>
    private void RequireOwedInSum(Contract contract, TariffCatalogue catalogue, DateOnly through, Check check)
    {
        var owed = Joined(Owed.Of(contract, catalogue, through, contract.ChargedUpTo), contract.Charged);
        var charged = Joined(contract.Charged, owed);
        if (!owed.SequenceEqual(charged))
            _complain(check, $"service {contract.Number} through {through:yyyy-MM-dd}: owed {string.Join(", ", owed.Except(charged).Take(3))}; charged {string.Join(", ", charged.Except(owed).Take(3))}");
    }

    /// <summary>Neighbours of one tariff are one where the other list has no stretch that begins between them.</summary>
    private static List<Stretch> Joined(List<Stretch> stretches, List<Stretch> other)
    {
        var begins = other.Select(stretch => stretch.From).ToHashSet();
        var joined = new List<Stretch>();
        foreach (var stretch in stretches)
        {
            if (joined.Count > 0 && joined[^1].To == stretch.From && joined[^1].Tariff == stretch.Tariff && !begins.Contains(stretch.From))
                joined[^1] = joined[^1] with { To = stretch.To, AmountMinor = joined[^1].AmountMinor + stretch.AmountMinor };
            else
                joined.Add(stretch);
        }

        return joined;
    }

    private void RequireBilled(string id, Item item, DateOnly through, Check check)
    {
        var expected = item.Cancelled ? 0 : item.WasBilled || item.Added.Date <= through ? item.AmountMinor : 0;
        if (item.OnDocuments != expected) _complain(check, $"item {id} through {through:yyyy-MM-dd}: {item.OnDocuments} on documents, expected {expected}");
    }

    private void Settled(HistorySettled settled, DurableCommit commit)
    {
        if (settled.Before > commit.Context.Today.AddMonths(-commit.Context.CorrectionHorizonMonths)) _complain(Check.Balance, $"history settled up to {settled.Before:yyyy-MM-dd}");
        foreach (var service in Replayed.Services)
        {
            if (service.SettledUpTo is not { } upTo || _contracts[service.Number].SettledUpTo == upTo) continue;
            if (upTo > settled.Before) _complain(Check.Charges, $"service {service.Number} is closed up to {upTo:yyyy-MM-dd}, later than {settled.Before:yyyy-MM-dd}");
            _contracts[service.Number].Settle(upTo);
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

    private void Dunned(AccountEvent happened, DurableCommit commit)
    {
        var policy = commit.Context.DunningPolicy;
        switch (happened)
        {
            case DunningStepTaken e:
                var rules = RulesOn(e.On, policy);
                if (rules.Objection(e.Step) is { } objection) _complain(Check.Dunning, $"step {e.Code} on {e.On:yyyy-MM-dd}: {objection}");
                if (e.Debt.Minor != rules.Debt) _complain(Check.Dunning, $"step {e.Code} names a debt of {e.Debt.Minor}, expected {rules.Debt}");
                var channels = e.Actions & (DunningActions.Email | DunningActions.Sms);
                Dunning = Dunning.Taking(e.Code, e.On, told: channels != DunningActions.None) with { PromisedUntil = null };
                if (channels != DunningActions.None) _expected.Add(new SendReminder(e.Code, channels, e.Debt));
                if ((e.Actions & DunningActions.NotifyCollections) != DunningActions.None) _expected.Add(new NotifyCollections(e.Debt));
                break;
            case DunningCleared e:
                if (RulesOn(e.On, policy) is { IsCleared: false } owing) _complain(Check.Dunning, $"cleared on {e.On:yyyy-MM-dd} with a debt of {owing.Debt}");
                if (Dunning.Steps.Count > 0 && policy.ThankOnClearing) _expected.Add(new SendThanks());
                Dunning = DunningPosition.Start with { Exempt = Dunning.Exempt, Level = Dunning.Level };
                break;
            case ServiceLevelChanged e:
                _expected.Add(new EnforceServiceLevel(e.Level, e.Profile));
                Dunning = Dunning with { Level = e.Level };
                break;
            case PromiseMade e:
                Dunning = Dunning with { PromisedUntil = e.Until, PromisedFor = Ledger.Documents.Count };
                break;
            case DunningExemptionSet e:
                Dunning = Dunning with { Exempt = e.Exempt };
                break;
            case RestoredByHand e:
                if (commit.Asked is not RestoreByHand) _complain(Check.Dunning, $"restored by hand on {e.On:yyyy-MM-dd}, and nobody asked for it");
                Dunning = Dunning with { RestoredOn = e.On };
                break;
        }
    }
}
