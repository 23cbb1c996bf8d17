namespace IspBilling.Domain;

internal static class ProfileDecisions
{
    public static Decision Set(Turn turn, SetProfile command)
    {
        var profile = command.Profile;
        if (command.Revision < turn.State.PushRevision) return turn.Reply(new Stale(turn.State.PushRevision.Value));
        if (Invalid(turn, profile) is { } problem) return problem;
        // What an earlier release took may be pushed again as it is; it is billing that then says so.
        if (turn.State.Profile != profile && Printing.OfParty(profile.Name, profile.Address, profile.CompanyNumber, profile.VatNumber) is var (member, unprintable))
            return turn.RefuseValue(member, $"the particulars have {unprintable}, which cannot be printed");
        var isNew = turn.State.Status == AccountStatus.New;
        var before = turn.State.Profile;
        if (before != profile) turn.Happened(new ProfileChanged(profile, turn.State.ProfileRevision + 1, turn.Today));
        if (before is not null && before.Email != profile.Email) DunningDecisions.Readdressed(turn, MessageChannel.Email);
        if (before is not null && before.Phone != profile.Phone) DunningDecisions.Readdressed(turn, MessageChannel.Sms);
        if (command.Revision is { } revision && revision != turn.State.PushRevision) turn.Happened(new PushRevisionRaised(Service: null, revision));
        return isNew ? turn.Reply(ClientCreated.Instance) : turn.Done();
    }

    /// <summary>Closing is about what is supplied and agreed; debt and credit stay and are still settled, reminded and paid.</summary>
    public static Decision Close(Turn turn)
    {
        if (turn.State.Status == AccountStatus.Closed) return turn.Done();
        foreach (var service in turn.State.Services)
        {
            if (service.End is null || (service.End > turn.Today && !service.IsAnnulled))
                return turn.Refuse(RefusalReason.ServiceStillRuns, $"service {service.Reference} runs on {turn.Today:yyyy-MM-dd}; end it first");
        }

        foreach (var contract in turn.State.Contracts)
        {
            if (contract.RunsOn(turn.Today))
                return turn.Refuse(RefusalReason.ContractStillRuns, $"contract {contract.Number} runs on {turn.Today:yyyy-MM-dd}; end it first");
        }

        turn.Happened(new AccountClosed(turn.Today));
        return turn.Done();
    }

    public static Decision Reopen(Turn turn)
    {
        if (turn.State.Status == AccountStatus.Closed) turn.Happened(new AccountReopened(turn.Today));
        return turn.Done();
    }

    private static Decision? Invalid(Turn turn, AccountProfile profile)
    {
        if (!turn.Context.Issuers.ContainsKey(profile.Issuer))
            return turn.RefuseValue(nameof(AccountProfile.Issuer), $"issuer {profile.Issuer} does not exist");
        if (turn.State.Profile is { } before && before.Issuer != profile.Issuer)
            return turn.Refuse(RefusalReason.IssuerCannotChange, $"the account belongs to issuer {before.Issuer}; its documents stay there");
        if (profile.SymbolPolicy == SymbolPolicy.PerAccount && profile.AccountSymbol is null)
            return turn.RefuseValue(nameof(AccountProfile.AccountSymbol), "a variable symbol per account needs the account's symbol");
        if (profile.DueDays is < 0 or > 365) return turn.RefuseValue(nameof(AccountProfile.DueDays), "due days: 0 to 365 expected");
        if (profile.Group is { Length: 0 or > AccountProfile.MaxGroup })
            return turn.RefuseValue(nameof(AccountProfile.Group), $"a name of a group, 1 to {AccountProfile.MaxGroup} characters expected");
        return null;
    }
}
