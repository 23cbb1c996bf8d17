using System.Runtime.InteropServices;
using IspBilling.Domain;
using IspBilling.Engine.Journal;
using IspBilling.Postgres.Copying;

namespace IspBilling.Postgres.Figures;

/// <summary>What a flight changes in the figures: a few rows, however many commits it has.</summary>
internal sealed class FigureRows
{
    private readonly Dictionary<FigureKey, (Int128 Amount, long Count)> _changes = [];
    private readonly CopyRows _rows = new("figure_changes (issuer, measure, day, key, amount, count)");

    public void Clear()
    {
        _changes.Clear();
        _rows.Clear();
    }

    public void Add(AccountCommit commit, FinishedCommit finished)
    {
        var issuer = finished.State.RequiredProfile.Issuer.Value;
        foreach (var happened in finished.Events) AddEvent(issuer, commit.Before, happened);
        AddOpen(issuer, commit.Before, finished.State);
        AddRecurring(issuer, commit.Before, finished.State);
    }

    /// <summary>The sums as rows; a sum of zero needs none.</summary>
    public CopyRows Encoded()
    {
        _rows.Clear();
        foreach (var (key, change) in _changes)
        {
            if (change == default) continue;
            var (rest, count) = change;
            do
            {
                // Absurd amounts of old books may sum to more than a row holds.
                var part = (long)Int128.Clamp(rest, -long.MaxValue, long.MaxValue);
                AddRow(key, part, count);
                (rest, count) = (rest - part, 0);
            }
            while (rest != 0);
        }

        return _rows;
    }

    private void AddRow(FigureKey key, long amount, long count)
    {
        _rows.StartRow();
        _rows.Int32(key.Issuer);
        _rows.Int16((short)key.Measure);
        _rows.Date(key.Day);
        _rows.Int32(key.Key);
        _rows.Int64(amount);
        _rows.Int64(count);
    }

    private void AddEvent(int issuer, AccountState before, AccountEvent happened)
    {
        switch (happened)
        {
            case ProfileChanged { Revision: 1 } joined:
                Change(issuer, FigureMeasure.Joined, joined.On, 0, 0, 1);
                break;
            case AccountClosed closed:
                Change(issuer, FigureMeasure.Left, closed.On, 0, 0, 1);
                break;
            case AccountReopened reopened:
                Change(issuer, FigureMeasure.Left, reopened.On, 0, 0, -1);
                break;
            case DocumentIssued issued:
                AddDocument(issuer, issued.Document);
                break;
            case PaymentBooked booked:
                Change(issuer, FigureMeasure.Received, booked.Payment.BookedOn, 0, booked.Payment.Amount.Minor, 1);
                break;
            case MoneyPaidBack back:
                Release(issuer, back.Payment.BookedOn, -back.Payment.Amount.Minor);
                break;
            case PaymentRestored restored:
                Release(issuer, restored.On, -AmountOf(before, restored.Payment));
                break;
            case PaymentReversed reversed:
                Release(issuer, reversed.On, AmountOf(before, reversed.Payment));
                break;
            case PaymentUnassigned unassigned:
                Release(issuer, unassigned.On, AmountOf(before, unassigned.Payment));
                break;
        }
    }

    /// <param name="minor">Negative when what had gone back is here again.</param>
    private void Release(int issuer, DateOnly on, long minor) => Change(issuer, FigureMeasure.Released, on, 0, minor, Math.Sign(minor));

    private static long AmountOf(AccountState before, int payment) => before.Payments.First(known => known.Ordinal == payment).Amount.Minor;

    private void AddDocument(int issuer, Document document)
    {
        foreach (var total in document.Vat)
        {
            Change(issuer, FigureMeasure.Net, document.IssuedOn, total.Rate.BasisPoints, total.Base.Minor, 0);
            Change(issuer, FigureMeasure.Tax, document.IssuedOn, total.Rate.BasisPoints, total.Tax.Minor, 0);
            Change(issuer, FigureMeasure.SuppliedNet, document.SuppliedOn, total.Rate.BasisPoints, total.Base.Minor, 0);
            Change(issuer, FigureMeasure.SuppliedTax, document.SuppliedOn, total.Rate.BasisPoints, total.Tax.Minor, 0);
        }

        Change(issuer, FigureMeasure.Rounding, document.IssuedOn, 0, document.Rounding.Minor, 0);
        Change(issuer, FigureMeasure.Documents, document.IssuedOn, (int)document.Kind, document.Total.Minor, 1);
    }

    /// <remarks>Both states list documents by ordinal; documents that left as settled history had nothing open.</remarks>
    private void AddOpen(int issuer, AccountState before, AccountState after)
    {
        bool owed = false, owes = false;
        var known = 0;
        foreach (var document in after.Documents)
        {
            OpenDocument? same = null;
            while (known < before.Documents.Length && before.Documents[known].Ordinal <= document.Ordinal)
            {
                var candidate = before.Documents[known++];
                if (candidate.Ordinal == document.Ordinal) same = candidate;
                owed |= !candidate.Open.IsZero;
            }

            owes |= !document.Open.IsZero;
            if (ReferenceEquals(same, document)) continue;
            if (same is not null) ChangeOpen(issuer, same, -1);
            ChangeOpen(issuer, document, 1);
        }

        for (; known < before.Documents.Length; known++) owed |= !before.Documents[known].Open.IsZero;
        if (owed != owes) Change(issuer, FigureMeasure.Debtors, DateOnly.MinValue, 0, 0, owes ? 1 : -1);
    }

    private void ChangeOpen(int issuer, OpenDocument document, int sign)
    {
        if (document.Open.IsZero) return;
        var key = document.IsCredit ? OpenKey.CreditNote : document.Disputed ? OpenKey.DisputedInvoice : OpenKey.Invoice;
        Change(issuer, FigureMeasure.Open, document.DueOn, (int)key, sign * document.OpenDebt.Minor, sign);
    }

    private void AddRecurring(int issuer, AccountState before, AccountState after)
    {
        // Services are numbered from 1 and never leave an account.
        for (var i = 0; i < after.Services.Length; i++)
        {
            var known = i < before.Services.Length ? before.Services[i] : null;
            if (known is not null && (ReferenceEquals(known, after.Services[i]) || Recurring.IsSame(known, after.Services[i]))) continue;
            if (known is not null) Recurring.Add(known, -1, ChangeRecurring);
            Recurring.Add(after.Services[i], 1, ChangeRecurring);
        }

        void ChangeRecurring(FigureMeasure measure, DateOnly day, int tariff, long amount, long count) => Change(issuer, measure, day, tariff, amount, count);
    }

    private void Change(int issuer, FigureMeasure measure, DateOnly day, int key, long amount, long count)
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_changes, new FigureKey(issuer, measure, day, key), out _);
        sum = (sum.Amount + amount, checked(sum.Count + count));
    }
}
