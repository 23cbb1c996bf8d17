using IspBilling.Domain;
using IspBilling.Engine.Accounts;

namespace IspBilling.Engine.StatementImports;

/// <summary>
/// Where a person decides about statement entries. An assignment over several accounts is stored before the first is asked and is
/// all or nothing: what a refusal or a crash interrupts is undone or completed.
/// </summary>
public sealed class ClerkDesk(IAccounts accounts, IStatementImportStore store)
{
    public const int MaxParts = 50;

    private readonly Proposals _proposals = new(store);

    /// <summary>
    /// Books a whole entry on an account: money that came in, a refund that went out, or, of a reversal that took money back, has the
    /// account find the payment.
    /// </summary>
    public Task<DeskReply> Assign(long entry, AccountId account, Actor by, CancellationToken cancellation) =>
        Assign(entry, account, stated: null, by, reason: null, cancellation);

    /// <param name="stated">What the entry is worth in the account's currency, when it came in another one: needs a reason. Else the entry's own amount, or null.</param>
    public async Task<DeskReply> Assign(long entry, AccountId account, Money? stated, Actor by, string? reason, CancellationToken cancellation)
    {
        if (await store.FindEntry(entry, cancellation) is not { } view) return Unknown(entry);
        var amount = view.Entry.Amount;
        if (DeskShares.ProblemOfStated(amount, stated, reason) is { } problem) return problem;
        return await Begin(view, Disposition.Whole(account, amount, MatchRule.Clerk, reason, DeskShares.Beside(amount, stated)), by, cancellation);
    }

    /// <summary>Books an entry in parts on several accounts; the parts sum to the whole.</summary>
    public Task<DeskReply> Split(long entry, IReadOnlyList<EntryShare> shares, Actor by, CancellationToken cancellation) =>
        Split(entry, shares, by, reason: null, cancellation);

    /// <param name="reason">Why so, where that needs a word; required where a share's worth is stated.</param>
    public async Task<DeskReply> Split(long entry, IReadOnlyList<EntryShare> shares, Actor by, string? reason, CancellationToken cancellation)
    {
        if (await store.FindEntry(entry, cancellation) is not { } view) return Unknown(entry);
        if (DeskShares.Problem(view.Entry, shares, reason) is { } problem) return problem;
        EntryPart[] parts = [.. shares.Select((share, at) => new EntryPart(at + 1, share.Account, share.Amount, DeskShares.Beside(share.Amount, share.Stated)))];
        return await Begin(view, new Disposition(parts, Fee: null, MatchRule.Clerk, reason), by, cancellation);
    }

    /// <summary>
    /// Money went back: the entry takes back these payments, each whole or in part, and what the bank kept for it is nobody's payment. Of
    /// money that came in: these refunds came back, less the fee.
    /// </summary>
    /// <param name="fee">What the bank kept; null for nothing.</param>
    public async Task<DeskReply> Return(
        long entry, IReadOnlyList<ReturnShare> shares, Money? fee, Actor by, string reason, CancellationToken cancellation)
    {
        if (await store.FindEntry(entry, cancellation) is not { } view) return Unknown(entry);
        if (DeskShares.Problem(view.Entry, shares, fee) is { } problem) return problem;
        EntryPart[] parts = [.. shares.Select((share, at) => new EntryPart(
            at + 1, share.Account, share.Amount, DeskShares.Beside(share.Amount, share.Stated), share.Payment))];
        return await Begin(view, new Disposition(parts, fee, MatchRule.Clerk, reason), by, cancellation);
    }

    /// <summary>The entry is no client's: interest, a transfer between own accounts, a supplier.</summary>
    public async Task<DeskReply> Close(long entry, Actor by, string reason, CancellationToken cancellation)
    {
        if (await store.FindEntry(entry, cancellation) is not { } view) return Unknown(entry);
        if (await store.Close([entry], by, reason, cancellation)) return new EntryClosed();
        return view.State == EntryState.Rejected && view.ClosedWith is null
            ? new EntryClosed()
            : new DeskRefused(DeskRefusalReason.NotInSuspense, $"the entry is {view.State}; only one in suspense can be closed");
    }

