namespace IspBilling.Domain;

/// <summary>More restrictions in a day than the larger of the two wait for a person.</summary>
/// <param name="AtLeast">So many may always be; 1 or more.</param>
/// <param name="BasisPoints">Of all clients, hundredths of a per cent.</param>
public sealed record Brake(int AtLeast, int BasisPoints)
{
    public const int MaxBasisPoints = 10_000;

    /// <param name="clients">Of the provider.</param>
    public long Of(long clients) => Math.Max(AtLeast, clients * BasisPoints / MaxBasisPoints);
}

/// <summary>When clients may be reached, and when something may be taken away from them, whatever their policy says. Nothing is limited by default.</summary>
public sealed record OutreachRules
{
    public const int MaxDays = 60;

    public static readonly OutreachRules None = new();

    /// <summary>When e-mail may go; null for at any time.</summary>
    public SendingWindow? Email { get; init; }

    /// <inheritdoc cref="Email"/>
    public SendingWindow? Sms { get; init; }

    /// <summary>E-mails in a day; null for as many as there are.</summary>
    public int? EmailsADay { get; init; }

    /// <inheritdoc cref="EmailsADay"/>
    public int? SmsADay { get; init; }

    /// <summary>Saturdays and Sundays are free; null as good as false.</summary>
    public bool? FreeWeekends { get; init; }

    /// <summary>ISO 3166 code of the country whose public holidays are free: <c>CZ</c> or <c>SK</c>; null for none.</summary>
    public string? HolidaysOf { get; init; }

    /// <summary>Nothing is taken away on so many days before a free one either; null for on the free one alone.</summary>
    public int? DaysBeforeFree { get; init; }

    public Brake? Brake { get; init; }

    /// <summary>Nothing is taken away while the newest statement of the issuer's bank is older; null for however old it is.</summary>
    public int? BankDataDays { get; init; }

    /// <param name="holidays">The public holidays of <see cref="HolidaysOf"/>, of the years that matter.</param>
    public FreeDays Free(IReadOnlySet<DateOnly> holidays) =>
        FreeWeekends is not true && holidays.Count == 0 ? FreeDays.None : new FreeDays(FreeWeekends is true, System.Collections.Frozen.FrozenSet.ToFrozenSet(holidays));

    /// <inheritdoc cref="Free"/>
    public RestrictionDays RestrictionDays(IReadOnlySet<DateOnly> holidays) =>
        Free(holidays) is var free && ReferenceEquals(free, FreeDays.None) ? Domain.RestrictionDays.Every : new RestrictionDays(free, DaysBeforeFree ?? 0);

    /// <summary>When messages of a channel may go.</summary>
    /// <inheritdoc cref="Free"/>
    public SendingHours Hours(MessageChannel channel, IReadOnlySet<DateOnly> holidays, TimeZoneInfo zone) => channel switch
    {
        MessageChannel.Email => new SendingHours(Email, EmailsADay, Free(holidays), zone),
        MessageChannel.Sms => new SendingHours(Sms, SmsADay, Free(holidays), zone),
        _ => new SendingHours(window: null, dailyCap: null, FreeDays.None, zone),
    };

    /// <summary>What makes no sense, and what leaves no time at all.</summary>
    /// <param name="holidays">The public holidays of <see cref="HolidaysOf"/> from <paramref name="today"/> on, for some years.</param>
    /// <returns>Field and what is expected of it.</returns>
    public IEnumerable<(string Field, string Reason)> Problems(DateOnly today, IReadOnlySet<DateOnly> holidays)
    {
        if (HolidaysOf is not (null or "CZ" or "SK")) yield return ("holidaysOf", "CZ or SK expected");
        foreach (var (field, window) in new[] { ("email", Email), ("sms", Sms) })
        {
            if (window is not null && window.To - window.From is var length && (window.To <= window.From || length < SendingWindow.Least))
                yield return (field, $"from a time to a later one of the same day, at least {SendingWindow.Least.TotalMinutes:0} minutes: nothing would ever be sent");
        }

        if (EmailsADay < 1) yield return ("emailsADay", "1 or more expected: nothing would ever be sent");
        if (SmsADay < 1) yield return ("smsADay", "1 or more expected: nothing would ever be sent");
        if (Brake is { AtLeast: < 1 }) yield return ("brake.atLeast", "1 or more expected: every restriction would wait for a person");
        if (Brake is { BasisPoints: < 0 or > Domain.Brake.MaxBasisPoints }) yield return ("brake.basisPoints", $"0 to {Domain.Brake.MaxBasisPoints} expected");
        if (BankDataDays is < 1 or > MaxDays) yield return ("bankDataDays", $"1 to {MaxDays} expected");
        if (DaysBeforeFree is < 0 or > Domain.RestrictionDays.MaxDaysBefore)
        {
            yield return ("daysBeforeFree", $"0 to {Domain.RestrictionDays.MaxDaysBefore} expected");
            yield break;
        }

        var days = RestrictionDays(holidays);
        for (var i = 0; i < 366; i++)
        {
            if (days.FirstFrom(today.AddDays(i)) is not null) continue;
            yield return ("daysBeforeFree", $"leaves no day from {today.AddDays(i):yyyy-MM-dd} on on which anything may be taken away");
            yield break;
        }
    }
}
