namespace IspBilling.Domain;

/// <summary>Special prices and one-off items.</summary>
internal static class PriceDecisions
{
    public static Decision Put(Turn turn, PutSpecialPrice command)
    {
        if (turn.State.FindService(command.Service) is not { } service) return ServiceDecisions.UnknownService(turn, command.Service);
        if (Invalid(turn, command) is { } problem) return problem;
        if (command.MonthlyPrice is { } monthly && service.Terms.Any(terms => !AccountLimits.IsAmount(monthly, terms.Quantity)))
            return turn.RefuseValue(nameof(PutSpecialPrice.MonthlyPrice), "monthly price × quantity of the service below 10,000,000,000 expected");
        var existing = service.SpecialPrices.FirstOrDefault(price => price.Id == command.Id);
        if (existing is not null && HasSameEffect(existing, command))
        {
            if (existing.Reason != command.Reason) turn.Happened(new SpecialPriceReasonChanged(service.Number, command.Id, command.Reason));
            return turn.Done();
        }

        if (FirstDayChanged(existing, command) < service.SettledUpTo) return ServiceDecisions.SettledHistory(turn, service);
        if (existing is null && service.SpecialPrices.Length >= AccountLimits.MaxSpecialPricesPerService)
            return turn.Refuse(RefusalReason.TooMany, $"a service has at most {AccountLimits.MaxSpecialPricesPerService} special prices");
        turn.Happened(new SpecialPriceAgreed(
            service.Number, command.Id, command.From, command.To, command.MonthlyPrice, command.DiscountBasisPoints, command.Reason));
        return turn.Done();
    }

    public static Decision Remove(Turn turn, RemoveSpecialPrice command)
    {
        if (turn.State.FindService(command.Service) is not { } service) return ServiceDecisions.UnknownService(turn, command.Service);
        if (service.SpecialPrices.FirstOrDefault(price => price.Id == command.Id) is not { } existing)
            return turn.Refuse(RefusalReason.UnknownSpecialPrice, $"service {service.Reference} has no special price '{command.Id}'");
        if (existing.From < service.SettledUpTo) return ServiceDecisions.SettledHistory(turn, service);
        turn.Happened(new SpecialPriceRemoved(service.Number, command.Id));
        return turn.Done();
    }

    public static Decision AddOneOff(Turn turn, AddOneOff command)
    {
        if (turn.State.FindOneOff(command.Id) is { } existing)
        {
            return IsSame(existing, command)
                ? turn.Done()
                : turn.Refuse(RefusalReason.AlreadyExistsDifferently, $"item '{command.Id}' exists with other values; cancel it and use another id");
        }

        if (turn.State.FindPastItem(command.Id) is { } past)
        {
            if (past.WasCancelled) return turn.Refuse(RefusalReason.AlreadyExistsDifferently, $"item '{command.Id}' was taken back; use another id");
            return past.Content == PastItem.ContentOf(Added(command))
                ? turn.Done()
                : turn.Refuse(RefusalReason.AlreadyExistsDifferently, $"item '{command.Id}' was charged long ago with other values; use another id");
        }

        if (command.UnitPrice.Currency != CurrencyOf(turn)) return CurrencyDiffers(turn);
        if (command.UnitPrice.IsZero || Math.Abs(command.UnitPrice.Minor) > AccountLimits.MaxUnitPriceMinor)
            return turn.RefuseValue(nameof(Domain.AddOneOff.UnitPrice), "unit price other than 0 and up to 10,000,000 expected");
        if (command.Quantity.Thousandths is <= 0 or > AccountLimits.MaxQuantityThousandths)
            return turn.RefuseValue(nameof(Domain.AddOneOff.Quantity), "quantity above 0 and up to 1,000,000 expected");
        if (!AccountLimits.IsAmount(command.UnitPrice, command.Quantity))
            return turn.RefuseValue(nameof(Domain.AddOneOff.UnitPrice), "unit price × quantity below 10,000,000,000 expected");
        if (command.UnitPrice.Times(command.Quantity.Thousandths, Quantity.PerUnit).IsZero)
            return turn.RefuseValue(nameof(Domain.AddOneOff.UnitPrice), "unit price × quantity rounds to 0; an amount of at least one minor unit expected");
        if (turn.State.OneOffs.Count(item => item.Billed is null) >= AccountLimits.MaxUnbilledOneOffs)
            return turn.Refuse(RefusalReason.TooMany, $"at most {AccountLimits.MaxUnbilledOneOffs} items wait for billing");
        if (turn.State.OneOffs.Length + turn.State.PastItems.Length >= AccountLimits.MaxOneOffs)
            return turn.Refuse(RefusalReason.TooMany, $"an account has at most {AccountLimits.MaxOneOffs} items in all its time");
        if (PrintableText.FirstUnprintable(command.Text) is { } rune)
            return turn.RefuseValue(nameof(Domain.AddOneOff.Text), $"the text has {PrintableText.Name(rune)}, which cannot be printed");
        turn.Happened(new OneOffAdded(
            command.Id, command.Date, command.Text, command.Quantity, command.UnitPrice, command.PriceMode, command.VatCategory));
        return turn.Done();
    }