    /// <summary>A payment that nobody claimed and the entry that took it back cancel each other.</summary>
    public async Task<DeskReply> CloseTogether(long entry, long other, Actor by, string reason, CancellationToken cancellation)
    {
        if (await store.FindEntry(entry, cancellation) is not { } view) return Unknown(entry);
        if (await store.FindEntry(other, cancellation) is not { } counterpart) return Unknown(other);
        if (DeskShares.ProblemOfPair(view, counterpart) is { } problem) return problem;
        if (await store.Close([entry, other], by, reason, cancellation)) return new EntryClosed();
        return view.ClosedWith == other
            ? new EntryClosed()
            : new DeskRefused(DeskRefusalReason.NotInSuspense, $"the entries are {view.State} and {counterpart.State}; only two in suspense can be closed together");
    }

    /// <summary>A closed entry is a person's to decide again, with the one that it was closed with.</summary>
    public async Task<DeskReply> Reopen(long entry, Actor by, string reason, CancellationToken cancellation)
    {
        if (await store.FindEntry(entry, cancellation) is not { } view) return Unknown(entry);
        if (await store.Reopen(entry, by, reason, cancellation))
        {
            await _proposals.For(view, cancellation);
            if (view.ClosedWith is { } other && await store.FindEntry(other, cancellation) is { } counterpart) await _proposals.For(counterpart, cancellation);
            return new EntryUnassigned();
        }

        return view.State == EntryState.Suspense
            ? new EntryUnassigned()
            : new DeskRefused(DeskRefusalReason.NotClosed, $"the entry is {view.State}, not closed");
    }

    /// <summary>
    /// The entry is another movement than these, which look like the same money: each may be booked. What then looks like nothing else is no longer
    /// doubtful.
    /// </summary>
    public async Task<DeskReply> TellApart(long entry, IReadOnlyList<long> others, Actor by, string reason, CancellationToken cancellation)
    {
        if (await store.FindEntry(entry, cancellation) is not { } view) return Unknown(entry);
        var counterparts = await store.CounterpartsOf(entry, cancellation);
        foreach (var other in others)
        {
            if (counterparts.Any(counterpart => counterpart.Id == other)) continue;
            if (await store.FindEntry(other, cancellation) is null) return Unknown(other);
            return new DeskRefused(DeskRefusalReason.NotInDoubt, $"entry {other} does not look like entry {entry}, or was told apart from it before");
        }

        foreach (var other in counterparts.Where(counterpart => others.Contains(counterpart.Id)))
        {
            if (PartsOf(other, await store.CounterpartsOf(other.Id, cancellation), [entry]) is { } parts) return Together(other, parts);
        }

        if (PartsOf(view, counterparts, others) is { } all && !all.All(others.Contains)) return Together(view, all);
        if (!await store.TellApart(entry, [.. others.Distinct()], by, reason, cancellation)) return UnderWay();
        if (view.State == EntryState.Suspense) await _proposals.For(view, cancellation);
        return new EntryToldApart(view.State);
    }

    /// <summary>The payments of one file that are together exactly what an entry is, if some that are asked about are among them.</summary>
    private static List<long>? PartsOf(EntryView whole, IReadOnlyList<EntryView> counterparts, IReadOnlyList<long> asked)
    {
        foreach (var told in counterparts.GroupBy(counterpart => counterpart.Import))
        {
            var parts = told.ToList();
            if (parts.Count > 1 && parts.Exists(part => asked.Contains(part.Id)) && parts.AddUpTo(whole.Entry.Amount, part => part.Entry.Amount)) return parts.ConvertAll(part => part.Id);
        }

        return null;
    }

    private static DeskRefused Together(EntryView whole, List<long> parts) => new(
        DeskRefusalReason.PartsBelongTogether,
        $"entry {whole.Id} over {whole.Entry.Amount} is what entries {string.Join(", ", parts)} are together: tell entry {whole.Id} apart from all of them at once");

    /// <summary>Books an entry that a rule has found the account of since it came.</summary>
    internal Task<DeskReply> Settle(EntryView view, Candidate candidate, Actor by, CancellationToken cancellation) =>
        Begin(view, Disposition.Whole(candidate.Account, view.Entry.Amount, candidate.Rule, candidate.Why), by, cancellation);

