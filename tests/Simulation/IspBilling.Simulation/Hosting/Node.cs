using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Actors;
using IspBilling.Simulation.Faults;

namespace IspBilling.Simulation.Hosting;

/// <summary>A command on its way to an account, and where its answer goes.</summary>
internal sealed class Letter(Envelope envelope)
{
    private readonly TaskCompletionSource<AccountReply> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Envelope Envelope { get; } = envelope;

    public Task<AccountReply> Answer => _answer.Task;

    public void Reply(AccountReply reply) => _answer.TrySetResult(reply);

    public void Fail(Exception failure) => _answer.TrySetException(failure);
}

/// <summary>A live account and the commands that wait for it: one turn at a time, in the order of arrival.</summary>
internal sealed class Mailbox(AccountActor actor)
{
    private readonly Queue<Letter> _letters = new();
    private Letter? _current;

    public bool IsBusy => _current is not null;

    public void Post(Letter letter)
    {
        _letters.Enqueue(letter);
        if (!IsBusy) _ = RunTurns();
    }

    /// <summary>The process is gone, and with it every answer still owed.</summary>
    public void Die()
    {
        _current?.Fail(new ProcessDiedException());
        while (_letters.TryDequeue(out var letter)) letter.Fail(new ProcessDiedException());
    }

    private async Task RunTurns()
    {
        while (_letters.TryDequeue(out _current))
        {
            try
            {
                _current.Reply(await actor.Run(_current.Envelope, CancellationToken.None));
            }
            catch (Exception failure)
            {
                _current.Fail(failure);
            }
        }
    }
}

/// <summary>One process of the engine, from its start to its death.</summary>
public sealed class Node(int place)
{
    private readonly Dictionary<AccountId, Mailbox> _live = [];

    /// <summary>Which of the machines it runs on.</summary>
    public int Place { get; } = place;

    public bool IsAlive { get; private set; } = true;

    public bool IsBusy => _live.Values.Any(mailbox => mailbox.IsBusy);

    /// <exception cref="ProcessDiedException">It is dead.</exception>
    public void RequireAlive()
    {
        if (!IsAlive) throw new ProcessDiedException();
    }

    internal Mailbox MailboxOf(AccountId account, Func<AccountActor> activate)
    {
        if (!_live.TryGetValue(account, out var mailbox)) _live.Add(account, mailbox = new Mailbox(activate()));
        return mailbox;
    }

    /// <summary>Accounts with a turn under way.</summary>
    public IReadOnlyList<AccountId> Busy() => [.. _live.Where(live => live.Value.IsBusy).Select(live => live.Key)];

    /// <summary>Lets go of an account; a turn under way goes on without anybody knowing of it.</summary>
    public void Evict(AccountId account) => _live.Remove(account);

    /// <summary>Dies, unless it is dead already.</summary>
    public void Die()
    {
        if (!IsAlive) return;
        IsAlive = false;
        foreach (var mailbox in _live.Values) mailbox.Die();
        _live.Clear();
    }
}
