using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Telemetry;

namespace IspBilling.Engine.Actors;

/// <summary>
/// How one account runs, whatever hosts it: load, recognise repetition, decide, make durable, evolve, reply. The host runs one
/// command at a time.
/// </summary>
public sealed class AccountActor(AccountId id, IJournal journal, IContextSource contexts, Deciding decide)
{
    private const int MaxAttempts = 3;
    private RecentReplies? _recent;
    private AccountState? _state;
    private JournalHead _head;
    private string? _parked;

    public AccountActor(AccountId id, IJournal journal, IContextSource contexts)
        : this(id, journal, contexts, AccountDecider.Decide)
    {
    }

    public AccountId Id { get; } = id;

    /// <summary>Another activation of this account has written to the journal; the host should drop this one when the turn ends.</summary>
    public bool WasOvertaken { get; private set; }

    /// <summary>As of the last command; null when it is not known without loading it.</summary>
    public AccountState? State => _state;

    /// <summary>The state, loaded when it is not known.</summary>
    public async ValueTask<AccountState> Look(CancellationToken cancellation)
    {
        if (_state is not null) return _state;
        var loaded = await journal.Load(Id, asking: default, bulk: true, cancellation);
        (_state, _head, _parked) = (loaded.State, loaded.Head, loaded.Parked);
        return loaded.State;
    }

    /// <exception cref="Exception">The journal failed; the account forgets its state and loads it again for the next command.</exception>
    /// <remarks>
    /// Thousands of accounts wait for the journal here at once, so a single state machine waits and it keeps nothing of the decision.
    /// </remarks>
    public async ValueTask<AccountReply> Run(Envelope envelope, CancellationToken cancellation)
    {
        using var turn = EngineTelemetry.Turn(envelope.Command);
        try
        {
            for (var attempt = 1; attempt <= MaxAttempts; attempt++)
            {
                if (_recent?.Find(envelope.Id) is { } remembered) return turn.Ended(remembered);
                var loaded = _state is null ? await journal.Load(Id, envelope.Id, envelope.Bulk, cancellation) : null;
                if (loaded is not null) (_state, _head, _parked) = (loaded.State, loaded.Head, loaded.Parked);
                if (loaded?.StoredReply is { } stored) return turn.Ended(Remembered(envelope, stored));

                var now = await Braked(envelope, contexts.Now(), cancellation);
                // Nothing is awaited between deciding and appending: the decision is made on the state it is appended to.
                AccountReply? reply;
                var (decision, commit) = Decide(envelope, now, loaded, out var broken);
                if (decision is null) reply = await Park(envelope, broken!, now.Instant, cancellation);
                else if (commit is null) reply = await Unchanged(envelope, decision.Reply, askedJournal: loaded is not null, cancellation);
                else
                {
                    // The state is unknown until the commit has landed.
                    _state = null;
                    var result = await journal.Append(commit, cancellation);
                    reply = await Landed(envelope, result, now.Instant, cancellation);
                }

                if (reply is not null) return turn.Ended(reply);
            }

            throw new InvalidOperationException($"account {Id} changed under {MaxAttempts} attempts; is it active twice?");
        }
        catch
        {
            Forget();
            throw;
        }
    }

    /// <summary>A review that would take something away asks first whether one more may today.</summary>
    private ValueTask<Moment> Braked(Envelope envelope, Moment now, CancellationToken cancellation) =>
        envelope.Command is Review && contexts.Brake is { } brake && WouldRestrict(_state!, now.Context)
            ? Braked(brake, now, cancellation)
            : ValueTask.FromResult(now);

    private async ValueTask<Moment> Braked(IRestrictionBrake brake, Moment now, CancellationToken cancellation) =>
        await brake.MayRestrict(Id, now.Context.Today, cancellation) ? now : now with { Context = now.Context with { Hold = RestrictionHold.Brake } };

    private static bool WouldRestrict(AccountState state, DecisionContext context)
    {
        if (state.Status == AccountStatus.New) return false;
        var terms = context.DunningOf(state);
        var verdict = DunningEvaluation.On(context.Today, state.Debtor, terms);
        return verdict.Level > state.Level || (verdict.Step is { } step && terms.Policy.Steps[step].IsRestrictive);
    }

