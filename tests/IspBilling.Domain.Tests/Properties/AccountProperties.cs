using System.Text.Json;
using System.Text.Json.Serialization;
using FsCheck;
using FsCheck.Fluent;

namespace IspBilling.Domain.Tests.Properties;

/// <summary>What holds for every account, whatever happens to it in whatever order.</summary>
public class AccountProperties
{
    private static readonly JsonSerializerOptions Plain = new() { Converters = { new MoneyAsText() } };

    /// <summary>The magnitude of money is money again; as JSON it has to be a value.</summary>
    private sealed class MoneyAsText : JsonConverter<Money>
    {
        public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }

    private static string Json(object value) => JsonSerializer.Serialize(value, value.GetType(), Plain);

    private static void Holds(Arbitrary<History> histories, int tests, Action<History> property) =>
        Prop.ForAll(histories, property).Check(Config.QuickThrowOnFailure.WithMaxTest(tests).WithMaxRejected(0));

    [Fact]
    public void What_is_charged_is_what_a_day_by_day_count_says() => Holds(Histories.OfServices, 400, history =>
    {
        var life = new Life();
        var (account, upTo) = (life.Account, new Dictionary<int, DateOnly>());
        foreach (var act in history.Acts)
        {
            life.Play(act);
            if (act is not Bills bill) continue;
            var issued = account.Last.Reply is Billed;
            foreach (var service in account.State.Services)
            {
                var owed = NaiveBilling.Owed(service, account.Context.Catalogue, life.Day(bill.Through), upTo.GetValueOrDefault(service.Number));
                var billed = account.Documents.SelectMany(document => document.Lines).Where(line => line.Service == service.Number)
                    .Sum(line => line.Amount.Minor);
                Assert.Equal(owed.Sum(stretch => stretch.AmountMinor), billed);
                Assert.Equal(billed, service.Charged.Sum(segment => segment.Amount.Minor));
                if (issued)
                {
                    Assert.Equal(owed, service.Charged.Select(
                        segment => new NaiveBilling.Stretch(segment.Period.From, segment.Period.To, segment.Tariff.Value, segment.Amount.Minor)));
                }

                Assert.All(service.Charged, segment => Assert.Equal(segment.Amount.Minor, segment.Parts.Sum(part => part.Amount.Minor)));
                Assert.All(service.Charged.Zip(service.Charged.Skip(1)), pair => Assert.True(pair.First.Period.To <= pair.Second.Period.From));
                upTo[service.Number] = owed.Count > 0 ? owed[^1].To : default;
            }
        }
    });

    [Fact]
    public void Billing_again_bills_nothing_also_up_to_an_earlier_day() => Holds(Histories.OfEverything, 300, history =>
    {
        var life = Life.Of(history);
        var account = life.Account;
        account.Do(new Bill(account.Today, null, PreviewOnly: false));

        foreach (var through in new[] { 0, -1, -10, -31, -400 })
        {
            Assert.IsType<NothingToBill>(account.Do(new Bill(life.Day(through), null, PreviewOnly: false)));
            Assert.True(account.Last.ChangesNothing);
        }
    });

    [Fact]
    public void A_preview_is_what_is_then_issued_and_changes_nothing() => Holds(Histories.OfEverything, 150, history =>
    {
        var account = Life.Of(history).Account;

        var preview = account.Do(new Bill(account.Today, null, PreviewOnly: true));
        Assert.True(account.Last.ChangesNothing);
        var issued = account.Do(new Bill(account.Today, null, PreviewOnly: false));

        Assert.Equal(Json(preview), Json(issued));
    });

    [Fact]
    public void Nothing_can_be_billed_before_the_account_says_it_is_due() => Holds(Histories.OfEverything, 200, history =>
    {
        var life = Life.Of(history);
        var account = life.Account;
        account.Do(new Bill(account.Today, null, PreviewOnly: false));

        var due = account.State.NextBillOn ?? life.Day(400);
        for (var day = account.Today; day < due && day < life.Day(400); day = day.AddDays(5))
            Assert.IsType<NothingToBill>(account.Do(new Bill(day, null, PreviewOnly: true)));
        if (due > account.Today) Assert.IsType<NothingToBill>(account.Do(new Bill(due.AddDays(-1), null, PreviewOnly: true)));
    });

    [Fact]
    public void A_change_that_leads_to_a_difference_makes_the_account_due() => Holds(Histories.OfServices, 200, history =>
    {
        var account = Life.Of(history).Account;

        if (account.Do(new Bill(account.Today, null, PreviewOnly: true)) is Billed)
            Assert.True(account.State.NextBillOn <= account.Today);
    });

