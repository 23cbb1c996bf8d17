using System.Collections.Immutable;
using IspBilling.Domain;

namespace IspBilling.Engine.Journal;

/// <summary>What one command changed, on its way to becoming durable; lacks only the numbers of its documents.</summary>
/// <param name="By">Who asked.</param>
public sealed record AccountCommit(
    AccountId Account,
    CommandId Command,
    Actor By,
    DateTimeOffset At,
    AccountState Before,
    JournalHead Head,
    Decision Decision,
    DecisionContext Context)
{
    /// <summary>The catalogue revision that all charges now agree with; null when the command did not bill.</summary>
    /// <remarks>Other commands do not correct charges, so the account still has to be billed under a new catalogue.</remarks>
    public long? BilledUnder => Decision.Events.Any(happened => happened is DocumentIssued) ? Context.Catalogue.Revision : null;

    public Decision Decision
    {
        get;
        init
        {
            field = value;
            (NextBillOn, NextReviewOn) = (value.State.NextBillOn, NextReview(value.State, Context));
        }
    }
    = Decision;

    /// <summary>First day on which billing may have something to do; null when never.</summary>
    /// <remarks>
    /// This and the next are found out with the decision, where a failure parks this one account, and not when the commit is written among
    /// a thousand others. The numbers that documents get later change neither.
    /// </remarks>
    public DateOnly? NextBillOn { get; private init; } = Decision.State.NextBillOn;

    /// <summary>First day on which dunning will act if nothing else happens; null when never.</summary>
    public DateOnly? NextReviewOn { get; private init; } = NextReview(Decision.State, Context);

    /// <summary>One of very many; gives way to commits that a person waits for.</summary>
    public bool Bulk { get; init; }

    /// <summary>What the commit can be decided from again; null when it cannot, and must be kept until it has landed.</summary>
    public CommitBasis? Basis { get; init; }

    /// <summary>The documents that need a number, in the order of the events.</summary>
    public IEnumerable<Document> Unnumbered()
    {
        foreach (var happened in Decision.Events)
        {
            if (happened is DocumentIssued { Document.IsNumbered: false } issued) yield return issued.Document;
        }
    }

    /// <summary>The commit as it is written and folded, with the numbers the journal assigned.</summary>
    /// <param name="sequences">One for each of <see cref="Unnumbered"/>.</param>
    public FinishedCommit Finish(ReadOnlySpan<long> sequences)
    {
        if (sequences.IsEmpty) return new FinishedCommit(Decision.Events, Decision.State, Decision.Reply, NextBillOn, NextReviewOn);

        var events = Decision.Events.ToBuilder();
        var next = 0;
        for (var i = 0; i < events.Count; i++)
        {
            if (events[i] is DocumentIssued { Document.IsNumbered: false } issued)
                events[i] = issued with { Document = issued.Document.Numbered(sequences[next++]) };
        }

        Invariant.Require(next == sequences.Length);
        var numbered = events.MoveToImmutable();
        return new FinishedCommit(numbered, Decision.State.WithNumbers(numbered), NumberedReply(Decision.Reply, numbered), NextBillOn, NextReviewOn);
    }

    private static DateOnly? NextReview(AccountState state, DecisionContext context) =>
        DunningEvaluation.NextActionFrom(context.Today, state.Debtor, context.DunningOf(state));

    private static AccountReply NumberedReply(AccountReply reply, ImmutableArray<AccountEvent> events)
    {
        if (reply is not Billed billed) return reply;
        return billed with
        {
            Documents = [.. billed.Documents.Select(document => document with { Number = NumberOf(document.Ordinal) })],
        };

        string NumberOf(int ordinal) => events.OfType<DocumentIssued>().First(issued => issued.Document.Ordinal == ordinal).Document.Number;
    }
}

/// <param name="NextBillOn">As <see cref="AccountCommit.NextBillOn"/>.</param>
/// <param name="NextReviewOn">As <see cref="AccountCommit.NextReviewOn"/>.</param>
public sealed record FinishedCommit(
    ImmutableArray<AccountEvent> Events, AccountState State, AccountReply Reply, DateOnly? NextBillOn, DateOnly? NextReviewOn);

/// <summary>A commit that has no written form: one account's fault, which holds up nobody who is written with it.</summary>
public sealed class UnwritableCommitException(AccountId account, Exception cause) : Exception($"{cause.GetType().Name}: {cause.Message}", cause)
{
    public AccountId Account { get; } = account;
}
