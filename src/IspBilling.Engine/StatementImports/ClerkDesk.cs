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

    /// <summary>Books a whole entry on an account; of a reversal, has the account take the payment back.</summary>
    public async Task<DeskReply> Assign(long entry, AccountId account, string by, CancellationToken cancellation)
    {
        if (await store.FindEntry(entry, cancellation) is not { } view) return Unknown(entry);
        return await Begin(view, [new EntryPart(1, account, view.Entry.Amount)], by, cancellation);
    }

    /// <summary>Books an entry in parts on several accounts; the parts sum to the whole.</summary>
    public async Task<DeskReply> Split(long entry, IReadOnlyList<EntryShare> shares, string by, CancellationToken cancellation)
    {
        if (await store.FindEntry(entry, cancellation) is not { } view) return Unknown(entry);
        if (Problem(view.Entry, shares) is { } problem) return problem;
        return await Begin(view, [.. shares.Select((share, at) => new EntryPart(at + 1, share.Account, share.Amount))], by, cancellation);
    }

    /// <summary>Takes an entry off the account or accounts it is on; it waits in suspense again.</summary>
    public async Task<DeskReply> Unassign(long entry, string by, string reason, CancellationToken cancellation)
    {
        if (await store.FindEntry(entry, cancellation) is not { } view) return Unknown(entry);
        if (view.Entry.IsReversal) return new DeskRefused(DeskRefusalReason.IsReversal, "the bank has taken the money back; that stays");
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

    private async Task<DeskReply> Begin(EntryView view, IReadOnlyList<EntryPart> parts, string by, CancellationToken cancellation)
    {
        if (await store.BeginAssignment(view.Id, by, parts, cancellation) is { } assignment) return await CarryOn(assignment, cancellation);
        if (view.State == EntryState.Suspense) return UnderWay();
        // Asked again after a lost answer: what is already so is done.
        if (view.State == EntryState.Matched && parts.SequenceEqual(await store.PartsOf(view.Id, cancellation))) return new EntryAssigned(view.Reason);
        return new DeskRefused(DeskRefusalReason.NotInSuspense, $"the entry is {view.State}; only one in suspense can be assigned");
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
            var reply = await accounts.Ask(
                part.Account, assignment.Entry.Entry.IsReversal ? Booking.Reverse(assignment, part) : Booking.Of(assignment, part), cancellation);
            if (RefusalIn(reply) is { } refusal)
            {
                var reason = $"account {part.Account}: {refusal}";
                if (booked == 0) return await EndInSuspense(assignment, reason, Refused(reason), cancellation);
                var undoing = await store.NextStep(assignment, AssignmentStep.RollingBack, booked, reason, cancellation);
                return undoing is null ? UnderWay() : await RollBack(undoing, cancellation);
            }

            flagged ??= (reply as PaymentReceipt)?.Flagged;
        }

        return await EndMatched(assignment, MatchRule.Clerk, flagged, new EntryAssigned(flagged), cancellation);
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
        if (refusal is null) return await EndInSuspense(assignment, $"taken off by {assignment.By}: {assignment.Reason}", new EntryUnassigned(), cancellation);
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

    private Task<DeskReply> EndInSuspense(Assignment assignment, string reason, DeskReply reply, CancellationToken cancellation) => End(
        assignment,
        new EntryOutcome(assignment.Entry.Id, EntryState.Suspense, null, null, reason, assignment.Entry.Candidates),
        reply, cancellation);

    private Task<DeskReply> EndMatched(Assignment assignment, MatchRule? rule, string? reason, DeskReply reply, CancellationToken cancellation) => End(
        assignment,
        new EntryOutcome(
            assignment.Entry.Id, EntryState.Matched, assignment.Parts.Count == 1 ? assignment.Parts[0].Account : null, rule, reason,
            assignment.Entry.Candidates),
        reply, cancellation);

    private async Task<DeskReply> End(Assignment assignment, EntryOutcome outcome, DeskReply reply, CancellationToken cancellation) =>
        await store.EndAssignment(assignment, outcome, cancellation) ? reply : UnderWay();

    private static DeskRefused? Problem(StatementEntry entry, IReadOnlyList<EntryShare> shares)
    {
        if (entry.IsReversal) return new DeskRefused(DeskRefusalReason.IsReversal, "a reversal cannot be split");
        if (shares.Count == 0) return new DeskRefused(DeskRefusalReason.NoParts, "at least one part expected");
        if (shares.Count > MaxParts) return new DeskRefused(DeskRefusalReason.TooManyParts, $"at most {MaxParts} parts expected");
        if (shares.DistinctBy(share => share.Account).Count() != shares.Count)
            return new DeskRefused(DeskRefusalReason.SameAccountTwice, "one part for each account expected");
        foreach (var share in shares)
        {
            if (share.Amount.Currency != entry.Amount.Currency)
                return new DeskRefused(DeskRefusalReason.CurrencyDiffers, $"the entry is in {entry.Amount.Currency}, a part in {share.Amount.Currency}");
            if (!share.Amount.IsPositive) return new DeskRefused(DeskRefusalReason.PartNotPositive, "parts above 0 expected");
        }

        // Wide enough for any parts: what a caller sends must not overflow.
        var sum = shares.Aggregate(Int128.Zero, (sum, share) => sum + share.Amount.Minor);
        return sum == entry.Amount.Minor
            ? null
            : new DeskRefused(DeskRefusalReason.SumDiffers, $"the parts do not sum to the entry's {entry.Amount}");
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

    private static DeskRefused UnderWay() => new(DeskRefusalReason.UnderWay, "an assignment of the entry is under way");

    private static DeskRefused Unknown(long entry) => new(DeskRefusalReason.UnknownEntry, $"there is no statement entry {entry}");
}
