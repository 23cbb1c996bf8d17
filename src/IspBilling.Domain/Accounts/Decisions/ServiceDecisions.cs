namespace IspBilling.Domain;

internal static class ServiceDecisions
{
    public static Decision Put(Turn turn, PutService command)
    {
        var service = turn.State.FindService(command.Reference);
        if (command.Revision < service?.PushRevision) return turn.Reply(new Stale(service.PushRevision.Value));
        if (Invalid(turn, command) is { } problem) return problem;
        if (command.Contract is { } contract && turn.State.FindContract(contract) is null) return ContractDecisions.Unknown(turn, contract);
        if (ForeignCurrency(turn, service, command) is { } foreign) return foreign;
        return service is not null ? Change(turn, service, command) : Start(turn, command);
    }

    public static Decision PutPause(Turn turn, PutPause command)
    {
        if (turn.State.FindService(command.Service) is not { } service) return UnknownService(turn, command.Service);
        var pause = command.Pause;
        if (service.Pauses.Contains(pause)) return turn.Done();
        if (pause.To <= pause.From) return turn.RefuseValue(nameof(Pause.To), "the end of a pause lies after its first day");
        var existing = service.Pauses.FirstOrDefault(other => other.Id == pause.Id);
        if (FirstDayChanged(existing, pause) < service.SettledUpTo) return SettledHistory(turn, service);
        if (existing is null && service.Pauses.Length >= AccountLimits.MaxPausesPerService)
            return turn.Refuse(RefusalReason.TooMany, $"a service has at most {AccountLimits.MaxPausesPerService} pauses");
        turn.Happened(new ServicePaused(service.Number, pause));
        return turn.Done();
    }

    public static Decision RemovePause(Turn turn, RemovePause command)
    {
        if (turn.State.FindService(command.Service) is not { } service) return UnknownService(turn, command.Service);
        if (service.Pauses.FirstOrDefault(pause => pause.Id == command.Pause) is not { } pause)
            return turn.Refuse(RefusalReason.UnknownPause, $"service {service.Reference} has no pause '{command.Pause}'");
        if (pause.From < service.SettledUpTo) return SettledHistory(turn, service);
        turn.Happened(new PauseRemoved(service.Number, command.Pause));
        return turn.Done();
    }

    /// <summary>The first day on which replacing one agreement by another may change a charge; null when on none.</summary>
    internal static DateOnly? FirstDayChanged((DateOnly From, DateOnly? To) before, (DateOnly From, DateOnly? To) after, bool sameEffect)
    {
        if (before.From != after.From || !sameEffect) return before.From < after.From ? before.From : after.From;
        if (before.To == after.To) return null;
        return before.To is null || after.To < before.To ? after.To : before.To;
    }

    private static DateOnly? FirstDayChanged(Pause? before, Pause after) =>
        before is null ? after.From : FirstDayChanged((before.From, before.To), (after.From, after.To), before.Bills == after.Bills);

    internal static Decision UnknownService(Turn turn, string reference) =>
        turn.Refuse(RefusalReason.UnknownService, $"the account has no service '{reference}'");

    internal static Decision SettledHistory(Turn turn, Service service) =>
        turn.Refuse(
            RefusalReason.PeriodIsSettledHistory,
            $"charges before {service.SettledUpTo:yyyy-MM-dd} are settled history and cannot be changed: they were invoiced longer ago than corrections reach, and "
                + "nothing of them is open; charge or give back the difference as a one-off item");

    private static Decision Start(Turn turn, PutService command)
    {
        if (turn.State.Status == AccountStatus.Closed) return turn.Refuse(RefusalReason.AccountIsClosed, "the account is closed; reopen it first");
        if (turn.State.Services.Length >= AccountLimits.MaxServices)
            return turn.Refuse(RefusalReason.TooMany, $"an account has at most {AccountLimits.MaxServices} services");
        if (CallerReference.AddressFault(command.Reference) is { } fault) return turn.RefuseValue(nameof(PutService.Reference), fault);
        turn.Happened(new ServiceStarted(
            turn.State.Services.Length + 1, command.Reference, command.Start, command.End,
            command.Tariff, command.Quantity, command.Cycle, command.Timing));
        SetContract(turn, turn.State.Services[^1], command);
        RaiseRevision(turn, turn.State.Services[^1], command);
        return turn.Done();
    }

    private static void SetContract(Turn turn, Service service, PutService command)
    {
        var contract = command.Contract is { } reference ? turn.State.FindContract(reference)!.Reference : null;
        if (contract != service.Contract) turn.Happened(new ServiceContractSet(service.Number, contract));
    }

    private static void RaiseRevision(Turn turn, Service service, PutService command)
    {
        if (command.Revision is { } revision && revision != service.PushRevision) turn.Happened(new PushRevisionRaised(service.Number, revision));
    }

