using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>
/// What may leave an account's state because it is older than the correction horizon and nothing in it is open. It stays in
/// the journal and the read models. A charge is as old as the documents it stands on, however long ago its period was: arrears of years that
/// were invoiced today can be corrected as long as any invoice of today. A payment is as old as what last happened to it: one that a clerk took
/// back today can be given again.
/// </summary>
internal static class SettledHistory
{
    public static AccountState Leave(AccountState state, HistorySettled happened)
    {
        var before = happened.Before;
        var keeps = happened.KeepsDocuments is true;
        var (documents, payments) = Unneeded(state, before, keeps);
        var staying = keeps ? Staying(state, documents) : [];
        var items = state.OneOffs.Where(item => item.Billed is { } billed && !item.Cancelled && item.Date < before && !staying.Contains(billed.Document)).ToList();
        var settled = state with
        {
            Documents = state.Documents.RemoveAll(document => documents.Contains(document.Ordinal)),
            Payments = state.Payments.RemoveAll(payment => payments.Contains(payment.Ordinal)),
            OneOffs = state.OneOffs.RemoveRange(items),
            PastItems = state.PastItems.With([.. items.Select(PastItem.Of)]),
            Services = [.. state.Services.Select(service => Leave(service, before, staying))],
        };
        var remembersCredits = settled.Documents.Any(document => document.IsCredit);
        settled = settled with { Services = [.. settled.Services.Select(service => TakingBack.Leave(service, remembersCredits))] };
        return settled with { TaxRemainders = happened.KeepsTax ? state.ChargedSoFar.TaxLeft.AfterSettling(settled.ChargedSoFar.TaxLeft) : KnownByCreditNotes(settled) };
    }

    /// <summary>
    /// An earlier release stored no remainders. Its snapshots are read without, unless they hold a credit note; then the account is folded.
    /// The fold comes to the same.
    /// </summary>
    private static ImmutableArray<TaxRemainder> KnownByCreditNotes(AccountState settled) =>
        settled.Documents.Any(document => document.IsCredit) ? settled.TaxRemainders : [];

    /// <summary>
    /// Old, used-up documents and payments. What is tied by an allocation leaves together or not at all, so that a late
    /// reversal finds every document it must reopen: ties to something that stays are followed until nothing changes.
    /// </summary>
    /// <param name="keepsTouched">Whether a payment is as old as what last happened to it, and not as the bank's booking.</param>
    private static (HashSet<int> Documents, HashSet<int> Payments) Unneeded(AccountState state, DateOnly before, bool keepsTouched)
    {
        var documents = state.Documents.Where(document => document.Open.IsZero && document.IssuedOn < before)
            .Select(document => document.Ordinal).ToHashSet();
        var payments = state.Payments.Where(payment => payment.Unallocated.IsZero && (keepsTouched ? payment.TouchedOn : payment.BookedOn) < before)
            .Select(payment => payment.Ordinal).ToHashSet();
        int count;
        do
        {
            count = documents.Count + payments.Count;
            foreach (var payment in state.Payments) Tie(payment.Allocations, payments, payment.Ordinal);
            foreach (var note in state.Documents) Tie(note.Allocations, documents, note.Ordinal);
            foreach (var payment in state.Payments) TieUses(payment);
        }
        while (documents.Count + payments.Count != count);

        return (documents, payments);

        void Tie(ImmutableArray<Allocation> allocations, HashSet<int> sources, int source)
        {
            if (allocations.Any(allocation => !documents.Contains(allocation.Document) && Remembers(state, allocation.Document))) sources.Remove(source);
            if (sources.Contains(source)) return;
            foreach (var allocation in allocations) documents.Remove(allocation.Document);
        }

        // Money paid back and the credit that it was: undone, it must find that credit again.
        void TieUses(Payment paidBack)
        {
            if (paidBack.Uses is not { } uses || paidBack.Status != PaymentStatus.Booked) return;
            if (uses.Any(use => !Leaving(use).Contains(use.Ordinal) && Remembers(state, use))) payments.Remove(paidBack.Ordinal);
            if (payments.Contains(paidBack.Ordinal)) return;
            foreach (var use in uses) Leaving(use).Remove(use.Ordinal);
        }

        HashSet<int> Leaving(CreditUse use) => use.Source == CreditSource.Payment ? payments : documents;
    }

    private static bool Remembers(AccountState state, int document) => state.FindDocument(document) is not null;

    private static bool Remembers(AccountState state, CreditUse use) => use.Source == CreditSource.Payment
        ? state.Payments.Any(payment => payment.Ordinal == use.Ordinal)
        : Remembers(state, use.Ordinal);

    /// <summary>Whether there is enough to make an event worth it.</summary>
    public static bool IsDue(AccountState state, DateOnly before)
    {
        var enough = before.AddMonths(-SlackMonths);
        // The cheap questions first: mostly there is nothing that old. An account without services grows too.
        var isOld = state.Services.Any(service => service.Charged.Length > 0 && service.Charged[0].Period.To <= OwedCharges.PartStart(service, enough))
            || state.Documents.Any(document => document.IssuedOn <= enough) || state.Payments.Any(payment => payment.TouchedOn <= enough);
        if (!isOld) return false;
        var (documents, payments) = Unneeded(state, before, keepsTouched: true);
        var staying = Staying(state, documents);
        return state.Services.Any(service => service.Charged.Length > 0 && service.Charged[0].Period.To <= Cut(service, enough, staying))
            || state.Documents.Any(document => document.IssuedOn <= enough && documents.Contains(document.Ordinal))
            || state.Payments.Any(payment => payment.TouchedOn <= enough && payments.Contains(payment.Ordinal));
    }

    /// <summary>History leaves in batches of half a year, not line by line.</summary>
    private const int SlackMonths = 6;

    private static HashSet<int> Staying(AccountState state, HashSet<int> leaving) =>
        [.. state.Documents.Select(document => document.Ordinal).Where(ordinal => !leaving.Contains(ordinal))];

    /// <summary>
    /// Up to where charges leave: not beyond the first that stands on a document which stays. A billing period leaves whole: were it cut, a
    /// later change in what stays would be rounded differently from what it was charged as.
    /// </summary>
    private static DateOnly Cut(Service service, DateOnly before, HashSet<int> staying)
    {
        foreach (var segment in service.Charged)
        {
            if (segment.Period.From >= before) break;
            if (!segment.Parts.Any(part => staying.Contains(part.Document))) continue;
            before = segment.Period.From;
            break;
        }

        return OwedCharges.PartStart(service, before);
    }

    private static Service Leave(Service service, DateOnly before, HashSet<int> staying)
    {
        var cut = Cut(service, before, staying);
        var kept = service.Charged.RemoveAll(segment => segment.Period.To <= cut);
        if (kept.Length == service.Charged.Length) return service;
        var last = service.Charged[service.Charged.Length - kept.Length - 1].Period.To;
        return service with { Charged = kept, SettledUpTo = service.ChargedUpTo >= cut ? cut : last };
    }
}
