using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using IspBilling.Simulation.Storage;
using IspBilling.Simulation.Workload;

namespace IspBilling.Simulation.Auditing;

/// <summary>A movement on the provider's bank account, as the bank knows it.</summary>
/// <param name="Payer">Who really sent the money; null for other people's.</param>
/// <param name="Named">The account that the entry names beyond doubt, by its own or one of its documents' symbols.</param>
public sealed record Movement(StatementEntry Entry, AccountId? Payer, AccountId? Named);

/// <summary>
/// Every movement of the bank ends in exactly one state and is booked as that state says. The auditor knows the bank's own list
/// and counts bookings from the accounts' events.
/// </summary>
internal sealed class EntryCheck(MemoryImportStore store, Action<Check, AccountId?, string> complain)
{
    private sealed class Booked
    {
        /// <summary>What the entry did to accounts, as money that came in: what it brought, less what it took back.</summary>
        public long Minor { get; set; }

        public List<AccountId> Accounts { get; } = [];
    }

    private readonly Dictionary<string, Booked> _booked = [];
    private readonly Dictionary<(AccountId Account, int Payment), Payment> _payments = [];
    private readonly List<Movement> _listed = [];
    private readonly HashSet<string> _byClerk = [];
    private readonly Dictionary<AccountId, IssuerId> _companies = [];
    private readonly CarriedSymbols _carried = new();

    /// <summary>By part of an entry: how many payments it has taken back and not given back.</summary>
    private readonly Dictionary<string, int> _takenBack = [];

    /// <summary>What clerks said that entries in another currency are worth.</summary>
    private readonly Dictionary<long, List<long>> _stated = [];

    /// <summary>A clerk says what an entry in another currency is worth; of several, the desk takes one at a time.</summary>
    public void Stated(long entry, Money worth)
    {
        if (!_stated.TryGetValue(entry, out var said)) _stated.Add(entry, said = []);
        said.Add(worth.Minor);
    }

    /// <summary>A file with these movements was accepted.</summary>
    public void Listed(IEnumerable<Movement> movements) => _listed.AddRange(movements);

    public void Read(AccountId account, AccountEvent happened)
    {
        _carried.Read(account, happened);
        switch (happened)
        {
            case ProfileChanged { Profile.Issuer: var company }:
                _companies[account] = company;
                break;
            case PaymentBooked { Payment: var payment }:
                _payments[(account, payment.Ordinal)] = payment;
                var booked = Of(payment.Entry);
                booked.Minor += payment.Amount.Minor;
                booked.Accounts.Add(account);
                if (payment.Rule == MatchRule.Clerk) _byClerk.Add(WholeOf(payment.Entry));
                if (_carried.Fault(account, payment) is { } fault) complain(Check.Entries, account, fault);
                break;
            case MoneyPaidBack { Payment: var paidBack }:
                _payments[(account, paidBack.Ordinal)] = paidBack;
                Of(paidBack.Entry).Minor += paidBack.Amount.Minor;
                if (paidBack.Rule == MatchRule.Clerk) _byClerk.Add(WholeOf(paidBack.Entry));
                break;
            case PaymentUnassigned e when _payments.TryGetValue((account, e.Payment), out var taken):
                var off = Of(taken.Entry);
                off.Minor -= taken.Amount.Minor;
                off.Accounts.Remove(account);
                break;
            case PaymentReversed e when _payments.TryGetValue((account, e.Payment), out var original):
                Of(e.Entry).Minor -= original.Amount.Minor;
                // No rule gives a reason.
                if (e.Reason is not null) _byClerk.Add(WholeOf(e.Entry));
                if ((_takenBack[e.Entry] = _takenBack.GetValueOrDefault(e.Entry) + 1) > 1) complain(Check.Once, account, $"entry {e.Entry} takes back {_takenBack[e.Entry]} payments");
                break;
            case PaymentRestored e when _payments.TryGetValue((account, e.Payment), out var restored):
                Of(e.Entry).Minor += restored.Amount.Minor;
                _takenBack[e.Entry]--;
                break;
        }
    }

    /// <summary>Compares all entries with the bank's list and with what accounts booked.</summary>
    /// <param name="isQuiet">Nothing is being imported or assigned now, so that nothing may be half done.</param>
    public void Compare(bool isQuiet)
    {
        var imports = store.Imports.ToDictionary(import => import.Id);
        foreach (var entry in store.Entries)
        {
            if (imports[entry.Import].Status == ImportStatus.Refused) complain(Check.Entries, null, $"entry {entry.Id} is of a refused file");
            Compare(entry, isFinished: isQuiet || imports[entry.Import].Status == ImportStatus.Finished, isQuiet);
        }

        if (!isQuiet) return;
        CompareWithBank();
        AccountForEveryCrown();
    }

    private void Compare(EntryView entry, bool isFinished, bool isQuiet)
    {
        var booked = _booked.GetValueOrDefault(entry.Identity);
        var underWay = store.IsUnderWay(entry.Id);
        if (underWay)
        {
            if (isQuiet) complain(Check.Convergence, null, $"the assignment of entry {entry.Id} is still under way");
            return;
        }

        if (entry.State == EntryState.Pending)
        {
            if (isFinished) complain(Check.Entries, null, $"entry {entry.Id} is pending after its import ended");
            return;
        }

        var minor = booked?.Minor ?? 0;
        if (!IsRight(entry, minor)) complain(Check.Entries, entry.Account, $"entry {entry.Id} of {Signed(entry.Entry)} is {entry.State} and did {minor} to accounts");
        if (entry is { State: EntryState.Matched, Account: { } account } && booked?.Accounts.Exists(other => other != account) == true)
            complain(Check.Entries, account, $"entry {entry.Id} is booked on {string.Join(", ", booked.Accounts)}");
        if (entry.State == EntryState.Rejected && string.IsNullOrEmpty(entry.Reason)) complain(Check.Entries, null, $"entry {entry.Id} is closed without a reason");
        if (entry.ClosedWith is { } cancelled && !Cancels(entry, cancelled)) complain(Check.Entries, null, $"entry {entry.Id} is closed with entry {cancelled}, which does not cancel it");
    }