    private static Decision Change(Turn turn, Service service, PutService command)
    {
        if (command.Start != service.Start)
            return turn.Refuse(RefusalReason.StartCannotChange, WayRound(service, command.Start));
        var runsOn = command.End is not { } end || (end > turn.Today && end > command.Start);
        if (command.End != service.End && turn.State.Status == AccountStatus.Closed && runsOn)
            return turn.Refuse(RefusalReason.AccountIsClosed, "the account is closed; reopen it before a service runs on");
        if (command.End != service.End && (command.End < service.SettledUpTo || service.End < service.SettledUpTo)) return SettledHistory(turn, service);
        var agreed = PlannedTerms.After(service, Pushed(turn, service, command), turn.Today);
        if (agreed.Count > 0 && agreed[0].From < service.SettledUpTo) return SettledHistory(turn, service);
        if (agreed.Count > 0 && service.Terms.Count(terms => terms.From < agreed[0].From) + agreed.Count > AccountLimits.MaxTermsPerService)
            return turn.Refuse(RefusalReason.TooMany, $"a service has at most {AccountLimits.MaxTermsPerService} changes of terms");

        if (command.End != service.End) turn.Happened(new ServiceEndSet(service.Number, command.End));
        foreach (var terms in agreed)
            turn.Happened(new ServiceTermsChanged(service.Number, terms.From, terms.Tariff, terms.Quantity, terms.Cycle, terms.Timing));
        SetContract(turn, service, command);
        RaiseRevision(turn, service, command);
        return turn.Done();
    }

    /// <summary>What is known of a service hangs on its first day; an earlier or later one comes about by what can be agreed.</summary>
    private static string WayRound(Service service, DateOnly start)
    {
        var stays = $"service {service.Reference} started on {service.Start:yyyy-MM-dd}, and the start cannot change";
        return start > service.Start
            ? $"{stays}; so that it counts from {start:yyyy-MM-dd}, put a pause that does not bill from {service.Start:yyyy-MM-dd} to {start:yyyy-MM-dd}: "
                + "what was invoiced of those days is credited"
            : $"{stays}; so that the days from {start:yyyy-MM-dd} are charged, put another service, under a reference of its own, with that start and the end "
                + $"{service.Start:yyyy-MM-dd}";
    }

    private static ServiceTerms Pushed(Turn turn, Service service, PutService command)
    {
        var from = command.EffectiveFrom ?? turn.Today;
        return new ServiceTerms(
            from < service.Start ? service.Start : from, command.Tariff, command.Quantity, command.Cycle, command.Timing, Cause: 0);
    }

    private static Decision? Invalid(Turn turn, PutService command)
    {
        if (command.End < command.Start)
        {
            return turn.RefuseValue(
                nameof(PutService.End), "the end (first day without the service) lies after the start; on the start itself it says that the service never began",
                RefusalReason.EndBeforeStart);
        }

        if (command.Start < AccountLimits.EarliestDate || command.Start > AccountLimits.LatestDate)
            return turn.RefuseValue(nameof(PutService.Start), $"start between {AccountLimits.EarliestDate:yyyy-MM-dd} and {AccountLimits.LatestDate:yyyy-MM-dd} expected");
        if (command.Quantity.Thousandths is <= 0 or > AccountLimits.MaxQuantityThousandths)
            return turn.RefuseValue(nameof(PutService.Quantity), "quantity above 0 and up to 1,000,000 expected");
        if (!turn.Context.Catalogue.Tariffs.TryGetValue(command.Tariff, out var tariff))
            return turn.RefuseValue(nameof(PutService.Tariff), $"tariff {command.Tariff} is not in the catalogue");
        if (tariff.Versions.Any(version => !AccountLimits.IsAmount(version.MonthlyPrice, command.Quantity)))
            return turn.RefuseValue(nameof(PutService.Quantity), "quantity × the tariff's price below 10,000,000,000 expected");
        return null;
    }

    /// <summary>
    /// Charges in a currency that the account is not billed in lead to no document. Who has such a tariff from before this was refused
    /// can still end the service or leave the tariff.
    /// </summary>
    private static Decision? ForeignCurrency(Turn turn, Service? service, PutService command)
    {
        if (service is not null && service.Terms.Any(terms => terms.Tariff == command.Tariff)) return null;
        var billed = turn.Context.IssuerOf(turn.State.RequiredProfile).Currency;
        var tariff = turn.Context.Catalogue[command.Tariff];
        return tariff.Currency == billed
            ? null
            : turn.Refuse(RefusalReason.CurrencyDiffers, $"tariff {tariff.Code} is priced in {tariff.Currency}, the account is billed in {billed}");
    }
}
