using FsCheck;
using FsCheck.Fluent;

namespace IspBilling.Domain.Tests.Properties;

/// <summary>A correction horizon of three months: what is older and settled leaves the account, and nothing is billed or lost by that.</summary>
public class SettledHistoryProperties
{
    private const int Horizon = 3;

    private static Life Forgetful()
    {
        var life = new Life();
        life.Account.Context = life.Account.Context with { CorrectionHorizonMonths = Horizon };
        return life;
    }

    [Fact]
    public void An_account_that_forgets_bills_and_owes_the_same_as_one_that_remembers_until_history_is_refused() => Prop.ForAll(Histories.OfQuietYears, history =>
    {
        var (forgetful, remembering) = (Forgetful(), new Life());
        foreach (var happened in history.Acts)
        {
            // Acts that pick a document or item by its place mean different ones in the two accounts.
            if (happened is Returns or Unassigns or Refunds or GoesBack or Undoes or Disputes or AddsItem or CancelsItem) continue;
            // A service charged up to the middle of a month, which has left, pays the rest of that month as a line of its own, rounded by
            // itself, should it be prolonged or its pause be taken back.
            if (happened is Ends or Pauses or DropsPause && forgetful.Account.State.Services.Any(service => service.SettledUpTo is not null && service.Charged.IsEmpty)) return;
            var act = happened is Pays pays ? pays with { Named = null } : happened;
            forgetful.Play(act);
            remembering.Play(act);
            if (forgetful.Account.Last.Reply is Refused { Reason: RefusalReason.PeriodIsSettledHistory }) return;
            Assert.Equal(remembering.Account.State.Balance, forgetful.Account.State.Balance);
            Assert.Equal(remembering.Account.Documents.Count, forgetful.Account.Documents.Count);
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(80));

    [Fact]
    public void Billing_again_bills_nothing_after_history_has_left() => Prop.ForAll(Histories.OfQuietYears, history =>
    {
        var life = Forgetful();
        foreach (var act in history.Acts)
        {
            life.Play(act);
            if (!life.Account.Last.Events.Any(happened => happened is HistorySettled)) continue;
            foreach (var back in new[] { 0, 1, 30, 200, 2000 })
                Assert.IsType<NothingToBill>(life.Account.Do(new Bill(((Bills)act).Through is var ahead ? life.Day(ahead - back) : default, null, PreviewOnly: false)));
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(80));

    [Fact]
    public void Credits_take_the_tax_of_documents_that_left_in_part_as_if_nothing_had_left() => Prop.ForAll(Histories.OfQuietYears, history =>
    {
        var life = Forgetful();
        foreach (var act in history.Acts) life.Play(act);
        var documents = life.Account.Documents;
        for (var count = 1; count <= documents.Count; count++)
        {
            if (!documents[count - 1].Lines.Any(line => line.Corrects is not null)) continue;
            var expected = NaiveTax.OfLast(documents[..count]);
            Assert.All(documents[count - 1].Vat, vat => Assert.Equal(expected[(vat.Category, vat.Rate.BasisPoints, vat.PriceMode)], vat.Tax.Minor));
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void Whatever_stays_still_hangs_together() => Prop.ForAll(Histories.OfQuietYears, history =>
    {
        var life = Forgetful();
        foreach (var act in history.Acts)
        {
            life.Play(act);
            var state = life.Account.State;
            var settled = state.Payments.SelectMany(payment => payment.Allocations).Concat(state.Documents.SelectMany(note => note.Allocations))
                .GroupBy(allocation => allocation.Document).ToDictionary(group => group.Key, group => group.Sum(allocation => allocation.Amount.Minor));
            var known = state.Documents.Where(document => document.Kind == DocumentKind.Invoice).ToDictionary(document => document.Ordinal);

            // A payment that could still be taken back finds every document it settled, and the other way round.
            Assert.All(settled, entry => Assert.Equal(entry.Value, known[entry.Key].Settled.Minor));
            Assert.All(known.Values, document => Assert.Equal(settled.GetValueOrDefault(document.Ordinal), document.Settled.Minor));

            var open = known.Values.Sum(document => document.Open.Minor);
            var credit = state.Payments.Sum(payment => payment.Unallocated.Minor)
                + state.Documents.Where(document => document.Kind == DocumentKind.CreditNote).Sum(note => note.Open.Minor);
            Assert.Equal(open - credit, state.Balance.Minor);
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(80));
}