    /// <summary>Booked in full and once where it is matched, less what the bank kept; else not at all.</summary>
    private bool IsRight(EntryView entry, long minor)
    {
        if (entry.State != EntryState.Matched) return minor == 0;
        var fee = entry.Fee?.Minor ?? 0;
        if (fee < 0) return false;
        if (minor == Signed(entry.Entry) + fee) return true;
        return entry.Entry.Amount.Currency != Currency.Czk && _stated.TryGetValue(entry.Id, out var said) && said.Contains(Math.Abs(minor));
    }

    private bool Cancels(EntryView entry, long other) => store.Entries.FirstOrDefault(view => view.Id == other) is { } counterpart
        && counterpart.ClosedWith == entry.Id && counterpart.State == EntryState.Rejected && Signed(entry.Entry) == -Signed(counterpart.Entry);

    /// <summary>
    /// What the bank's account moved by is on clients' accounts, held for a person, closed with a reason, or the bank's own; copies that wait
    /// because they look like a movement are none of it.
    /// </summary>
    private void AccountForEveryCrown()
    {
        var entries = store.Entries.Where(entry => entry.Entry.Amount.Currency == Currency.Czk).ToList();
        var identities = entries.Select(entry => entry.Identity).ToHashSet();
        var movements = _listed.Where(movement => movement.Entry.Amount.Currency == Currency.Czk).ToList();
        var bank = movements.Sum(movement => Signed(movement.Entry));
        var onAccounts = _booked.Where(booked => identities.Contains(booked.Key)).Sum(booked => booked.Value.Minor);
        var held = entries.Where(entry => entry.State == EntryState.Suspense).Sum(entry => Signed(entry.Entry));
        var closed = entries.Where(entry => entry.State == EntryState.Rejected).Sum(entry => Signed(entry.Entry));
        var fees = entries.Sum(entry => entry.Fee?.Minor ?? 0);
        var atBank = movements.CountBy(movement => movement.Entry with { Position = "" }).ToDictionary();
        var copies = entries.GroupBy(entry => entry.Entry with { Position = "" }).Sum(same => (same.Count() - atBank.GetValueOrDefault(same.Key)) * Signed(same.Key));
        if (bank != onAccounts + held + closed - fees - copies)
            complain(Check.Entries, null, $"the bank's account moved by {bank}: {onAccounts} on accounts, {held} held, {closed} closed, {fees} the bank's own, {copies} copies");
    }

    private static long Signed(StatementEntry entry) => entry.Direction == EntryDirection.Credit ? entry.Amount.Minor : -entry.Amount.Minor;

    /// <summary>
    /// Nothing of the bank's list is missing, nothing was added, and what names an account is there. A movement is what the bank says it is:
    /// beside each there may be copies that wait for a person because they look like it, but no other.
    /// </summary>
    private void CompareWithBank()
    {
        var stored = store.Entries.ToLookup(entry => entry.Entry with { Position = "" });
        foreach (var same in _listed.GroupBy(movement => movement.Entry with { Position = "" }))
        {
            var found = stored[same.Key].ToList();
            var (atBank, doubtful) = (same.Count(), found.Count(entry => entry is { IsDoubtful: true, State: EntryState.Suspense }));
            if (found.Count < atBank || found.Count - doubtful > atBank)
                complain(Check.Entries, same.First().Payer, $"{atBank} movements like {same.Key.EntryReference} at the bank, {found.Count} here, {doubtful} of them doubtful");
            foreach (var entry in found)
            {
                if (same.First().Named is { } named && entry is { State: EntryState.Matched, Account: { } account } && account != named && !_byClerk.Contains(entry.Identity))
                    complain(Check.Entries, named, $"entry {entry.Id} names account {named} and is matched to {account}");
                CheckReceiver(entry);
            }
        }

        var known = _listed.Select(movement => movement.Entry with { Position = "" }).ToHashSet();
        foreach (var entry in store.Entries)
        {
            if (!known.Contains(entry.Entry with { Position = "" })) complain(Check.Entries, entry.Account, $"entry {entry.Id} is on no list of the bank");
        }
    }

    /// <summary>
    /// Money of one company's bank account, or in a currency that its clients are not billed in, is never booked on the other's client unless a
    /// person does; what takes something back follows where that was booked.
    /// </summary>
    private void CheckReceiver(EntryView entry)
    {
        if (entry is not { State: EntryState.Matched, Account: { } account, Entry: { IsReversal: false } received } || _byClerk.Contains(entry.Identity)) return;
        if (received.Amount.Currency != Currency.Czk) complain(Check.Entries, account, $"entry {entry.Id} is in {received.Amount.Currency} and a rule matched it");
        if (_companies.TryGetValue(account, out var company) && company != BankAccount.ReceiverOf(received))
            complain(Check.Entries, account, $"entry {entry.Id} is of account {received.OwnAccount} and is matched to a client of company {company}");
    }

    private Booked Of(string entry)
    {
        var whole = WholeOf(entry);
        if (!_booked.TryGetValue(whole, out var booked)) _booked.Add(whole, booked = new Booked());
        return booked;
    }

    /// <summary>A part of a split entry is named after it: identity/1.</summary>
    private static string WholeOf(string entry)
    {
        var slash = entry.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? entry : entry[..slash];
    }
}
