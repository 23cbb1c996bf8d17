using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Journal;

namespace IspBilling.Simulation.Tests.Mutants;

/// <summary>Nobody asks whether a command happened before.</summary>
internal sealed class SkipsDedupe : Sabotage
{
    public override IJournal Wrap(IJournal journal) => new Forgetful(journal);

    private sealed class Forgetful(IJournal journal) : WrongJournal(journal)
    {
        private int _again;

        public override async ValueTask<LoadedAccount> Load(AccountId account, CommandId asking, bool bulk, CancellationToken cancellation) =>
            await Journal.Load(account, asking, bulk, cancellation) with { StoredReply = null };

        public override async ValueTask<(AccountReply? Reply, long Version)> FindReply(AccountId account, CommandId command, CancellationToken cancellation) =>
            (null, (await Journal.FindReply(account, command, cancellation)).Version);

        public override async ValueTask<AppendResult> Append(AccountCommit commit, CancellationToken cancellation) =>
            (await Journal.FindReply(commit.Account, commit.Command, cancellation)).Reply is null
                ? await Journal.Append(commit, cancellation)
                : await Journal.Append(commit with { Command = CommandIds.Derive("again", $"{commit.Command}/{++_again}") }, cancellation);
    }
}

/// <summary>Whoever commits last wins, on whatever state it was decided.</summary>
internal sealed class DropsVersionCheck : Sabotage
{
    public override IJournal Wrap(IJournal journal) => new Careless(journal);

    private sealed class Careless(IJournal journal) : WrongJournal(journal)
    {
        public override async ValueTask<AppendResult> Append(AccountCommit commit, CancellationToken cancellation)
        {
            var head = (await Journal.Load(commit.Account, default, bulk: false, cancellation)).Head;
            return await Journal.Append(commit with { Before = commit.Before with { Version = head.Version }, Head = head }, cancellation);
        }
    }
}

/// <summary>Says that a commit is durable, and every so often it is not.</summary>
internal sealed class AcknowledgesTooEarly : Sabotage
{
    public override IJournal Wrap(IJournal journal) => new Hasty(journal);

    private sealed class Hasty(IJournal journal) : WrongJournal(journal)
    {
        private int _commits;

        public override ValueTask<AppendResult> Append(AccountCommit commit, CancellationToken cancellation)
        {
            if (++_commits % 10 != 0 || commit.Unnumbered().Any()) return Journal.Append(commit, cancellation);
            return ValueTask.FromResult<AppendResult>(new AppendResult.Committed(commit.Finish([]), commit.Head with { Version = commit.Decision.State.Version }));
        }
    }
}

/// <summary>Every so often writes that somebody else asked.</summary>
internal sealed class NamesSomebodyElse : Sabotage
{
    public override IJournal Wrap(IJournal journal) => new Slanderous(journal);

    private sealed class Slanderous(IJournal journal) : WrongJournal(journal)
    {
        private int _commits;

        public override ValueTask<AppendResult> Append(AccountCommit commit, CancellationToken cancellation) =>
            Journal.Append(++_commits % 10 == 0 ? commit with { By = Actor.System("nobody") } : commit, cancellation);
    }
}

/// <summary>A loaded state lacks what a client promised.</summary>
internal sealed class LoadsWithoutPromise : Sabotage
{
    public override IJournal Wrap(IJournal journal) => new Oblivious(journal);

    private sealed class Oblivious(IJournal journal) : WrongJournal(journal)
    {
        public override async ValueTask<LoadedAccount> Load(AccountId account, CommandId asking, bool bulk, CancellationToken cancellation)
        {
            var loaded = await Journal.Load(account, asking, bulk, cancellation);
            return loaded with { State = loaded.State with { Dunning = loaded.State.Dunning with { PromisedUntil = null } } };
        }
    }
}

/// <summary>Numbers documents by itself, and every so often gives a number that was given before.</summary>
internal sealed class ReusesNumber : Sabotage
{
    public override IJournal Wrap(IJournal journal) => new Counting(journal, (document, last, _) => document.Numbered(last > 0 && last % 5 == 0 ? last : last + 1));
}

/// <summary>Every so often a document is dated two days before the last of its series.</summary>
internal sealed class DatesBackwards : Sabotage
{
    public override IJournal Wrap(IJournal journal) => new Counting(
        journal, (document, last, on) => (last % 5 == 4 ? document with { IssuedOn = on.AddDays(-2) } : document).Numbered(last + 1));
}

/// <summary>Assigns numbers in place of the journal.</summary>
internal sealed class Counting(IJournal journal, Func<Document, long, DateOnly, Document> number) : WrongJournal(journal)
{
    private readonly Dictionary<SeriesKey, (long Last, DateOnly On)> _series = [];

    public override async ValueTask<AppendResult> Append(AccountCommit commit, CancellationToken cancellation)
    {
        var taken = new List<Document>();
        var numbered = commit.WithDocuments(document =>
        {
            var (last, on) = _series.GetValueOrDefault(document.Series, (0, document.IssuedOn));
            taken.Add(number(document, last, on));
            return taken[^1];
        });
        if (numbered.Decision.Reply is Billed billed)
        {
            var documents = billed.Documents.Select(document => document with { Number = taken.Find(other => other.Ordinal == document.Ordinal)!.Number });
            numbered = numbered with { Decision = numbered.Decision with { Reply = billed with { Documents = [.. documents] } } };
        }

        var result = await Journal.Append(numbered, cancellation);
        if (result is not AppendResult.Committed) return result;
        foreach (var document in taken) _series[document.Series] = (document.Sequence, document.IssuedOn);
        return result;
    }
}

/// <summary>Every so often the last message of a commit is not written.</summary>
internal sealed class LosesMessage : Sabotage
{
    public override IJournal Wrap(IJournal journal) => new Mute(journal);

    private sealed class Mute(IJournal journal) : WrongJournal(journal)
    {
        private int _messages;

        public override ValueTask<AppendResult> Append(AccountCommit commit, CancellationToken cancellation)
        {
            var messages = commit.Decision.Messages;
            if (messages.IsEmpty || ++_messages % 10 != 0) return Journal.Append(commit, cancellation);
            return Journal.Append(commit with { Decision = commit.Decision with { Messages = messages.RemoveAt(messages.Length - 1) } }, cancellation);
        }
    }
}

/// <summary>Every so often a message is written twice.</summary>
internal sealed class SendsTwice : Sabotage
{
    public override IJournal Wrap(IJournal journal) => new Stuttering(journal);

    private sealed class Stuttering(IJournal journal) : WrongJournal(journal)
    {
        private int _messages;

        public override ValueTask<AppendResult> Append(AccountCommit commit, CancellationToken cancellation)
        {
            var messages = commit.Decision.Messages;
            if (messages.IsEmpty || ++_messages % 10 != 0) return Journal.Append(commit, cancellation);
            return Journal.Append(commit with { Decision = commit.Decision with { Messages = messages.Add(messages[0]) } }, cancellation);
        }
    }
}
