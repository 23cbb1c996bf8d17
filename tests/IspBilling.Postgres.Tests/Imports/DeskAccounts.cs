using System.Collections.Concurrent;
using System.Collections.Immutable;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Actors;
using IspBilling.Engine.Journal;

namespace IspBilling.Postgres.Tests.Imports;

/// <summary>
/// Real accounts on the journal in memory. A test may let the engine die at any command, before or after it took effect, and
/// a broken account be parked.
/// </summary>
internal sealed class DeskAccounts : IAccounts
{
    private static readonly Issuer Provider = new(
        IssuerId.Default, 1, "Provider s.r.o.", new PostalAddress("Dlouhá 1", "Praha", "110 00", "CZ"), "12345678", "CZ12345678", null, Currency.Czk,
        new IssuerBankAccount(null, "CZ6508000000192000145399", null), null, null, null);

    private readonly InMemoryJournal _journal = new();
    private readonly ConcurrentDictionary<AccountId, AccountActor> _actors = new();
    private readonly FixedContext _context = new();
    private int _asked;

    /// <summary>Dies instead of the command with this number, counted from 1; 0 for never.</summary>
    public int DiesBefore { get; set; }

    /// <summary>Dies when the command with this number has taken effect, before anyone hears of it.</summary>
    public int DiesAfter { get; set; }

    public HashSet<AccountId> Parked { get; } = [];

    public int Asked => _asked;

    public async ValueTask<AccountReply> Ask(AccountId account, Envelope envelope, CancellationToken cancellation)
    {
        var number = Interlocked.Increment(ref _asked);
        if (number == DiesBefore) throw new EngineDiedException();
        if (Parked.Contains(account)) return new Parked("tariff 7 is not in the catalogue");
        var reply = await _actors.GetOrAdd(account, id => new AccountActor(id, _journal, _context)).Run(envelope, cancellation);
        return number == DiesAfter ? throw new EngineDiedException() : reply;
    }

    /// <summary>The engine starts again: what was only in memory is gone.</summary>
    public void Restart()
    {
        _actors.Clear();
        (DiesBefore, DiesAfter) = (0, 0);
    }

    public async Task<AccountId> Open(long id, bool closed = false)
    {
        var account = new AccountId(id);
        await Tell(account, new SetProfile(new AccountProfile(
            IssuerId.Default, "Jan Novák", Provider.Address, null, null, null, null, "cs", DeliveryPreference.Email, SymbolPolicy.PerAccount,
            new VariableSymbol(1_000 + id), AllocationPolicy.NamedThenOldest, 14)));
        if (closed) await Tell(account, new CloseAccount());
        return account;
    }

    public async Task<AccountReply> Tell(AccountId account, AccountCommand command) =>
        await new AccountActor(account, _journal, _context).Run(new Envelope(new CommandId(Guid.NewGuid()), command, Actor.System("test")), default);

    /// <summary>What the account owes, in crowns; credit is negative.</summary>
    public async Task<decimal> Balance(AccountId account) => (await State(account)).Balance.Major;

    public async Task<AccountState> State(AccountId account) => (await _journal.Load(account, default, bulk: false, default)).State;

    private sealed class FixedContext : IContextSource
    {
        private static readonly DateOnly Today = new(2026, 5, 5);

        private readonly Moment _moment = new(
            new DateTimeOffset(2026, 5, 5, 8, 0, 0, TimeSpan.Zero),
            new DecisionContext(
                Today, TariffCatalogue.Empty, VatRates.Known, ImmutableDictionary<IssuerId, Issuer>.Empty.Add(IssuerId.Default, Provider),
                new DunningPolicy("none", [], ThankOnClearing: false), 24));

        public Moment Now() => _moment;
    }
}

internal sealed class EngineDiedException() : Exception("the engine died");
