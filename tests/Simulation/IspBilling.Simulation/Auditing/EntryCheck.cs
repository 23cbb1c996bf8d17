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
        /// <summary>Money on accounts now, or that the bank took back after it was.</summary>
        public long Minor { get; set; }

        public List<AccountId> Accounts { get; } = [];

        /// <summary>Payments that the entry took back.</summary>
        public List<(AccountId Account, long Minor)> Reversed { get; } = [];
    }

    private readonly Dictionary<string, Booked> _booked = [];
    private readonly Dictionary<(AccountId Account, int Payment), Payment> _payments = [];
    private readonly List<Movement> _listed = [];
    private readonly HashSet<string> _byClerk = [];
    private readonly Dictionary<AccountId, IssuerId> _companies = [];

    /// <summary>A file with these movements was accepted.</summary>
    public void Listed(IEnumerable<Movement> movements) => _listed.AddRange(movements);

    public void Read(AccountId account, AccountEvent happened)
    {
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
                break;
            case PaymentUnassigned e when _payments.TryGetValue((account, e.Payment), out var taken):
                var off = Of(taken.Entry);
                off.Minor -= taken.Amount.Minor;
                off.Accounts.Remove(account);
                break;
            case PaymentReversed e when _payments.TryGetValue((account, e.Payment), out var original):
                var reversal = Of(e.Entry);
                reversal.Reversed.Add((account, original.Amount.Minor));
                if (reversal.Reversed.Count > 1) complain(Check.Once, account, $"entry {e.Entry} takes back {reversal.Reversed.Count} payments");
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

        if (isQuiet) CompareWithBank();
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

        var isReversal = entry.Entry is { IsReversal: true, Direction: EntryDirection.Debit };
        var expected = entry.State == EntryState.Matched ? entry.Entry.Amount.Minor : 0;
        var (minor, reversed) = (booked?.Minor ?? 0, booked?.Reversed.Sum(taken => taken.Minor) ?? 0);
        if (minor != (isReversal ? 0 : expected)) complain(Check.Entries, entry.Account, $"entry {entry.Id} of {entry.Entry.Amount.Minor} is {entry.State} and {minor} of it is booked");
        if (reversed != (isReversal ? expected : 0)) complain(Check.Entries, entry.Account, $"entry {entry.Id} of {entry.Entry.Amount.Minor} is {entry.State} and took back {reversed}");
        if (entry is { State: EntryState.Matched, Account: { } account } && !isReversal && booked?.Accounts.Exists(other => other != account) == true)
            complain(Check.Entries, account, $"entry {entry.Id} is booked on {string.Join(", ", booked.Accounts)}");
    }

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

    /// <summary>Money of one company's bank account is never booked on the other's client, unless a person does.</summary>
    private void CheckReceiver(EntryView entry)
    {
        if (entry is not { State: EntryState.Matched, Account: { } account, Entry: { Direction: EntryDirection.Credit } received } || _byClerk.Contains(entry.Identity)) return;
        if (_companies.TryGetValue(account, out var company) && company != BankAccount.ReceiverOf(received))
            complain(Check.Entries, account, $"entry {entry.Id} came to account {received.OwnAccount} and is matched to a client of company {company}");
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
