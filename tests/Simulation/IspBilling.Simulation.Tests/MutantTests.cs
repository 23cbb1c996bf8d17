using IspBilling.Simulation.Auditing;
using IspBilling.Simulation.Tests.Mutants;

namespace IspBilling.Simulation.Tests;

/// <summary>Deliberate mistakes between the engine's parts: the auditor has to find each, and for the right reason.</summary>
public sealed class MutantTests
{
    private const ulong MaxSeeds = 200;

    [Fact]
    public void Commands_that_happen_again_are_found() => IsFound<SkipsDedupe>(Check.Once);

    [Fact]
    public void A_commit_on_a_state_that_moved_on_is_found() => IsFound<DropsVersionCheck>(Check.Replay);

    [Fact]
    public void A_commit_that_is_acknowledged_and_not_durable_is_found() => IsFound<AcknowledgesTooEarly>(Check.Once, Check.Entries);

    [Fact]
    public void A_loaded_state_that_lacks_something_is_found() => IsFound<LoadsWithoutPromise>(Check.Replay);

    [Fact]
    public void An_event_in_the_name_of_somebody_else_is_found() => IsFound<NamesSomebodyElse>(Check.Chain);

    [Fact]
    public void A_number_given_twice_is_found() => IsFound<ReusesNumber>(Check.Numbers);

    [Fact]
    public void A_document_dated_backwards_is_found() => IsFound<DatesBackwards>(Check.Numbers);

    [Fact]
    public void A_message_that_is_lost_is_found() => IsFound<LosesMessage>(Check.Messages);

    [Fact]
    public void A_message_that_is_sent_twice_is_found() => IsFound<SendsTwice>(Check.Messages);

    [Fact]
    public void A_service_under_a_contract_that_nobody_signed_is_found() => IsFound<NamesUnknownContract>(Check.Contracts);

    [Fact]
    public void A_line_that_does_not_name_its_contract_is_found() => IsFound<ForgetsContractOfLine>(Check.Contracts);

    [Fact]
    public void Tax_rounded_per_line_is_found() => IsFound<RoundsTaxPerLine>(Check.Tax);

    [Fact]
    public void A_credit_note_that_is_taxed_by_itself_is_found() => IsFound<TaxesCreditsByThemselves>(Check.Tax);

    [Fact]
    public void Supplies_of_last_month_that_are_dated_by_the_bill_are_found() => IsFound<DatesSuppliesByIssue>(Check.Tax);

    [Fact]
    public void A_payment_taken_back_twice_is_found() => IsFound<ReversesTwice>(Check.Once);

    [Fact]
    public void A_day_billed_twice_at_a_change_of_plan_is_found() => IsFound<BillsDayTwiceAtChange>(Check.Charges);

    [Fact]
    public void A_pause_that_is_billed_is_found() => IsFound<BillsPauses>(Check.Owed, Check.Convergence);

    [Fact]
    public void A_price_that_is_charged_for_what_was_invoiced_before_is_found() => IsFound<RepricesWhatIsInvoiced>(Check.Owed);

    [Fact]
    public void A_credit_note_over_too_much_is_found() => IsFound<CreditsTooMuch>(Check.Charges, Check.Owed);

    [Fact]
    public void A_payment_that_settles_more_than_it_is_is_found() => IsFound<AllocatesTooMuch>(Check.Allocations);

    [Fact]
    public void A_step_of_dunning_taken_early_is_found() => IsFound<EscalatesEarly>(Check.Dunning);

    [Fact]
    public void A_reminder_to_somebody_who_promised_is_found() => IsFound<DunsPromised>(Check.Dunning);

    [Fact]
    public void A_client_who_paid_and_is_not_restored_is_found() => IsFound<ForgetsToRestore>(Check.Dunning);

    [Fact]
    public void A_level_that_comes_from_events_and_not_from_what_is_open_is_found() => IsFound<TakesLevelFromEvents>(Check.Dunning);

    [Fact]
    public void A_posting_that_is_missing_is_found() => IsFound<ForgetsPosting>(Check.Postings);

    [Fact]
    public void A_refund_that_leaves_its_credit_in_place_is_found() => IsFound<RefundsAndKeepsCredit>(Check.Allocations);

    [Fact]
    public void A_fee_that_is_charged_to_the_client_is_found() => IsFound<ChargesFeeToClient>(Check.Entries, Check.Allocations);

    [Fact]
    public void An_entry_of_a_file_that_is_missing_is_found() => IsFound<ForgetsEntry>(Check.Entries);

    [Fact]
    public void Two_movements_that_only_their_references_tell_apart_taken_for_one_are_found() => IsFound<IgnoresReference>(Check.Entries);

    [Fact]
    public void Money_of_one_company_booked_on_a_client_of_the_other_is_found() => IsFound<IgnoresIssuer>(Check.Entries);

    [Fact]
    public void A_payment_booked_on_an_invoice_that_got_its_symbol_later_is_found() => IsFound<ForgetsSinceWhen>(Check.Entries);

    [Fact]
    public void An_entry_that_is_matched_and_not_booked_is_found() => IsFound<MatchesWithoutBooking>(Check.Entries);

    [Fact]
    public void A_page_that_is_counted_twice_when_a_shard_goes_on_elsewhere_is_found() => IsFound<CountsPageTwice>(Check.Runs);

    [Fact]
    public void A_cursor_that_is_stored_before_its_outcomes_is_found() => IsFound<SavesCursorFirst>(Check.Runs);

    [Fact]
    public void Replies_to_a_wave_that_are_mixed_up_are_found() => IsFound<MixesUpReplies>(Check.Entries);

    [Fact]
    public void A_wave_whose_answer_is_lost_and_that_is_not_asked_again_is_found() => IsFound<GivesUpOnLostAnswers>(Check.Entries);

    [Fact]
    public void A_day_without_turns_that_is_skipped_is_found() => IsFound<SkipsMissedDays>(Check.Dunning);

    [Fact]
    public void A_day_that_ends_while_an_account_that_billed_has_no_outcome_is_found() => IsFound<SkipsBilledAccounts>(Check.Runs);

    /// <summary>The first seed that finds anything has to find the mistake for what it is.</summary>
    /// <param name="expected">What the mistake looks like: a payment that was taken off and is still there shows in its command or in its entry, a credit over too much on a service or on an item.</param>
    private static void IsFound<TMistake>(params Check[] expected)
        where TMistake : Sabotage, new()
    {
        for (ulong seed = 1; seed <= MaxSeeds; seed++)
        {
            var result = Simulator.Run(seed, new TMistake());
            if (result.IsClean) continue;
            Assert.True(result.Findings.Any(finding => expected.Contains(finding.Check)), $"expected {string.Join(" or ", expected)}: {result}");
            return;
        }

        Assert.Fail($"{MaxSeeds} seeds did not find that the engine {typeof(TMistake).Name}");
    }
}
