using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Camt;

/// <summary>Turns one booked Ntry into statement entries: itself, or the transactions of a batch when they add up to it.</summary>
internal sealed class CamtBooking(CamtEntry entry, string ownAccount, Currency currency, StatementLimits limits, string fileName)
{
    private string EntryPosition => string.Create(CultureInfo.InvariantCulture, $"record {entry.Record}, line {entry.Line}");

    public void Book(List<StatementItem> items)
    {
        var amount = ReadEntryAmount();
        if (amount.IsZero)
        {
            items.Add(new StatementWarning("an entry of zero is left out", EntryPosition));
            return;
        }

        var direction = Direction(entry.Direction);
        var isReversal = entry.Reversal is "true" or "1";
        if (TooMany() || entry.Details.Count > 1 || IsMostlyUntold(amount)) BookMany(amount, direction, isReversal, items);
        else BookOne(amount, direction, isReversal, entry.Details.FirstOrDefault(), items);
    }

    /// <summary>The bank says that the entry holds several payments and tells one of them: its symbols are not those of the others.</summary>
    private bool IsMostlyUntold(Money amount) => entry.Details.Count == 1 && entry.BatchCount > 1 && DetailAmount(entry.Details[0]) != amount;

    private void BookOne(Money amount, EntryDirection direction, bool isReversal, CamtDetail? detail, List<StatementItem> items)
    {
        detail ??= new CamtDetail();
        var charges = ChargesOf(detail);
        if (DetailAmount(detail) is { IsZero: false } told && told != amount && !Explains(charges, told, amount, direction))
            items.Add(new StatementWarning($"the transaction tells {told}, the entry {amount}: the entry counts", EntryPosition));
        var reference = BankReferences.Provided(entry.ServicerReference) ?? BankReferences.Provided(detail.ServicerReference);
        var line = Line(amount, direction, isReversal, detail, reference, EntryPosition);
        items.Add(line with
        {
            Facts = line.Facts with
            {
                Reference = BankReferenceOf(reference),
                Batch = entry.BatchCount > 1 ? new BatchPart(Parent, entry.BatchCount, Ordinal: null) : null,
                Charges = charges,
                Instructed = Instructed(detail) is { IsZero: false } ordered && ordered != amount ? ordered : null,
                AsReadBefore = CamtBefore.Of(line.Entry, detail, Written(entry.ServicerReference) ?? Written(detail.ServicerReference), isReversal),
            },
        });
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
                $"the {entry.DetailCount} transactions of a batch that are told do not add up to {amount}, or are too many: the entry stays whole",
                EntryPosition));
            var reference = BankReferences.Provided(entry.ServicerReference);
            var untold = new CamtDetail { Text = entry.Text };
            var whole = Line(amount, direction, isReversal, untold, reference, EntryPosition);

            // The release before took the one transaction that is told for all of the entry.
            var detail = !TooMany() && IsMostlyUntold(amount) ? entry.Details[0] : untold;
            var before = detail == untold ? whole : Line(amount, direction, isReversal, detail, reference, EntryPosition);
            var written = Written(entry.ServicerReference) ?? Written(detail.ServicerReference);
            items.Add(whole with
            {
                Facts = whole.Facts with
                {
                    Reference = BankReferenceOf(reference),
                    Batch = new BatchPart(Parent, Math.Max(entry.DetailCount, entry.BatchCount), Ordinal: null),
                    AsReadBefore = CamtBefore.Of(before.Entry, detail, written, isReversal) ?? (before.Entry == whole.Entry ? null : before.Entry),
                },
            });
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
            var own = areOwnReferencesUnique && detail.ServicerReference != entry.ServicerReference ? BankReferences.Provided(detail.ServicerReference) : null;
            var reference = BankReferences.Provided(entry.ServicerReference) is { } whole ? OfPart(whole, ordinal) : own;
            var position = string.Create(CultureInfo.InvariantCulture, $"record {entry.Record}, detail {ordinal}, line {entry.Line}");
            var line = Line(amount, DirectionOf(detail, direction), isReversal, detail, reference, position);
            var before = Written(entry.ServicerReference) is { } written
                ? OfPart(written, ordinal)
                : areOwnReferencesUnique ? Written(detail.ServicerReference) : null;
            items.Add(line with
            {
                Facts = line.Facts with
                {
                    Reference = BankReferenceOf(own),
                    Batch = new BatchPart(Parent, entry.Details.Count, ordinal),
                    Charges = Sum(detail.Charges),
                    AsReadBefore = CamtBefore.Of(line.Entry, detail, before, isReversal),
                },
            });
        }
    }

    private static string OfPart(string whole, int ordinal) => string.Create(CultureInfo.InvariantCulture, $"{whole}/{ordinal}");

    /// <summary>What the parts of a batch share: they and the batch told as a whole are the same money.</summary>
    private string? Parent => BankReferences.Provided(entry.ServicerReference) ?? BankReferences.Provided(entry.BatchReference);

    /// <summary>Those of the transaction, or where it tells none, of the entry; null for none.</summary>
    private Money? ChargesOf(CamtDetail detail) => Sum(detail.Charges) ?? Sum(entry.Charges);

    /// <summary>In the currency of the account; what is told in another one, or is no amount, is not used.</summary>
    private Money? Sum(List<(string Amount, string? Currency)> charges)
    {
        Int128 sum = 0;
        foreach (var (text, code) in charges)
            if (Currency.TryParse(code, out var own) && own == currency && Amounts.TryRead(text, currency, out var charge) && !charge.IsNegative) sum += charge.Minor;
        return sum > 0 && sum < limits.AmountBound ? new Money((long)sum, currency) : null;
    }

    private Money? Instructed(CamtDetail detail) =>
        Currency.TryParse(detail.InstructedCurrency, out var own) && own == currency && Amounts.TryRead(detail.Instructed, currency, out var read) && !read.IsNegative ? read : null;

    /// <summary>The bank took its charges from what came, or added them to what went.</summary>
    private static bool Explains(Money? charges, Money told, Money amount, EntryDirection direction) =>
        charges is { } kept && (Int128)told.Minor - amount.Minor == (direction == EntryDirection.Credit ? kept.Minor : -kept.Minor);

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

    private StatementEntryRead Line(
        Money amount, EntryDirection direction, bool isReversal, CamtDetail detail, string? reference, string position)
    {
        var bookedOn = entry.BookedOn ?? entry.ValueOn ?? throw Refuse("a booking date (BookgDt) or a value date (ValDt)", null);
        var symbols = detail.Symbols();
        var counter = CounterParty(detail, direction, isReversal);
        var line = new StatementEntry(
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
        return new StatementEntryRead(line) { Facts = new EntryFacts { Messages = Messages(detail), Unused = symbols.Unused } };
    }

    private List<string> Messages(CamtDetail detail)
    {
        var messages = new List<string>();
        foreach (var text in (ReadOnlySpan<string?>)[detail.Unstructured, detail.StructuredText, detail.Text, entry.Text])
            if (text is not null && !messages.Contains(text)) messages.Add(text);
        return messages;
    }

    /// <summary>
    /// The other side: the debtor of money that came, the creditor of money that went. A reversal keeps the roles of the payment that it
    /// takes back; some banks swap them, and some tell one role only. Never the own account.
    /// </summary>
    private CamtParty CounterParty(CamtDetail detail, EntryDirection direction, bool isReversal)
    {
        var isDebtor = (direction == EntryDirection.Credit) != isReversal;
        var (expected, other) = isDebtor ? (detail.Debtor, detail.Creditor) : (detail.Creditor, detail.Debtor);
        if (expected.IsKnown && !IsOwn(expected)) return expected;

        // Where no account tells, the other role may be the provider itself: its name says nothing about the payer.
        if (other.IsKnown && !IsOwn(other) && (other.Account is not null || IsOwn(expected))) return other;
        return new CamtParty { Name = isDebtor ? detail.UltimateDebtor : detail.UltimateCreditor };
    }

    private bool IsOwn(CamtParty party) => party.Account is { } account && AccountKey.Of(account) == AccountKey.Of(ownAccount);

    /// <summary>The interbank id, which a return repeats; else the payer's own id, unless that only carries symbols.</summary>
    private static string? OrderReference(CamtDetail detail) =>
        BankReferences.Provided(detail.TransactionId) ?? (detail.IsEndToEndSymbols ? null : BankReferences.Provided(detail.EndToEndId));

    private BankReference? BankReferenceOf(string? reference) => BankReferences.Of(reference, ownAccount);

    /// <summary>The release before took zeros for a reference.</summary>
    private static string? Written(string? reference) => reference is null || BankReferences.IsPlaceholder(reference) ? null : reference;

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

    private StatementFormatException Refuse(string expected, string? found) =>
        new(fileName, EntryPosition, expected, Printable.Quote(found));
}
