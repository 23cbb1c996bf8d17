using System.Collections.Immutable;
using System.Text.Json;
using IspBilling.Domain;
using IspBilling.Engine.Json;
using IspBilling.Engine.Outgoing;
using IspBilling.Engine.Snapshots;

namespace IspBilling.Engine.Journal;

/// <summary>An event as the journal stores it.</summary>
/// <param name="Reply">On the last event of a commit.</param>
/// <param name="Origin">Its command stands on the first event of a commit.</param>
/// <param name="Personal">What opens the commitments in the payload and to the actor's name; empty where there are none.</param>
public sealed record ChainedEvent(
    long Version, string Name, EventOrigin Origin, AccountReply? Reply, byte[] Payload, byte[] Personal, ImmutableArray<byte> Hash);

/// <summary>The journal without a database, for simulation. Events pass through the same JSON and hash chain.</summary>
public sealed class InMemoryJournal : IJournal
{
    private sealed class Account
    {
        public required AccountState State { get; set; }
        public JournalHead Head { get; set; } = JournalHead.Start;
        public List<ChainedEvent> Entries { get; } = [];
        public Dictionary<CommandId, AccountReply> Replies { get; } = [];
    }

    private readonly Lock _gate = new();

    /// <summary>Called with every commit, as part of it: what a database writes beside the journal in the same transaction.</summary>
    public Action<AccountCommit, FinishedCommit> Committed { get; init; } = static (_, _) => { };

    /// <summary>Where salts come from: the machine's random numbers, or those of a world that is to come out the same again.</summary>
    public Action<Span<byte>> FillSalt { get; init; } = System.Security.Cryptography.RandomNumberGenerator.Fill;
    private readonly Dictionary<AccountId, Account> _accounts = [];
    private readonly Dictionary<SeriesKey, (long Next, DateOnly LastIssuedOn)> _series = [];
    private readonly Dictionary<AccountId, (string Command, string Reason)> _parked = [];

    /// <summary>Written with every commit.</summary>
    public InMemoryOutbox Outbox { get; } = new();

    /// <summary>An account's state as it is stored.</summary>
    public AccountState StateOf(AccountId account)
    {
        lock (_gate) return _accounts.TryGetValue(account, out var stored) ? stored.State : AccountState.New(account);
    }

    public AccountReply? ReplyTo(AccountId account, CommandId command)
    {
        lock (_gate) return _accounts.TryGetValue(account, out var stored) ? stored.Replies.GetValueOrDefault(command) : null;
    }

    /// <summary>What was added to an account after a version.</summary>
    public IReadOnlyList<ChainedEvent> EntriesAfter(AccountId account, long version)
    {
        // Versions count from 1 without a gap.
        lock (_gate) return _accounts.TryGetValue(account, out var stored) ? stored.Entries[checked((int)version)..] : [];
    }

    public IReadOnlyList<ChainedEvent> EntriesOf(AccountId account)
    {
        lock (_gate) return _accounts.TryGetValue(account, out var stored) ? [.. stored.Entries] : [];
    }

    public IReadOnlyList<AccountId> Accounts
    {
        get
        {
            lock (_gate) return [.. _accounts.Keys.Order()];
        }
    }

    public string? ParkedReason(AccountId account)
    {
        lock (_gate) return _parked.TryGetValue(account, out var parked) ? parked.Reason : null;
    }

