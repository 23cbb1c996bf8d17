using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Camt;

/// <summary>Turns one Ntry into statement entries: itself, or the transactions of a batch when they add up to it.</summary>
internal sealed class CamtBooking(CamtEntry entry, string ownAccount, Currency currency, StatementLimits limits, string fileName)
{
    /// <summary>What the schema makes banks write where they have no reference.</summary>
    private static readonly HashSet<string> NoReference = new(StringComparer.OrdinalIgnoreCase)
    {
        "NOTPROVIDED", "NOT PROVIDED", "NOTREF", "NONREF", "NOREF",
    };

    private string EntryPosition => string.Create(CultureInfo.InvariantCulture, $"record {entry.Record}, line {entry.Line}");

    public void Book(List<StatementItem> items)
    {
        if (!IsBooked(items)) return;
        var amount = ReadEntryAmount();
        if (amount.IsZero)
        {
            items.Add(new StatementWarning("an entry of zero is left out", EntryPosition));
            return;
        }

        var direction = Direction(entry.Direction);
        var isReversal = entry.Reversal is "true" or "1";
        if (TooMany() || entry.Details.Count > 1) BookMany(amount, direction, isReversal, items);
        else BookOne(amount, direction, isReversal, entry.Details.FirstOrDefault(), items);
    }

    /// <summary>Pending, future and informational entries have moved no money; a missing status means booked.</summary>
    private bool IsBooked(List<StatementItem> items)
    {
        if (entry.Status is null or "BOOK") return true;
        if (entry.Status is not ("PDNG" or "INFO" or "FUTR"))
            items.Add(new StatementWarning($"an entry with the unknown status {Printable.Quote(entry.Status)} is left out", EntryPosition));
        return false;
    }

    private void BookOne(Money amount, EntryDirection direction, bool isReversal, CamtDetail? detail, List<StatementItem> items)
    {
        if (detail is not null && DetailAmount(detail) is { IsZero: false } told && told != amount)
            items.Add(new StatementWarning($"the transaction tells {told}, the entry {amount}: the entry counts", EntryPosition));
        items.Add(new StatementEntryRead(
            Line(amount, direction, isReversal, detail ?? new CamtDetail(), EntryReference(detail), EntryPosition)));
    }

    private void BookMany(Money amount, EntryDirection direction, bool isReversal, List<StatementItem> items)
    {
        if (IsOneToldTwice(amount))
        {
            var one = entry.Details[0];
            foreach (var other in entry.Details.Skip(1)) one.FillFrom(other);
            BookOne(amount, direction, isReversal, one, items);
        }
        else if (!TooMany() && AddUp(amount, direction))
        {
            BookEach(direction, isReversal, items);
        }
        else
        {
            items.Add(new StatementWarning(
                $"the {entry.DetailCount} transactions of a batch do not add up to {amount}, or are too many: the entry stays whole",
                EntryPosition));
            items.Add(new StatementEntryRead(Line(
                amount, direction, isReversal, new CamtDetail { Text = entry.Text }, Provided(entry.ServicerReference), EntryPosition)));
        }
    }

    private void BookEach(EntryDirection direction, bool isReversal, List<StatementItem> items)
    {
        var areOwnReferencesUnique = AreServicerReferencesUnique();
        for (var i = 0; i < entry.Details.Count; i++)
        {
            var detail = entry.Details[i];
            if (DetailAmount(detail) is not { IsZero: false } amount) continue;
            var ordinal = i + 1;
            var reference = Provided(entry.ServicerReference) is { } whole
                ? string.Create(CultureInfo.InvariantCulture, $"{whole}/{ordinal}")
                : areOwnReferencesUnique ? Provided(detail.ServicerReference) : null;
            var position = string.Create(CultureInfo.InvariantCulture, $"record {entry.Record}, detail {ordinal}, line {entry.Line}");
            items.Add(new StatementEntryRead(Line(
                amount, DirectionOf(detail, direction), isReversal, detail, reference, position)));
        }
    }

    /// <summary>
    /// Tatra banka tells one fee in two NtryDtls, of which each has the whole amount or none: it is one line. Where no transaction
    /// tells an amount they may be two payers, and nobody guesses.
    /// </summary>
    private bool IsOneToldTwice(Money amount) =>
        !TooMany()
        && entry.DetailGroups == entry.Details.Count
        && entry.Details.Exists(detail => DetailAmount(detail) == amount)
        && entry.Details.TrueForAll(detail => DetailAmount(detail) is not { } told || told == amount);