    public static Decision CancelOneOff(Turn turn, CancelOneOff command)
    {
        if (turn.State.FindOneOff(command.Id) is { } item)
        {
            if (!item.Cancelled) turn.Happened(new OneOffCancelled(item.Id));
            return turn.Done();
        }

        return turn.State.FindPastItem(command.Id) switch
        {
            null => turn.Refuse(RefusalReason.UnknownItem, $"the account has no item '{command.Id}'"),
            { WasCancelled: true } => turn.Done(),
            _ => turn.Refuse(RefusalReason.PeriodIsSettledHistory, $"item '{command.Id}' was charged so long ago that it cannot be taken back; add a deduction"),
        };
    }

    private static bool IsSame(OneOff item, AddOneOff command) =>
        Added(command) == item with { Cause = 0, Billed = null };

    private static OneOff Added(AddOneOff command) => new(
        command.Id, command.Date, command.Text, command.Quantity, command.UnitPrice, command.PriceMode, command.VatCategory, Cause: 0);

    /// <summary>An agreement as old as the service can still end tomorrow.</summary>
    private static DateOnly? FirstDayChanged(SpecialPrice? price, PutSpecialPrice command)
    {
        if (price is null) return command.From;
        var sameEffect = price.MonthlyPrice == command.MonthlyPrice && price.DiscountBasisPoints == command.DiscountBasisPoints;
        return ServiceDecisions.FirstDayChanged((price.From, price.To), (command.From, command.To), sameEffect);
    }

    private static bool HasSameEffect(SpecialPrice price, PutSpecialPrice command) =>
        price.From == command.From && price.To == command.To && price.MonthlyPrice == command.MonthlyPrice
        && price.DiscountBasisPoints == command.DiscountBasisPoints;

    private static Decision? Invalid(Turn turn, PutSpecialPrice command)
    {
        if (command.MonthlyPrice is null == command.DiscountBasisPoints is null)
            return turn.RefuseValue(nameof(PutSpecialPrice.MonthlyPrice), "either a monthly price or a discount expected, not both");
        if (command.DiscountBasisPoints is < 1 or > VatRate.Whole)
            return turn.RefuseValue(nameof(PutSpecialPrice.DiscountBasisPoints), "discount above 0 % and up to 100 % expected");
        if (command.MonthlyPrice is { } price)
        {
            if (price.Currency != CurrencyOf(turn)) return CurrencyDiffers(turn);
            if (price.IsNegative || price.Minor > AccountLimits.MaxUnitPriceMinor)
                return turn.RefuseValue(nameof(PutSpecialPrice.MonthlyPrice), "monthly price from 0 to 10,000,000 expected");
        }

        return command.To <= command.From ? turn.RefuseValue(nameof(PutSpecialPrice.To), "the end of a special price lies after its first day") : null;
    }

    private static Currency CurrencyOf(Turn turn) => turn.Context.IssuerOf(turn.State.RequiredProfile).Currency;

    private static Decision CurrencyDiffers(Turn turn) =>
        turn.Refuse(RefusalReason.CurrencyDiffers, $"the account is billed in {CurrencyOf(turn)}");
}
