using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Coordination;
using IspBilling.Simulation.Faults;

namespace IspBilling.Simulation.Hosting;

/// <summary>One turn of an account on its way there, and where its answer goes. A turn that nobody asked a command for answers with null.</summary>
internal sealed class QueuedTurn(Func<AwakeAccount, ValueTask<AccountReply?>> turn)
{
    private readonly TaskCompletionSource<AccountReply?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<AccountReply?> Answer => _answer.Task;

    public static QueuedTurn Asking(Envelope envelope) => new(async account => await account.Ask(envelope));

    public static QueuedTurn CatchingUp() => new(async account =>
    {
        await account.CatchUp();
        return null;
    });

    public static QueuedTurn Reminding(DateTime tick) => new(async account =>
    {
        await account.TakeTurn(tick);
        return null;
    });

    public async Task Take(AwakeAccount account)
    {
        try
        {
            _answer.TrySetResult(await turn(account));
        }
        catch (Exception failure)
        {
            Fail(failure);
        }
    }

    public void Fail(Exception failure) => _answer.TrySetException(failure);
}

/// <summary>An account that is awake on a node, and the turns that wait for it: one at a time, in the order of arrival.</summary>
internal sealed class Mailbox : IAccountHost
{
    private readonly AccountId _id;
    private readonly Node _node;
    private readonly AwakeAccount _account;
    private readonly Queue<QueuedTurn> _letters = new();
    private QueuedTurn? _current;
    private bool _isAwake;
    private bool _isLetGo;

    public Mailbox(AccountId id, Node node, Func<IAccountHost, AwakeAccount> wake)
    {
        (_id, _node) = (id, node);
        _account = wake(this);
    }

    public bool IsBusy { get; private set; }

    public void Post(QueuedTurn letter)
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

    void IAccountHost.LetGo() => _isLetGo = true;

    private async Task RunTurns()
    {
        IsBusy = true;
        if (!_isAwake) await _node.Presence.Wake(_id, CancellationToken.None);
        _isAwake = true;
        while (_letters.TryDequeue(out _current)) await _current.Take(_account);
        IsBusy = false;
        if (_isLetGo) _node.LetGo(_id, this);
    }
}