    /// <summary>Takes an entry off the account or accounts it is on; it waits in suspense again.</summary>
    public async Task<DeskReply> Unassign(long entry, Actor by, string reason, CancellationToken cancellation)
    {
        if (await store.FindEntry(entry, cancellation) is not { } view) return Unknown(entry);
        if (await store.BeginTakingOff(entry, by, reason, cancellation) is { } assignment) return await CarryOn(assignment, cancellation);
        return view.State switch
        {
            EntryState.Suspense => new EntryUnassigned(),
            EntryState.Matched => UnderWay(),
            _ => new DeskRefused(DeskRefusalReason.NotAssigned, $"the entry is {view.State}, not on an account"),
        };
    }

    /// <summary>Carries on what a crash or a parked account interrupted. Meant for the start of the engine and now and then after.</summary>
    /// <returns>How many assignments are still under way.</returns>
    public async Task<int> Resume(CancellationToken cancellation)
    {
        var left = 0;
        foreach (var assignment in await store.UnfinishedAssignments(cancellation))
        {
            if (await CarryOn(assignment, cancellation) is DeskRefused { Reason: DeskRefusalReason.ToBeCompleted }) left++;
        }

        return left;
    }

    private async Task<DeskReply> Begin(EntryView view, Disposition disposition, Actor by, CancellationToken cancellation)
    {
        if (await store.BeginAssignment(view.Id, by, disposition, cancellation) is { } assignment) return await CarryOn(assignment, cancellation);
        if (view.State == EntryState.Suspense) return await BookedCounterpart(view, cancellation) ?? UnderWay();
        // Asked again after a lost answer: what is already so is done.
        if (view.State == EntryState.Matched && view.Fee == disposition.Fee && disposition.Parts.SequenceEqual(await store.PartsOf(view.Id, cancellation)))
            return new EntryAssigned(view.Reason);
        return new DeskRefused(DeskRefusalReason.NotInSuspense, $"the entry is {view.State}; only one in suspense can be assigned");
    }

    /// <summary>Null where no money that may be the same is booked.</summary>
    private async Task<DeskRefused?> BookedCounterpart(EntryView view, CancellationToken cancellation)
    {
        var counterparts = await store.CounterpartsOf(view.Id, cancellation);
        if (counterparts.FirstOrDefault(other => other.State == EntryState.Matched) is { } booked)
        {
            var where = booked.Account is { } account ? $"booked on account {account}" : "booked on several accounts";
            return new DeskRefused(
                DeskRefusalReason.CounterpartBooked,
                $"entry {view.Id} may be the same money as entry {booked.Id}, which is {where}: close entry {view.Id} if it is, or tell the two apart with a reason");
        }

        return counterparts.FirstOrDefault(other => other.State == EntryState.Pending) is { } pending
            ? new DeskRefused(DeskRefusalReason.CounterpartBooked, $"entry {view.Id} may be the same money as entry {pending.Id}, which is just being matched")
            : null;
    }

    private Task<DeskReply> CarryOn(Assignment assignment, CancellationToken cancellation) => assignment.Step switch
    {
        AssignmentStep.Booking => Book(assignment, cancellation),
        AssignmentStep.RollingBack => RollBack(assignment, cancellation),
        AssignmentStep.TakingOff => TakeOff(assignment, cancellation),
        AssignmentStep.Restoring => Restore(assignment, cancellation),
        _ => throw new InvariantBrokenException($"unknown step {assignment.Step}"),
    };

    private async Task<DeskReply> Book(Assignment assignment, CancellationToken cancellation)
    {
        string? flagged = null;
        for (var booked = 0; booked < assignment.Parts.Count; booked++)
        {
            var part = assignment.Parts[booked];
            var reply = await accounts.Ask(part.Account, Booking.Of(assignment, part), cancellation);
            if (RefusalIn(reply) is { } refusal)
            {
                var reason = $"account {part.Account}: {refusal}";
                if (booked == 0) return await EndInSuspense(assignment, reason, Refused(reason), cancellation);
                var undoing = await store.NextStep(assignment, AssignmentStep.RollingBack, booked, reason, cancellation);
                return undoing is null ? UnderWay() : await RollBack(undoing, cancellation);
            }

            flagged ??= (reply as PaymentReceipt)?.Flagged;
        }

        var told = string.Join("; ", new[] { assignment.Reason, flagged }.OfType<string>());
        return await EndMatched(assignment, assignment.Rule, told.Length == 0 ? null : told, new EntryAssigned(flagged), cancellation);
    }

