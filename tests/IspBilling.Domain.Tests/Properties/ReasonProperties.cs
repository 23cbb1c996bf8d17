namespace IspBilling.Domain.Tests.Properties;

/// <summary>
/// What a line says of itself is true of the documents before it. Looked up in the lines alone, day by day: nothing here asks the account what it
/// remembers.
/// </summary>
public class ReasonProperties
{
    private const int Tests = 1_000;

    /// <summary>What cutting an amount into days may move from one line to its neighbour.</summary>
    private const long RoundingMinor = 3;

    [Fact]
    public void That_no_earlier_document_charges_a_period_is_said_of_days_that_none_ever_charged()
    {
        var again = 0;
        Histories.Each(Histories.OfPrices, Tests, history =>
        {
            var charged = new HashSet<(int Service, DateOnly Day)>();
            foreach (var document in Life.Of(history).Account.Documents)
            {
                var lines = document.Lines.Where(line => line is { Service: not null, Amount.IsPositive: true }).ToList();
                foreach (var line in lines)
                {
                    var days = DaysOf(line.Period!.Value).Select(day => (line.Service!.Value, day));
                    if (line.Reason == LineReason.NewPeriod) Assert.DoesNotContain(days, charged.Contains);
                    if (line.Reason == LineReason.ChargedAgain) Assert.All(days, day => Assert.Contains(day, charged));
                    again += line.Reason == LineReason.ChargedAgain ? 1 : 0;
                }

                foreach (var line in lines) charged.UnionWith(DaysOf(line.Period!.Value).Select(day => (line.Service!.Value, day)));
            }
        });
        Assert.True(again > Tests / 20, $"only {again} lines charged something again");
    }

    [Fact]
    public void What_charges_days_again_names_an_event_after_they_were_charged_or_the_catalogue() => Histories.Each(Histories.OfPrices, Tests, history =>
    {
        var account = Life.Of(history).Account;
        var chargedAt = new Dictionary<(int Service, DateOnly Day), long>();
        var version = 0L;
        foreach (var happened in account.Events)
        {
            version++;
            if (happened is not DocumentIssued { Document: var document }) continue;
            foreach (var line in document.Lines.Where(line => line is { Service: not null, Amount.IsPositive: true }))
            {
                foreach (var day in DaysOf(line.Period!.Value))
                {
                    if (line is { Reason: LineReason.ChargedAgain, Change.Cause: > 0 and var cause }) Assert.True(cause > chargedAt[(line.Service!.Value, day)], $"{line}");
                    chargedAt[(line.Service!.Value, day)] = version;
                }
            }
        }
    });

    [Fact]
    public void What_no_document_charged_names_the_event_that_made_it_due_or_the_agreement_it_is_due_by()
    {
        var (wholeLate, partlyLate) = (0, 0);
        Histories.Each(Histories.OfLeftOutPeriods, Tests, history =>
        {
            var (life, lastDocument) = (new Life(), 0);
            foreach (var act in history.Acts)
            {
                var before = life.Account.Events.Count;
                life.Play(act);
                var happened = life.Account.Events.Skip(before).ToList();
                foreach (var line in happened.OfType<DocumentIssued>().SelectMany(issued => issued.Document.Lines))
                {
                    if (line.Reason != LineReason.NewPeriod) continue;
                    var agreed = NaiveAgreements.Of(life.Account.Events.Take(before), line.Service!.Value);
                    var made = DaysOf(line.Period!.Value).Select(day => agreed.MadeDueBy(day, after: lastDocument)).ToList();
                    var cause = line.Change?.Cause ?? line.Basis!.Cause;
                    if (made.Contains(0))
                    {
                        Assert.True(agreed.InForceOn(line.Period.Value.From) == cause, $"{line}\ncause {cause}");
                        Assert.Null(line.Change?.OtherCauses);
                        partlyLate += made.Exists(version => version > 0) ? 1 : 0;
                        continue;
                    }

                    Assert.True(made.Max() == cause, $"{line}\ncause {cause}, not {made.Max()}");
                    Assert.Equal(made.Distinct().Order().SkipLast(1), (line.Change!.OtherCauses ?? []).Select(version => (int)version));
                    Assert.Equal((line.Amount, 0L), (line.Change.Owed, line.Change.Charged.Minor));
                    wholeLate += life.Account.Documents.Any(known => known.Lines.Any(charged => charged.Service == line.Service && charged.Period?.From >= line.Period.Value.To)) ? 1 : 0;
                }

                if (happened.Exists(each => each is DocumentIssued)) lastDocument = life.Account.Events.Count;
            }
        });
        Assert.True(wholeLate > Tests / 10, $"only {wholeLate} lines charged days that later ones were charged before");
        Assert.True(partlyLate > 0, $"{partlyLate}");
    }

    [Fact]
    public void A_credit_of_what_is_gone_names_the_end_or_the_pause_that_took_it_first()
    {
        var credits = 0;
        Histories.Each(Histories.OfLeftOutPeriods, Tests, history =>
        {
            var life = new Life();
            foreach (var act in history.Acts)
            {
                var before = life.Account.Events.Count;
                life.Play(act);
                foreach (var line in life.Account.Events.Skip(before).OfType<DocumentIssued>().SelectMany(issued => issued.Document.Lines))
                {
                    if (line.Reason != LineReason.NoLongerOwed) continue;
                    var agreed = NaiveAgreements.Of(life.Account.Events.Take(before), line.Service!.Value);
                    var gone = DaysOf(line.Period!.Value).Select(agreed.GoneBy).Distinct().ToList();

                    // On days of another tariff the service runs.
                    if (gone.Contains(0)) continue;
                    Assert.True(gone is [var by] && by == line.Change!.Cause, $"{line}\n{string.Join(' ', gone)}, not {line.Change!.Cause}");
                    credits++;
                }
            }
        });
        Assert.True(credits > Tests / 10, $"only {credits} lines credited something");
    }

    [Fact]
    public void A_credit_of_what_is_gone_names_days_that_the_line_it_corrects_still_had()
    {
        var credits = 0;
        Histories.Each(Histories.OfPrices, Tests, history =>
        {
            var left = new Dictionary<LineReference, HashSet<DateOnly>>();
            foreach (var document in Life.Of(history).Account.Documents)
            {
                foreach (var line in document.Lines.Where(line => line.Service is not null))
                {
                    if (line.Amount.IsPositive) left.Add(new LineReference(document.Ordinal, line.Number), [.. DaysOf(line.Period!.Value)]);
                    if (!line.Amount.IsNegative || !line.Change!.Owed.IsZero || line.Amount.Abs.Minor <= RoundingMinor) continue;
                    var days = left[line.Corrects!.Value];
                    Assert.True(days.IsSupersetOf(DaysOf(line.Period!.Value)), $"{line}\n{document.Ordinal} of\n{string.Join('\n', Life.Of(history).Account.Documents.SelectMany(known => known.Lines.Select(each => (known.Ordinal, each.Number, each.Reason, each.Period, each.Amount, each.Corrects, each.Change?.Charged, each.Change?.Owed))))}");
                    days.ExceptWith(DaysOf(line.Period.Value));
                    credits++;
                }
            }
        });
        Assert.True(credits > Tests / 20, $"only {credits} lines credited something");
    }

    private static IEnumerable<DateOnly> DaysOf(Period period) => Enumerable.Range(0, period.Days).Select(period.From.AddDays);
}