    /// <summary>What went out of a payment or a credit note and has not come back.</summary>
    private static long UsedBy(AccountState state, CreditSource source, int ordinal) => state.Payments
        .Where(payment => payment is { IsOutgoing: true, Status: PaymentStatus.Booked }).SelectMany(payment => payment.Uses!.Value)
        .Where(use => use.Source == source && use.Ordinal == ordinal).Sum(use => use.Amount.Minor);

    [Fact]
    public void Money_is_conserved() => Holds(Histories.OfEverything, 1_000, history =>
    {
        var life = new Life();
        foreach (var act in history.Acts)
        {
            life.Play(act);
            var state = life.Account.State;
            foreach (var payment in state.Payments)
            {
                var (isHere, usedBy) = (payment.Status == PaymentStatus.Booked && !payment.IsOutgoing, UsedBy(state, CreditSource.Payment, payment.Ordinal));
                Assert.Equal(isHere ? payment.Amount.Minor - usedBy : 0, (payment.Allocated + payment.Unallocated).Minor);
                Assert.Equal(usedBy, payment.PaidBack?.Minor ?? 0);
                if (payment.IsOutgoing) Assert.Equal(-payment.Amount.Minor, payment.Uses!.Value.Sum(use => use.Amount.Minor));
                Assert.False(payment.Unallocated.IsNegative);
                Assert.All(payment.Allocations, allocation => Assert.True(allocation.Amount.IsPositive));
            }

            foreach (var document in state.Documents)
            {
                Assert.Equal(document.Kind == DocumentKind.CreditNote, document.Total.IsNegative);
                Assert.InRange(document.Settled.Minor, 0, document.Total.Abs.Minor);
                var allocated = state.Payments.SelectMany(payment => payment.Allocations).Concat(state.Documents.SelectMany(note => note.Allocations))
                    .Where(allocation => allocation.Document == document.Ordinal).Sum(allocation => allocation.Amount.Minor);
                Assert.Equal(document.Settled.Minor, document.Kind == DocumentKind.Invoice
                    ? allocated
                    : document.Allocations.Sum(a => a.Amount.Minor) + UsedBy(state, CreditSource.CreditNote, document.Ordinal));
            }

            var balance = state.Documents.Sum(document => document.Total.Minor)
                - state.Payments.Where(payment => payment.Status == PaymentStatus.Booked).Sum(payment => payment.Amount.Minor);
            Assert.Equal(balance, state.Balance.Minor);

            // Debt and idle credit never lie side by side, except for what the client disputes.
            if (state.Documents.Any(document => document is { Kind: DocumentKind.Invoice, Disputed: false, Open.IsPositive: true }))
            {
                Assert.All(state.Payments, payment => Assert.True(payment.Unallocated.IsZero));
                Assert.All(state.Documents.Where(document => document.Kind == DocumentKind.CreditNote), note => Assert.True(note.Open.IsZero));
            }
        }
    });

    [Fact]
    public void Credits_never_exceed_the_line_they_correct() => Holds(Histories.OfEverything, 200, history =>
    {
        var account = Life.Of(history).Account;
        var lines = account.Documents.SelectMany(document => document.Lines.Select(line => (Key: new LineReference(document.Ordinal, line.Number), Line: line)))
            .ToDictionary(entry => entry.Key, entry => entry.Line);

        foreach (var credited in lines.Values.Where(line => line.Amount.IsNegative && line.Corrects is not null).GroupBy(line => line.Corrects!.Value))
        {
            var original = lines[credited.Key];
            Assert.True(original.Amount.IsPositive);
            Assert.True(credited.Sum(line => -line.Amount.Minor) <= original.Amount.Minor);
            Assert.All(credited, line => Assert.Equal((original.VatRate, original.Service, original.OneOff), (line.VatRate, line.Service, line.OneOff)));
        }

        // A credit on a service always says what it corrects.
        Assert.All(lines.Values.Where(line => line.Amount.IsNegative && line.Service is not null), line => Assert.NotNull(line.Corrects));
        Assert.DoesNotContain(lines.Values, line => line.Amount.IsZero);
    });

    [Fact]
    public void Folding_the_events_again_gives_the_same_state() => Holds(Histories.OfEverything, 150, history =>
    {
        var account = Life.Of(history).Account;

        var folded = account.Events.Aggregate(AccountState.New(account.State.Id), (state, happened) => state.Evolve(happened));

        Assert.Equal(Json(account.State), Json(folded));
        Assert.Equal(account.Events.Count, folded.Version);
    });