    /// <returns>A decision unless it is broken, and a commit if it changes something: with everything that follows from the decision.</returns>
    private (Decision? Decision, AccountCommit? Commit) Decide(Envelope envelope, Moment now, LoadedAccount? loaded, out Exception? broken)
    {
        broken = null;
        try
        {
            var decision = decide(_state!, envelope.Command, now.Context);
            return (decision, decision.ChangesNothing ? null : Commit(envelope, now, decision, loaded));
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            broken = failure;
            return default;
        }
    }

    /// <summary>Null when another writer was faster: the state was forgotten and the command can be tried again.</summary>
    private async ValueTask<AccountReply?> Unchanged(Envelope envelope, AccountReply reply, bool askedJournal, CancellationToken cancellation)
    {
        if (!askedJournal && envelope.Command is not Bill { PreviewOnly: true })
        {
            var (earlier, version) = await journal.FindReply(Id, envelope.Id, cancellation);
            if (earlier is not null) return earlier;
            if (version != _head.Version)
            {
                // Another activation has moved the account on, and in its state the command may change something.
                return Overtaken();
            }
        }

        await UnparkIfSound(envelope, reply, cancellation);
        return reply;
    }

    private AccountCommit Commit(Envelope envelope, Moment now, Decision decision, LoadedAccount? loaded)
    {
        var before = _state!;
        return envelope.Bulk && loaded is { Snapshot.IsEmpty: false }
            ? new CommitBasis(Id, envelope, now, _head, loaded.Snapshot, decide).Commit(before, decision)
            : new AccountCommit(Id, envelope.Id, envelope.By, now.Instant, before, _head, decision, now.Context) { Bulk = envelope.Bulk };
    }

    /// <summary>Null when the command can be tried again.</summary>
    /// <param name="at">When it was decided.</param>
    private async ValueTask<AccountReply?> Landed(Envelope envelope, AppendResult result, DateTimeOffset at, CancellationToken cancellation)
    {
        switch (result)
        {
            case AppendResult.Committed committed:
                (_state, _head) = (committed.Commit.State, committed.Head);
                await UnparkIfSound(envelope, committed.Commit.Reply, cancellation);
                return Remembered(envelope, committed.Commit.Reply);
            case AppendResult.CommittedInBulk committed:
                await UnparkIfSound(envelope, committed.Reply, cancellation);
                return committed.Reply;
            case AppendResult.AlreadyDone done:
                Forget();
                return done.Reply;
            case AppendResult.DateBeforeSeries late when late.LastIssuedOn <= contexts.Now().Context.Today:
                // Decided before midnight, while the series already holds documents of the new day: decide again.
                return null;
            case AppendResult.DateBeforeSeries refused:
                return new Refused(
                    RefusalReason.IssueDateBeforeSeries,
                    $"series {refused.Series} already holds a document of {refused.LastIssuedOn:yyyy-MM-dd}; numbers are dated in order");
            case AppendResult.Unwritable unwritable:
                Forget();
                return await Park(envelope, unwritable.Cause, at, cancellation);
            case AppendResult.VersionConflict:
                return Overtaken();
            case var unknown:
                throw new InvariantBrokenException($"unknown append result {unknown}");
        }
    }

    private async ValueTask<AccountReply> Park(Envelope envelope, Exception broken, DateTimeOffset at, CancellationToken cancellation)
    {
        var reason = broken is BrokenReferenceException ? broken.Message : $"{broken.GetType().Name}: {broken.Message}";
        EngineTelemetry.AccountParked(Id, envelope.Command, broken);
        await journal.Park(Id, envelope.Command.GetType().Name, reason, at, cancellation);
        _parked = envelope.Command.GetType().Name;
        return new Parked(reason);
    }

    /// <summary>The kind of command that parked the account has succeeded, so no clerk needs to look at it.</summary>
    private async ValueTask UnparkIfSound(Envelope envelope, AccountReply reply, CancellationToken cancellation)
    {
        if (_parked is null || reply is Refused || _parked != envelope.Command.GetType().Name) return;
        await journal.Unpark(Id, cancellation);
        _parked = null;
    }

    private AccountReply Remembered(Envelope envelope, AccountReply reply)
    {
        (_recent ??= new RecentReplies()).Remember(envelope.Id, reply);
        return reply;
    }

    private AccountReply? Overtaken()
    {
        WasOvertaken = true;
        Forget();
        return null;
    }

    private void Forget()
    {
        _state = null;
        _recent = null;
    }
}
