namespace IspBilling.Domain;

internal static class ContractDecisions
{
    public static Decision Put(Turn turn, PutContract command)
    {
        var asked = command.Contract;
        var existing = turn.State.FindContract(asked.Reference);
        if (asked.PushRevision < existing?.PushRevision) return turn.Reply(new Stale(existing.PushRevision.Value));
        if (Invalid(turn, asked) is { } problem) return problem;
        var contract = asked with { Reference = existing?.Reference ?? asked.Reference, PushRevision = asked.PushRevision ?? existing?.PushRevision };
        if (contract == existing) return turn.Done();
        if (Conflict(turn, contract, existing) is { } conflict) return conflict;
        turn.Happened(new ContractAgreed(contract));
        return turn.Done();
    }

    /// <summary>For what was entered by mistake; a contract that ends has an end.</summary>
    public static Decision Remove(Turn turn, RemoveContract command)
    {
        if (turn.State.FindContract(command.Reference) is not { } contract) return Unknown(turn, command.Reference);
        foreach (var service in turn.State.Services)
        {
            if (service.Contract == contract.Reference)
            {
                return turn.Refuse(
                    RefusalReason.ContractHasServices,
                    $"service {service.Reference} belongs to contract '{contract.Reference}'; push the service under another contract, or end the contract instead");
            }
        }

        turn.Happened(new ContractRemoved(contract.Reference));
        return turn.Done();
    }

    internal static Decision Unknown(Turn turn, string reference) =>
        turn.Refuse(RefusalReason.UnknownContract, $"the account has no contract '{reference}'");

    /// <summary>What no account could accept.</summary>
    private static Decision? Invalid(Turn turn, Contract contract)
    {
        if (!CallerReference.IsValid(contract.Number))
            return turn.RefuseValue(nameof(Contract.Number), $"a number of 1 to {CallerReference.MaxLength} characters expected");
        if (contract.Start < AccountLimits.EarliestDate || contract.Start > AccountLimits.LatestDate)
            return turn.RefuseValue(nameof(Contract.Start), $"start between {AccountLimits.EarliestDate:yyyy-MM-dd} and {AccountLimits.LatestDate:yyyy-MM-dd} expected");
        if (contract.End < contract.Start)
        {
            return turn.RefuseValue(
                nameof(Contract.End), "the end (first day without the contract) lies after the start; on the start itself it says that the contract never began",
                RefusalReason.EndBeforeStart);
        }

        if (contract.MinimumMonths is < 0 or > AccountLimits.MaxContractMonths)
            return turn.RefuseValue(nameof(Contract.MinimumMonths), $"a minimum term of 0 to {AccountLimits.MaxContractMonths} months expected");
        if (contract.NoticeDays is < 0 or > AccountLimits.MaxNoticeDays)
            return turn.RefuseValue(nameof(Contract.NoticeDays), $"a notice of 0 to {AccountLimits.MaxNoticeDays} days expected");
        if (contract.Document?.Length is 0 or > AccountLimits.MaxTextLength)
            return turn.RefuseValue(nameof(Contract.Document), $"1 to {AccountLimits.MaxTextLength} characters expected");
        return contract.EarlyEnd is { } terms ? Invalid(turn, contract, terms) : null;
    }

    private static Decision? Invalid(Turn turn, Contract contract, EarlyEndTerms terms)
    {
        const string member = nameof(Contract.EarlyEnd);
        if (contract.MinimumMonths == 0) return turn.RefuseValue(member, "what an early end costs needs a minimum term that it can be earlier than");
        if (terms.ShareBasisPoints is < 0 or > VatRate.Whole)
            return turn.RefuseValue($"{member}.{nameof(EarlyEndTerms.ShareBasisPoints)}", "a share of 0 % to 100 % expected");
        if (terms.ShareMonths is < 1 || terms.ShareMonths > contract.MinimumMonths)
            return turn.RefuseValue($"{member}.{nameof(EarlyEndTerms.ShareMonths)}", "1 month to the whole minimum term expected");
        if (terms.EquipmentDiscount is { Minor: <= 0 or > AccountLimits.MaxUnitPriceMinor })
            return turn.RefuseValue($"{member}.{nameof(EarlyEndTerms.EquipmentDiscount)}", "a discount above 0 and up to 10,000,000 expected");
        return null;
    }

    /// <summary>What this account, as it stands, does not accept.</summary>
    private static Decision? Conflict(Turn turn, Contract contract, Contract? existing)
    {
        if (turn.State.Status == AccountStatus.Closed && contract.RunsOn(turn.Today) && existing?.RunsOn(turn.Today) != true)
            return turn.Refuse(RefusalReason.AccountIsClosed, "the account is closed; reopen it before a contract runs on");
        foreach (var other in turn.State.Contracts)
        {
            if (other.Reference != existing?.Reference && CallerReference.AreSame(other.Number, contract.Number))
                return turn.Refuse(RefusalReason.AlreadyExistsDifferently, $"contract '{other.Reference}' has the number {other.Number}; each number once in an account");
        }

        if (contract.EarlyEnd?.EquipmentDiscount is { } discount && discount.Currency != turn.Context.IssuerOf(turn.State.RequiredProfile).Currency)
        {
            return turn.Refuse(
                RefusalReason.CurrencyDiffers,
                $"the discount is in {discount.Currency}, the account is billed in {turn.Context.IssuerOf(turn.State.RequiredProfile).Currency}");
        }

        if (existing is not null) return null;
        if (turn.State.Contracts.Length >= AccountLimits.MaxContracts)
            return turn.Refuse(RefusalReason.TooMany, $"an account has at most {AccountLimits.MaxContracts} contracts");
        return CallerReference.AddressFault(contract.Reference) is { } fault ? turn.RefuseValue(nameof(Contract.Reference), fault) : null;
    }
}