    [Fact]
    public void The_state_a_decision_promises_is_the_state_its_events_lead_to() => Holds(Histories.OfEverything, 100, history =>
    {
        var life = new Life();
        foreach (var act in history.Acts)
        {
            var before = life.Account.State;
            if (life.Play(act) is null) continue;
            var promised = life.Account.Last.State;
            var folded = life.Account.Last.Events.Aggregate(before, (state, happened) => state.Evolve(happened));
            Assert.Equal(Json(promised), Json(folded));
        }
    });

    [Fact]
    public void Documents_add_up_and_their_postings_sum_to_zero() => Holds(Histories.OfEverything, 200, history =>
    {
        foreach (var document in Life.Of(history).Account.Documents)
        {
            Assert.Equal(0, Postings.Of(document).Sum(posting => posting.Amount.Minor));
            Assert.Equal(document.Total.Minor, document.Vat.Sum(total => total.Gross.Minor) + document.Rounding.Minor);
            Assert.Equal(Enumerable.Range(1, document.Lines.Length), document.Lines.Select(line => line.Number));
            Assert.Equal(
                document.Lines.Sum(line => line.Amount.Minor),
                document.Vat.Sum(total => total.PriceMode == PriceMode.Net ? total.Base.Minor : total.Gross.Minor));
            Assert.True(document.SuppliedOn <= document.IssuedOn && document.IssuedOn <= document.DueOn);
            Assert.Equal(document.Kind == DocumentKind.CreditNote, document.Correction is not null);
        }
    });

    [Fact]
    public void Tax_is_what_a_count_of_all_that_is_left_of_every_line_says() => Holds(Histories.OfEverything, 1_000, history =>
    {
        var documents = Life.Of(history).Account.Documents;
        for (var count = 1; count <= documents.Count; count++)
        {
            var expected = NaiveTax.OfLast(documents[..count]);
            Assert.Equal(
                expected.OrderBy(entry => entry.Key).Select(entry => (entry.Key, entry.Value)),
                documents[count - 1].Vat.Select(vat => (Key: (vat.Category, vat.Rate.BasisPoints, vat.PriceMode), vat.Tax.Minor)).OrderBy(entry => entry.Key));
        }
    });

    [Fact]
    public void On_a_thousand_accounts_whose_charges_are_all_taken_back_not_a_haler_is_left() => Holds(Histories.OfEverything, 1_000, history =>
    {
        var account = Life.Of(history).Account;
        foreach (var service in account.State.Services) account.Does(new PutPause(service.Reference, new Pause("never", service.Start, null, Bills: false, "")));
        foreach (var item in account.State.OneOffs) account.Does(new CancelOneOff(item.Id));
        account.Do(new Bill(account.Today, null, PreviewOnly: false));

        Assert.Equal(0, account.Documents.Sum(document => document.Total.Minor));
        Assert.All(
            account.Documents.SelectMany(document => document.Vat).GroupBy(vat => (vat.Category, vat.Rate, vat.PriceMode)),
            group => Assert.Equal((0, 0), (group.Sum(vat => vat.Base.Minor), group.Sum(vat => vat.Tax.Minor))));
        Assert.Equal(-account.State.Payments.Where(payment => payment.Status == PaymentStatus.Booked).Sum(payment => payment.Amount.Minor), account.State.Balance.Minor);
        Assert.Empty(account.State.TaxRemainders);
    });

    [Fact]
    public void Supplies_of_a_document_are_of_one_month_and_never_later_than_the_bill() => Holds(Histories.OfEverything, 300, history =>
    {
        var life = new Life();
        life.Account.Of(issuer => issuer with { SupplyDating = SupplyDating.Period });
        foreach (var act in history.Acts) life.Play(act);
        foreach (var document in life.Account.Documents)
        {
            var dates = document.Lines.Select(line => line.SuppliedOn ?? document.SuppliedOn).ToList();
            Assert.Equal(document.SuppliedOn, dates.Max());
            Assert.Single(dates.Select(date => (date.Year, date.Month)).Distinct());
            Assert.True(document.SuppliedOn <= document.IssuedOn);
            Assert.All(document.Lines.Where(line => line.Corrects is not null), line => Assert.Equal(document.IssuedOn, line.SuppliedOn ?? document.SuppliedOn));
        }
    });

    [Fact]
    public void A_command_that_is_repeated_at_once_decides_nothing_more() => Holds(Histories.OfEverything, 150, history =>
    {
        var life = new Life();
        foreach (var act in history.Acts)
        {
            if (life.Play(act) is not { } command) continue;
            life.Account.Do(command);
            // A reversal that finds nothing is told each time; that it is told once is the journal's, by the command's id.
            Assert.All(life.Account.Last.Events, happened => Assert.IsType<ReversalFoundNothing>(happened));
        }
    });
}