    private async Task<DeskReply> RollBack(Assignment assignment, CancellationToken cancellation)
    {
        var (_, refusal) = await TakeOffParts(assignment, cancellation);
        if (refusal is not null) return ToBeCompleted(refusal);
        var reason = assignment.Reason ?? "an account refused";
        return await EndInSuspense(assignment, reason, Refused(reason), cancellation);
    }

    private async Task<DeskReply> TakeOff(Assignment assignment, CancellationToken cancellation)
    {
        var (taken, refusal) = await TakeOffParts(assignment, cancellation);
        if (refusal is null) return await EndInSuspense(assignment, $"taken off by {assignment.By.Name}: {assignment.Reason}", new EntryUnassigned(), cancellation);
        if (taken == 0) return await EndMatched(assignment, assignment.Entry.Rule, assignment.Entry.Reason, Refused(refusal), cancellation);
        var restoring = await store.NextStep(assignment, AssignmentStep.Restoring, taken, refusal, cancellation);
        return restoring is null ? UnderWay() : await Restore(restoring, cancellation);
    }

    private async Task<DeskReply> Restore(Assignment assignment, CancellationToken cancellation)
    {
        foreach (var part in assignment.Parts.Take(assignment.Concerned))
        {
            var reply = await accounts.Ask(part.Account, Booking.Of(assignment, part), cancellation);
            if (RefusalIn(reply) is { } refusal) return ToBeCompleted($"account {part.Account}: {refusal}");
        }

        var reason = assignment.Reason ?? "an account would not give its part back";
        return await EndMatched(assignment, assignment.Entry.Rule, assignment.Entry.Reason, Refused(reason), cancellation);
    }

    /// <summary>In order, up to the first account that refuses: then the parts before it are off.</summary>
    private async Task<(int Taken, string? Refusal)> TakeOffParts(Assignment assignment, CancellationToken cancellation)
    {
        var taken = 0;
        foreach (var part in assignment.Parts.Take(assignment.Concerned))
        {
            var reply = await accounts.Ask(part.Account, Booking.TakeOff(assignment, part), cancellation);
            if (RefusalIn(reply) is { } refusal) return (taken, $"account {part.Account}: {refusal}");
            taken++;
        }

        return (taken, null);
    }

    private async Task<DeskReply> EndInSuspense(Assignment assignment, string reason, DeskReply reply, CancellationToken cancellation)
    {
        // What was open or paid when the entry came is not what is now: the money has moved, be it only by this entry.
        var candidates = await _proposals.Of([assignment.Entry.ToStored()], cancellation);
        var outcome = new EntryOutcome(assignment.Entry.Id, EntryState.Suspense, null, null, reason, candidates[assignment.Entry.Id]);
        return await store.EndAssignment(assignment, outcome, cancellation) ? reply : UnderWay();
    }

    private async Task<DeskReply> EndMatched(Assignment assignment, MatchRule? rule, string? reason, DeskReply reply, CancellationToken cancellation)
    {
        var outcome = new EntryOutcome(
            assignment.Entry.Id, EntryState.Matched, assignment.Parts.Count == 1 ? assignment.Parts[0].Account : null, rule, reason,
            assignment.Entry.Candidates);
        return await store.EndAssignment(assignment, outcome, cancellation) ? reply : UnderWay();
    }

    /// <summary>Null when the account did what it was asked.</summary>
    private static string? RefusalIn(AccountReply reply) => reply switch
    {
        PaymentReceipt or PaymentTakenBack or Done => null,
        Refused refused => refused.Detail,
        Parked parked => $"parked, {parked.Reason}",
        _ => throw new InvariantBrokenException($"a payment cannot end in {reply.GetType().Name}"),
    };

    private static DeskRefused Refused(string reason) => new(DeskRefusalReason.AccountRefused, reason);

    private static DeskRefused ToBeCompleted(string reason) => new(DeskRefusalReason.ToBeCompleted, reason);

    private static DeskRefused UnderWay() => new(DeskRefusalReason.UnderWay, "an assignment of the entry, or of one that may be the same money, is under way");

    private static DeskRefused Unknown(long entry) => new(DeskRefusalReason.UnknownEntry, $"there is no statement entry {entry}");
}
