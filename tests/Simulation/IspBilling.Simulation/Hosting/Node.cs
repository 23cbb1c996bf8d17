using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Actors;
using IspBilling.Engine.Coordination;
using IspBilling.Engine.StatementImports;
using IspBilling.Simulation.Faults;

namespace IspBilling.Simulation.Hosting;

/// <summary>What a node is made of besides the accounts and coordinators that come to life on it.</summary>
/// <param name="Calls">Its calls to stores.</param>
/// <param name="Nodes">The other nodes, as it sees them.</param>
/// <param name="Accounts">All accounts, as it asks them.</param>
internal sealed record NodeParts(
    StoreCalls Calls, INodes Nodes, IAccounts Accounts, RunTools Runs, ShardBooking Booking, IStatementImportStore Imports, StatementImporter Importer);

/// <summary>One process of the engine, from its start to its death.</summary>
/// <param name="place">Which of the machines it runs on.</param>
/// <param name="forget">Told what no longer lives here.</param>
public sealed class Node(int place, Action<Node, string> forget)
{
    private readonly Dictionary<AccountId, Mailbox> _live = [];
    private readonly Dictionary<string, Task<object>> _coordinators = [];

    public int Place { get; } = place;

    /// <summary>For placing shards; a process that starts anew on the same machine gets the same ones.</summary>
    public ulong Key { get; } = ShardHome.KeyOf([(byte)place]);

    public bool IsAlive { get; private set; } = true;

    public bool IsBusy => _live.Values.Any(mailbox => mailbox.IsBusy);

    internal AccountPresence Presence { get; } = new();

    internal NodeParts Parts { get; set; } = null!;

    /// <exception cref="ProcessDiedException">It is dead.</exception>
    public void RequireAlive()
    {
        if (!IsAlive) throw new ProcessDiedException();
    }

    internal static string NameOf(AccountId account) => $"account {account}";

    internal Mailbox MailboxOf(AccountId account, Func<Mailbox> wake)
    {
        if (!_live.TryGetValue(account, out var mailbox)) _live.Add(account, mailbox = wake());
        return mailbox;
    }

    /// <summary>The coordinator of a name; it comes to life when it is asked first.</summary>
    internal async Task<T> Coordinator<T>(string name, Func<Task<object>> activate)
    {
        if (!_coordinators.TryGetValue(name, out var activation)) _coordinators.Add(name, activation = activate());
        try
        {
            return (T)await activation;
        }
        catch (Exception)
        {
            if (_coordinators.GetValueOrDefault(name) == activation) EndCoordinator(name);
            throw;
        }
    }

    internal void EndCoordinator(string name)
    {
        _coordinators.Remove(name);
        forget(this, name);
    }

    /// <summary>Accounts with a turn under way.</summary>
    public IReadOnlyList<AccountId> Busy() => [.. _live.Where(live => live.Value.IsBusy).Select(live => live.Key)];

    /// <summary>Lets go of an account; a turn under way goes on without anybody knowing of it.</summary>
    public void Evict(AccountId account)
    {
        if (!_live.Remove(account)) return;
        Presence.Sleep(account);
        forget(this, NameOf(account));
    }

    /// <summary>Lets go of all accounts that nothing is asked of.</summary>
    public void LetGoOfIdle()
    {
        foreach (var (account, mailbox) in _live.ToList())
        {
            if (!mailbox.IsBusy) Evict(account);
        }
    }

    internal void LetGo(AccountId account, Mailbox mailbox)
    {
        if (_live.GetValueOrDefault(account) == mailbox) Evict(account);
    }

    /// <summary>Dies, unless it is dead already.</summary>
    public void Die()
    {
        if (!IsAlive) return;
        IsAlive = false;
        foreach (var mailbox in _live.Values) mailbox.Die();
        _live.Clear();
    }
}