    private bool AddUp(Money amount, EntryDirection direction)
    {
        Int128 sum = 0;
        foreach (var detail in entry.Details)
        {
            if (DetailAmount(detail) is not { } told) return false;
            sum += DirectionOf(detail, direction) == direction ? told.Minor : -told.Minor;
        }

        return sum == amount.Minor;
    }

    private bool AreServicerReferencesUnique()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return entry.Details.TrueForAll(detail => detail.ServicerReference is not { } reference || seen.Add(reference));
    }

    private StatementEntry Line(
        Money amount, EntryDirection direction, bool isReversal, CamtDetail detail, string? reference, string position)
    {
        var bookedOn = entry.BookedOn ?? entry.ValueOn ?? throw Refuse("a booking date (BookgDt) or a value date (ValDt)", null);
        var symbols = detail.Symbols();
        var counter = CounterParty(detail, direction, isReversal);
        return new StatementEntry(
            ownAccount,
            reference,
            amount,
            direction,
            isReversal || detail.IsReturn,
            bookedOn,
            entry.ValueOn ?? bookedOn,
            counter.Account,
            counter.Name,
            symbols.Variable,
            symbols.Constant,
            symbols.Specific,
            Texts.Normal(detail.Unstructured ?? detail.StructuredText ?? detail.Text ?? entry.Text, limits.MessageMax),
            OrderReference(detail),
            position);
    }

    /// <summary>
    /// The other side: the debtor of money that came, the creditor of money that went. A reversal keeps the roles of the payment
    /// that it takes back. Should that name the own account, the bank swapped the roles after all.
    /// </summary>
    private CamtParty CounterParty(CamtDetail detail, EntryDirection direction, bool isReversal)
    {
        var isDebtor = (direction == EntryDirection.Credit) != isReversal;
        var (counter, own) = isDebtor ? (detail.Debtor, detail.Creditor) : (detail.Creditor, detail.Debtor);
        return counter.Account is { } account && account == ownAccount ? own : counter;
    }

    /// <summary>The interbank id, which a return repeats; else the payer's own id, unless that only carries symbols.</summary>
    private static string? OrderReference(CamtDetail detail)
    {
        if (Provided(detail.TransactionId) is { } id) return id;
        return detail.EndToEndId is { } endToEnd && !PaymentSymbols.IsSlashed(endToEnd) ? Provided(endToEnd) : null;
    }

    private string? EntryReference(CamtDetail? detail) => Provided(entry.ServicerReference) ?? Provided(detail?.ServicerReference);

    private Money ReadEntryAmount()
    {
        if (entry.Amount is null) throw Refuse("an amount (Amt)", null);
        if (!Currency.TryParse(entry.Currency, out var own) || own != currency) throw Refuse($"an amount in {currency}", entry.Currency);
        if (!Amounts.TryRead(entry.Amount, currency, out var amount) || amount.IsNegative) throw Refuse(Amounts.Expected, entry.Amount);
        return amount;
    }

    /// <summary>Null where the transaction has no amount in the currency of the account.</summary>
    private Money? DetailAmount(CamtDetail detail) =>
        ReadDetailAmount(detail.Amount, detail.AmountCurrency) ?? ReadDetailAmount(detail.DetailsAmount, detail.DetailsAmountCurrency);

    private Money? ReadDetailAmount(string? amount, string? code)
    {
        if (amount is null || !Currency.TryParse(code, out var own) || own != currency) return null;
        return Amounts.TryRead(amount, currency, out var read) && !read.IsNegative ? read : throw Refuse(Amounts.Expected, amount);
    }

    private EntryDirection DirectionOf(CamtDetail detail, EntryDirection whole) =>
        detail.Direction is null ? whole : Direction(detail.Direction);

    /// <summary>Already the real direction when the entry is a reversal: never flipped.</summary>
    private EntryDirection Direction(string? code) => code switch
    {
        "CRDT" => EntryDirection.Credit,
        "DBIT" => EntryDirection.Debit,
        _ => throw Refuse("CRDT or DBIT (CdtDbtInd)", code),
    };

    private bool TooMany() => entry.DetailCount > entry.Details.Count;

    private static string? Provided(string? reference) => reference is null || NoReference.Contains(reference) ? null : reference;

    private StatementFormatException Refuse(string expected, string? found) =>
        new(fileName, EntryPosition, expected, Printable.Quote(found));
}
