using IspBilling.Domain;
using IspBilling.Engine.Journal;

namespace IspBilling.Engine.Tests.Journal;

/// <summary>A journal around which a test may hold things up or let them fail.</summary>
internal sealed class HookedJournal(IJournal inner) : IJournal
{
    public Func<AccountCommit, Task> BeforeAppend { get; set; } = _ => Task.CompletedTask;

    public Func<AccountCommit, Task> AfterAppend { get; set; } = _ => Task.CompletedTask;

    public int Loads { get; private set; }

    public ValueTask<LoadedAccount> Load(AccountId account, CommandId asking, bool bulk, CancellationToken cancellation)
    {
        Loads++;
        return inner.Load(account, asking, bulk, cancellation);
    }

    public ValueTask<(AccountReply? Reply, long Version)> FindReply(AccountId account, CommandId command, CancellationToken cancellation) =>
        inner.FindReply(account, command, cancellation);

    public async ValueTask<AppendResult> Append(AccountCommit commit, CancellationToken cancellation)
    {
        await BeforeAppend(commit);
        var result = await inner.Append(commit, cancellation);
        await AfterAppend(commit);
        return result;
    }

    public ValueTask Park(AccountId account, string command, string reason, DateTimeOffset at, CancellationToken cancellation) =>
        inner.Park(account, command, reason, at, cancellation);

    public ValueTask Unpark(AccountId account, CancellationToken cancellation) => inner.Unpark(account, cancellation);
}
