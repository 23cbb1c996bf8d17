using System.Collections.Immutable;
using System.Globalization;
using IspBilling.Desk.Explanations;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Postgres.Reading;
using IspBilling.Postgres.Settings;

namespace IspBilling.Desk.Dunning;

/// <summary>What was planned for a client at the beginning of a day, and what became of it.</summary>
/// <param name="Client">The CRM's reference.</param>
/// <param name="Planned">At the beginning of the first day, if nothing else had happened.</param>
/// <param name="Differences">Where it came otherwise, in the order in which that arose; what happened as planned is not among them.</param>
/// <param name="Ahead">What is planned now for the days that are left.</param>
public sealed record PlanReviewView(
    string Client, DateOnly From, DateOnly Through, IReadOnlyList<PlannedActionView> Planned, IReadOnlyList<PlanDifferenceView> Differences,
    IReadOnlyList<PlannedActionView> Ahead);

/// <param name="Text">The cause in words.</param>
/// <param name="Event">What happened to the account; null where something else was the cause.</param>
/// <param name="PolicyRevision">Of the settings journal; null where the cause was no setting that stands in it.</param>
/// <param name="Gone">What was planned before and is not any more, or was not done.</param>
/// <param name="Come">What was not planned before, or was done without having been planned.</param>
public sealed record PlanDifferenceView(
    DateOnly On, PlanCause Cause, string Text, EventExplanation? Event, long? PolicyRevision, IReadOnlyList<PlannedActionView> Gone, IReadOnlyList<PlannedActionView> Come);

/// <summary>Answers "why did it come otherwise than you said two weeks ago?"</summary>
public sealed class DunningHindsight(LiveContext contexts, JournalReading journal, DunningSettingsHistory settings)
{
    private sealed record Happened(DateTimeOffset At, IReadOnlyList<JournalEntry> Turn, DunningSettingsChange? Change);

    /// <param name="days">The first is not after today.</param>
    /// <exception cref="BrokenReferenceException">The account refers to what is not there; its reviews are parked.</exception>
    public async Task<PlanReviewView> Of(AccountId account, string reference, PlanDays days, CancellationToken cancellation)
    {
        var today = contexts.Today;
        var (begin, end) = (contexts.BeginningOf(days.From), contexts.BeginningOf(days.Behind));
        var version = await journal.VersionBefore(account, begin, cancellation);
        var before = await journal.AsOf(account, version, cancellation);
        var turns = await journal.TurnsAfter(account, version, end, cancellation);
        var (then, changes) = await settings.Of(contexts.Settings, begin, cancellation);
        List<Happened> happened =
        [
            .. turns.Select(turn => new Happened(turn[0].At, turn, null))
                .Concat(changes.Where(change => change.At < end).Select(change => new Happened(change.At, [], change)))
                .OrderBy(one => one.At),
        ];
        var stations = happened.ConvertAll(one => new PlanStation(
            contexts.DayOf(one.At), TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(one.At, contexts.Zone).DateTime), [.. one.Turn.Select(entry => entry.Happened)], one.Change is { } change ? Terms(change.After, today) : null));
        var review = PlanHindsight.Of(before, Terms(then, today), days, stations, today);
        return new PlanReviewView(
            reference, days.From, days.Through, Shown(review.Planned), [.. review.Differences.Select(difference => Shown(difference, happened))], Shown(review.Ahead));
    }

    /// <summary>Of days that have passed nobody knows any more what held everybody.</summary>
    private PlanTerms Terms(ProviderSettings settings, DateOnly today)
    {
        var terms = settings.PlanTerms(contexts.Zone);
        return terms with { On = day => day < today ? terms.On(day) with { BankDataDays = null, Hold = null } : terms.On(day) };
    }

    private static PlanDifferenceView Shown(PlanDifference difference, List<Happened> happened)
    {
        var cause = difference.Station is { } station ? happened[station] : null;
        var entry = cause?.Turn is [var first, ..] ? first : null;
        return new PlanDifferenceView(
            difference.On, difference.Cause, cause?.Change?.Text ?? (entry is null ? InWords(difference) : EventTexts.Of(entry.Happened)), EventExplanation.Of(entry),
            cause?.Change?.Entry?.Revision, Shown(difference.Gone), Shown(difference.Come));
    }

    private static string InWords(PlanDifference difference) => difference.Cause == PlanCause.NotDone
        ? string.Create(CultureInfo.InvariantCulture, $"what was planned for {difference.On:yyyy-MM-dd} was not done on that day")
        : string.Create(CultureInfo.InvariantCulture, $"a message that was to be accepted by {difference.On:yyyy-MM-dd} was not");

    private static List<PlannedActionView> Shown(ImmutableArray<PlannedAction> actions) => [.. actions.Select(PlannedActionView.Of)];
}
