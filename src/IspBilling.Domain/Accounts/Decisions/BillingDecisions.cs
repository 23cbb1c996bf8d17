using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>
/// Billing: the proposal becomes at most one credit note and then an invoice for each month of supply, in this order, so that the credit is
/// used at once.
/// </summary>
internal static class BillingDecisions
{
    public static Decision Bill(Turn turn, Bill command)
    {
        if (command.Through < AccountLimits.EarliestDate || command.Through > AccountLimits.LatestDate)
            return turn.RefuseValue(nameof(Domain.Bill.Through), $"through-date between {AccountLimits.EarliestDate:yyyy-MM-dd} and {AccountLimits.LatestDate:yyyy-MM-dd} expected");

        var previous = PreviousTotal(turn.State);
        var proposal = BillingProposal.Of(turn.State.Services, turn.State.OneOffs, turn.Context.Catalogue, command.Through);
        if (proposal.IsEmpty) return turn.Reply(new NothingToBill(previous));

        var drafts = DocumentDrafting.Draft(DraftTerms(turn.State, turn.Context), proposal, command.Run);
        foreach (var draft in drafts)
        {
            if (draft.Lines.Length > AccountLimits.MaxLinesPerDocument)
                return turn.Refuse(RefusalReason.TooMany, $"a document has at most {AccountLimits.MaxLinesPerDocument} lines");
        }

        if (Printing.Problem(turn.Context.IssuerOf(turn.State.RequiredProfile), turn.State.RequiredProfile, drafts) is { } unprintable)
            return turn.Refuse(RefusalReason.CannotBePrinted, $"{unprintable}, which cannot be printed; mend the text, then bill again");

        var hash = proposal.Hash();
        if (command.PreviewOnly) return turn.Reply(new Billed(hash, Summaries(drafts), previous));

        var issuer = turn.Context.IssuerOf(turn.State.RequiredProfile);
        if (issuer.IsSample) return turn.Refuse(RefusalReason.SampleIssuer, $"issuer {issuer.Id} is a sample: say who invoices before documents are issued");

        Issue(turn, command, proposal, drafts);
        return turn.Reply(new Billed(hash, Summaries(drafts), previous));
    }

    private static void Issue(Turn turn, Bill command, BillingProposal proposal, List<Document> drafts)
    {
        // All documents of a bill carry what they together charge, so that none adds its lines again.
        var recharged = RechargedBy(turn.State, proposal, drafts);
        foreach (var document in drafts)
        {
            turn.Happened(new DocumentIssued(document, Settlements(turn.State, document), recharged));
            turn.Tell(new DeliverDocument(document.Ordinal, turn.State.RequiredProfile.Delivery));
        }

        DunningDecisions.AfterChange(turn);
        var horizon = turn.Today.AddMonths(-turn.Context.CorrectionHorizonMonths);
        if (SettledHistory.IsDue(turn.State, horizon)) turn.Happened(new HistorySettled(horizon, KeepsTax: true) { KeepsDocuments = true });
    }

    private static ImmutableArray<Settlement> Settlements(AccountState state, Document document) => document.Kind.Traits().IsReceivable
        ? Credit.For(document.Ordinal, document.Total, state.Documents, state.Payments)
        : Credit.Of(document.Ordinal, document.Total.Abs, CorrectedAmounts.Of(document), state.Documents);

    private static DraftTerms DraftTerms(AccountState state, DecisionContext context)
    {
        var profile = state.RequiredProfile;
        return new DraftTerms(
            profile, state.ProfileRevision, context.IssuerOf(profile), context.Catalogue, context.VatRates, state.ChargedSoFar, context.Today);
    }

    /// <summary>Only services whose earlier charges change; plain new periods follow from the lines.</summary>
    private static ImmutableArray<Recharged> RechargedBy(AccountState state, BillingProposal proposal, List<Document> drafts)
    {
        if (proposal.Recharged.Count == 0) return [];
        var lines = drafts.SelectMany(draft => draft.Lines.Select(line => (Document: draft.Ordinal, Line: line))).ToLookup(entry => entry.Line.Service);
        var recharged = ImmutableArray.CreateBuilder<Recharged>(proposal.Recharged.Count);
        foreach (var service in state.Services)
        {
            if (proposal.Recharged.TryGetValue(service.Number, out var owed)) recharged.Add(Recharging.Of(service, owed, [.. lines[service.Number]]));
        }

        return recharged.MoveToImmutable();
    }

    private static Money? PreviousTotal(AccountState state)
    {
        for (var i = state.Documents.Length - 1; i >= 0; i--)
        {
            if (state.Documents[i].IsReceivable) return state.Documents[i].Total;
        }

        return null;
    }

    private static ImmutableArray<BilledDocument> Summaries(List<Document> drafts) =>
        [.. drafts.Select(draft => new BilledDocument(draft.Ordinal, draft.Kind, Number: null, draft.Total))];
}
