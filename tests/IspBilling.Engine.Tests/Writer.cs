using IspBilling.Domain;
using IspBilling.Engine.Journal;

namespace IspBilling.Engine.Tests;

/// <summary>Writes one account as its actor would, but shows what the journal answers.</summary>
internal sealed class Writer(IJournal journal, long account)
{
    public AccountId Account { get; } = new(account);

    public static readonly Actor By = new(ActorKind.ApiKey, "7", "CRM");

    public AccountState State { get; private set; } = AccountState.New(new AccountId(account));

    public JournalHead Head { get; private set; } = JournalHead.Start;

    public async Task<LoadedAccount> Load(CommandId asking = default)
    {
        var loaded = await journal.Load(Account, asking, bulk: false, CancellationToken.None);
        (State, Head) = (loaded.State, loaded.Head);
        return loaded;
    }

    public AccountCommit Decide(AccountCommand command, string today, CommandId? id = null) => Decide(command, Given.On(today), id);

    public AccountCommit Decide(AccountCommand command, DecisionContext context, CommandId? id = null) => new(
        Account, id ?? NewId(), By, new DateTimeOffset(context.Today, new TimeOnly(10, 0), TimeSpan.Zero), State, Head,
        AccountDecider.Decide(State, command, context), context);

    public async Task<AppendResult> Append(AccountCommit commit)
    {
        Assert.False(commit.Decision.ChangesNothing, commit.Decision.Reply.ToString());
        var result = await journal.Append(commit, CancellationToken.None);
        if (result is AppendResult.Committed committed) (State, Head) = (committed.Commit.State, committed.Head);
        return result;
    }

    public async Task<FinishedCommit> Commit(AccountCommand command, string today, CommandId? id = null) =>
        Assert.IsType<AppendResult.Committed>(await Append(Decide(command, today, id))).Commit;

    /// <summary>A client with one service from 2026-01-01.</summary>
    public async Task<Writer> Subscribe(IssuerId? issuer = null)
    {
        await Commit(Given.Client(issuer: issuer), "2026-01-01");
        await Commit(Given.Service("net", "2026-01-01", Given.Slow), "2026-01-01");
        return this;
    }

    public static CommandId NewId() => new(Guid.NewGuid());
}