    public ValueTask<LoadedAccount> Load(AccountId account, CommandId asking, bool bulk, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var parked = _parked.TryGetValue(account, out var known) ? known.Command : null;
            if (!_accounts.TryGetValue(account, out var stored))
                return ValueTask.FromResult(new LoadedAccount(AccountState.New(account), JournalHead.Start, null, parked));
            return ValueTask.FromResult(new LoadedAccount(stored.State, stored.Head, stored.Replies.GetValueOrDefault(asking), parked));
        }
    }

    public ValueTask<(AccountReply? Reply, long Version)> FindReply(AccountId account, CommandId command, CancellationToken cancellation)
    {
        lock (_gate) return ValueTask.FromResult((ReplyTo(account, command), _accounts.TryGetValue(account, out var stored) ? stored.Head.Version : 0));
    }

    public ValueTask<AppendResult> Append(AccountCommit commit, CancellationToken cancellation)
    {
        lock (_gate) return ValueTask.FromResult(AppendNow(commit));
    }

    public ValueTask Park(AccountId account, string command, string reason, DateTimeOffset at, CancellationToken cancellation)
    {
        lock (_gate) _parked[account] = (command, reason);
        return ValueTask.CompletedTask;
    }

    public ValueTask Unpark(AccountId account, CancellationToken cancellation)
    {
        lock (_gate) _parked.Remove(account);
        return ValueTask.CompletedTask;
    }

    private AppendResult AppendNow(AccountCommit commit)
    {
        if (!_accounts.TryGetValue(commit.Account, out var account)) account = new Account { State = AccountState.New(commit.Account) };
        if (account.Replies.TryGetValue(commit.Command, out var reply)) return new AppendResult.AlreadyDone(reply);
        if (account.Head.Version != commit.Before.Version) return new AppendResult.VersionConflict();

        var documents = commit.Unnumbered().ToList();
        foreach (var document in documents)
        {
            if (_series.TryGetValue(document.Series, out var series) && document.IssuedOn < series.LastIssuedOn)
                return new AppendResult.DateBeforeSeries(document.Series, series.LastIssuedOn);
        }

        // Everything that can fail comes before anything is changed.
        var taken = new Dictionary<SeriesKey, (long Next, DateOnly LastIssuedOn)>();
        FinishedCommit finished;
        List<ChainedEvent> entries;
        AccountState state;
        try
        {
            finished = commit.Finish([.. documents.Select(document => TakeNumber(taken, document))]);
            entries = Entries(commit, finished);
            // The state is written and read as a snapshot, so that a state which cannot be stored is found here and not on a database.
            state = StateSnapshot.Read(StateSnapshot.Write(finished.State));
        }
        catch (Exception unwritable) when (unwritable is not OutOfMemoryException)
        {
            return new AppendResult.Unwritable(unwritable);
        }

        foreach (var (key, stands) in taken) _series[key] = stands;
        account.State = state;
        account.Head = new JournalHead(entries[^1].Version, entries[^1].Hash);
        account.Entries.AddRange(entries);
        account.Replies.Add(commit.Command, finished.Reply);
        Outbox.Add(commit.Account, account.Head.Version, commit.Decision.Messages, commit.At);
        _accounts[commit.Account] = account;
        Committed(commit, finished);
        return new AppendResult.Committed(finished, account.Head);
    }

    private long TakeNumber(Dictionary<SeriesKey, (long Next, DateOnly LastIssuedOn)> taken, Document document)
    {
        var next = taken.TryGetValue(document.Series, out var stands) || _series.TryGetValue(document.Series, out stands) ? stands.Next : 1;
        taken[document.Series] = (next + 1, document.IssuedOn);
        return next;
    }

    private List<ChainedEvent> Entries(AccountCommit commit, FinishedCommit finished)
    {
        var entries = new List<ChainedEvent>(finished.Events.Length);
        var (version, chained) = (commit.Head.Version, commit.Head.Hash);
        var hash = new byte[HashChain.Length];
        var personal = new PersonalParts(FillSalt);
        for (var i = 0; i < finished.Events.Length; i++)
        {
            var happened = finished.Events[i];
            var name = JournalJson.NameOf(happened);
            var origin = new EventOrigin(commit.By, i == 0 ? commit.Command : null, commit.At);
            personal.Begin(commit.By);
            var payload = Json(writer => JournalJson.WriteEvent(writer, happened, personal));
            HashChain.Next(chained.AsSpan(), commit.Account, ++version, origin, personal.ActorCommitment, name, payload, hash);
            chained = [.. hash];
            entries.Add(new ChainedEvent(
                version, name, origin, i == finished.Events.Length - 1 ? finished.Reply : null, payload,
                personal.IsEmpty ? [] : Json(writer => PersonalParts.Write(writer, personal)), chained));
        }

        return entries;
    }

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JournalJson.Options.Encoder })) write(writer);
        return buffer.WrittenSpan.ToArray();
    }
}
