using IspBilling.Domain;
using IspBilling.Http.Problems;

namespace IspBilling.Http.Dunning;

/// <summary>The hours of a channel, by the clock on the provider's wall.</summary>
/// <param name="From">First moment of the day: <c>08:00:00</c>.</param>
/// <param name="To">The first moment after; later on the same day.</param>
/// <param name="OnFreeDays">Also on free days.</param>
public sealed record HoursView(TimeOnly From, TimeOnly To, bool OnFreeDays = false);

/// <summary>Restrictions in a day beyond the larger of the two wait for a person.</summary>
/// <param name="AtLeast">So many may always be.</param>
/// <param name="BasisPoints">Of all clients, hundredths of a per cent.</param>
public sealed record BrakeView(int AtLeast, int BasisPoints = 0);

/// <summary>When clients may be reached, and when something may be taken away from them, whatever their policy says.</summary>
/// <example>
/// {"email":{"from":"07:00:00","to":"21:00:00"},"sms":{"from":"08:00:00","to":"20:00:00"},"freeWeekends":true,"holidaysOf":"CZ","daysBeforeFree":1,"brake":{"atLeast":50,"basisPoints":100},"bankDataDays":3,"reason":"nobody is cut off before a weekend"}
/// </example>
/// <param name="Email">When e-mail may go; at any time unless given.</param>
/// <param name="Sms">When SMS may go; at any time unless given.</param>
/// <param name="EmailsADay">E-mails in a day; as many as there are unless given.</param>
/// <param name="SmsADay">SMS in a day; as many as there are unless given.</param>
/// <param name="FreeWeekends">Saturdays and Sundays are free.</param>
/// <param name="HolidaysOf">Country whose public holidays are free: <c>CZ</c> or <c>SK</c>.</param>
/// <param name="DaysBeforeFree">Nothing is taken away on so many days before a free one either.</param>
/// <param name="Brake">More restrictions than this in a day wait for a person; as many as there are unless given.</param>
/// <param name="BankDataDays">Nothing is taken away while the issuer's newest bank statement is older than so many days.</param>
/// <param name="Reason">Why, for whoever asks later; at most 500 characters.</param>
public sealed record OutreachRulesRequest(
    HoursView? Email = null,
    HoursView? Sms = null,
    int? EmailsADay = null,
    int? SmsADay = null,
    bool FreeWeekends = false,
    string? HolidaysOf = null,
    int DaysBeforeFree = 0,
    BrakeView? Brake = null,
    int? BankDataDays = null,
    string? Reason = null)
{
    /// <param name="holidays">The public holidays of the country that the rules name.</param>
    public OutreachRules Read(Faults faults, DateOnly today, Func<OutreachRules, IReadOnlySet<DateOnly>> holidays)
    {
        var rules = new OutreachRules
        {
            Email = Window(Email),
            Sms = Window(Sms),
            EmailsADay = EmailsADay,
            SmsADay = SmsADay,
            FreeWeekends = FreeWeekends ? true : null,
            HolidaysOf = HolidaysOf,
            DaysBeforeFree = DaysBeforeFree == 0 ? null : DaysBeforeFree,
            Brake = Brake is null ? null : new Brake(Brake.AtLeast, Brake.BasisPoints),
            BankDataDays = BankDataDays,
        };
        foreach (var (field, reason) in rules.Problems(today, holidays(rules))) faults.Add(field, reason);
        return rules;

        static SendingWindow? Window(HoursView? hours) => hours is null ? null : new SendingWindow(hours.From, hours.To, hours.OnFreeDays);
    }

    public static OutreachRulesRequest Of(OutreachRules rules) => new(
        Hours(rules.Email), Hours(rules.Sms), rules.EmailsADay, rules.SmsADay, rules.FreeWeekends is true, rules.HolidaysOf, rules.DaysBeforeFree ?? 0,
        rules.Brake is { } brake ? new BrakeView(brake.AtLeast, brake.BasisPoints) : null, rules.BankDataDays);

    private static HoursView? Hours(SendingWindow? window) => window is null ? null : new HoursView(window.From, window.To, window.OnFreeDays);
}
