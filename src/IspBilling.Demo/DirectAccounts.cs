using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Actors;
using IspBilling.Engine.Journal;

namespace IspBilling.Demo;

/// <summary>
/// Asks accounts straight through the journal, without a node: each command loads its account, asks it and forgets it. For filling a
/// database on which no node runs yet.
/// </summary>
public sealed class DirectAccounts(IJournal journal, IContextSource contexts) : IAccounts
{
    /// <summary>Commands of one account run one at a time; accounts that share a turnstile wait for each other, which only costs time.</summary>
    private readonly SemaphoreSlim[] _turnstiles = [.. Enumerable.Range(0, 1_024).Select(_ => new SemaphoreSlim(1, 1))];

    public async ValueTask<AccountReply> Ask(AccountId account, Envelope envelope, CancellationToken cancellation)
    {
        var turnstile = _turnstiles[(int)((ulong)account.Value % (ulong)_turnstiles.Length)];
        await turnstile.WaitAsync(cancellation);
        try
        {
            return await new AccountActor(account, journal, contexts).Run(envelope, cancellation);
        }
        finally
        {
            turnstile.Release();
        }
    }
}
