using System.Globalization;
using IspBilling.Domain;

namespace IspBilling.Engine.Snapshots;

/// <summary>
/// Documents and payments within a snapshot, each written as how it differs from the one before it: month after month most of an account's
/// documents have the same total and term, and most of its payments come from the same bank account.
/// </summary>
internal static class LedgerShape
{
    [Flags]
    private enum DocumentTraits : byte
    {
        None = 0,
        KindAsBefore = 1,

        /// <summary>The number's digits are the variable symbol.</summary>
        NumberIsSymbol = 2,
        TotalAsBefore = 4,
        IsSettled = 8,
        IsDisputed = 16,
        HasAllocations = 32,

        /// <summary>As many days to pay.</summary>
        TermAsBefore = 64,
    }

    [Flags]
    private enum PaymentTraits : byte
    {
        None = 0,
        AmountAsBefore = 1,
        CounterAccountAsBefore = 2,
        RuleAsBefore = 4,

        /// <summary>Still booked, and the bank gave no order reference.</summary>
        IsPlain = 8,

        /// <summary>All of it settles one document.</summary>
        SettlesOne = 16,
        HasSymbol = 32,

        /// <summary>Some of it was paid back, or it is what was paid back; never in a snapshot before format 3.</summary>
        WentBack = 64,

        /// <summary>Something happened to it later; never in a snapshot before format 4.</summary>
        Changed = 128,
    }

    public static void WriteDocument(SnapshotWriter writer, OpenDocument? before, OpenDocument document)
    {
        var traits = TraitsOf(before, document);
        writer.Shift(document.Ordinal, before?.Ordinal);
        writer.Byte((byte)traits);
        if (!traits.HasFlag(DocumentTraits.KindAsBefore)) writer.Byte((byte)document.Kind);
        if (traits.HasFlag(DocumentTraits.NumberIsSymbol))
        {
            writer.Shift(document.Symbol!.Value.Value, before?.Symbol?.Value);
        }
        else
        {
            writer.Text(document.Number);
            writer.Optional(document.Symbol?.Value);
        }

        writer.Shift(document.IssuedOn, before?.IssuedOn);
        if (!traits.HasFlag(DocumentTraits.TermAsBefore)) writer.Shift(document.DueOn, document.IssuedOn);
        if (!traits.HasFlag(DocumentTraits.TotalAsBefore)) writer.Money(document.Total);
        if (!traits.HasFlag(DocumentTraits.IsSettled)) writer.Money(document.Settled);
        if (traits.HasFlag(DocumentTraits.HasAllocations)) writer.List(document.Allocations, WriteAllocation);
    }

    public static OpenDocument ReadDocument(ref SnapshotReader reader, OpenDocument? before)
    {
        var ordinal = reader.ShiftedInt(before?.Ordinal);
        var traits = (DocumentTraits)reader.Byte();
        var kind = traits.HasFlag(DocumentTraits.KindAsBefore) && before is not null ? before.Kind : (DocumentKind)reader.Byte();
        var (number, symbol) = traits.HasFlag(DocumentTraits.NumberIsSymbol)
            ? NumberedBySymbol(new VariableSymbol(reader.Shifted(before?.Symbol?.Value)))
            : (reader.Text(), ReadSymbol(ref reader));
        var issuedOn = reader.ShiftedDate(before?.IssuedOn);
        var dueOn = traits.HasFlag(DocumentTraits.TermAsBefore) && before is not null
            ? SnapshotReader.Day((long)issuedOn.DayNumber + before.DueOn.DayNumber - before.IssuedOn.DayNumber)
            : reader.ShiftedDate(issuedOn);
        var total = traits.HasFlag(DocumentTraits.TotalAsBefore) && before is not null ? before.Total : reader.Money();
        return new OpenDocument(
            ordinal, kind, number, issuedOn, dueOn, symbol, total,
            Settled: traits.HasFlag(DocumentTraits.IsSettled) ? Whole(total) : reader.Money(),
            Disputed: traits.HasFlag(DocumentTraits.IsDisputed),
            Allocations: traits.HasFlag(DocumentTraits.HasAllocations) ? reader.List(ReadAllocation) : []);
    }

    public static void WritePayment(SnapshotWriter writer, Payment? before, Payment payment)
    {
        var traits = TraitsOf(before, payment);
        writer.Shift(payment.Ordinal, before?.Ordinal);
        writer.Byte((byte)traits);
        writer.Identity(payment.Entry);
        if (!traits.HasFlag(PaymentTraits.AmountAsBefore)) writer.Money(payment.Amount);
        writer.Shift(payment.BookedOn, before?.BookedOn);
        if (traits.HasFlag(PaymentTraits.HasSymbol)) writer.Shift(payment.Symbol!.Value.Value, before?.Symbol?.Value);
        if (!traits.HasFlag(PaymentTraits.CounterAccountAsBefore)) writer.Text(payment.CounterAccount);
        if (!traits.HasFlag(PaymentTraits.RuleAsBefore)) writer.Byte((byte)payment.Rule);
        if (!traits.HasFlag(PaymentTraits.IsPlain))
        {
            writer.Text(payment.OrderReference);
            writer.Byte((byte)payment.Status);
            writer.Text(payment.ReversedBy);
        }

        if (traits.HasFlag(PaymentTraits.SettlesOne)) writer.Shift(payment.Allocations[0].Document, LastSettled(before));
        else writer.List(payment.Allocations, WriteAllocation);
        if (traits.HasFlag(PaymentTraits.Changed)) writer.Shift(payment.ChangedOn!.Value, payment.BookedOn);
        if (!traits.HasFlag(PaymentTraits.WentBack)) return;
        writer.Money(payment.PaidBack);
        writer.Flag(payment.Uses is not null);
        if (payment.Uses is { } uses) writer.List(uses, WriteUse);
    }

    public static Payment ReadPayment(ref SnapshotReader reader, Payment? before)
    {
        var ordinal = reader.ShiftedInt(before?.Ordinal);
        var traits = (PaymentTraits)reader.Byte();
        var entry = reader.Identity();
        var amount = traits.HasFlag(PaymentTraits.AmountAsBefore) && before is not null ? before.Amount : reader.Money();
        var bookedOn = reader.ShiftedDate(before?.BookedOn);
        VariableSymbol? symbol = traits.HasFlag(PaymentTraits.HasSymbol) ? new VariableSymbol(reader.Shifted(before?.Symbol?.Value)) : null;
        var counterAccount = traits.HasFlag(PaymentTraits.CounterAccountAsBefore) && before is not null ? before.CounterAccount : reader.OptionalText();
        var rule = traits.HasFlag(PaymentTraits.RuleAsBefore) && before is not null ? before.Rule : (MatchRule)reader.Byte();
        var isPlain = traits.HasFlag(PaymentTraits.IsPlain);
        var payment = new Payment(
            ordinal, entry, amount, bookedOn, symbol, counterAccount,
            OrderReference: isPlain ? null : reader.OptionalText(),
            rule,
            isPlain ? PaymentStatus.Booked : (PaymentStatus)reader.Byte(),
            ReversedBy: isPlain ? null : reader.OptionalText(),
            Allocations: traits.HasFlag(PaymentTraits.SettlesOne)
                ? [new Allocation(reader.ShiftedInt(LastSettled(before)), amount)]
                : reader.List(ReadAllocation))
        {
            ChangedOn = reader.Format >= StateSnapshot.FormatOfKinds && traits.HasFlag(PaymentTraits.Changed) ? reader.ShiftedDate(bookedOn) : null,
        };
        if (reader.Format < StateSnapshot.FormatOfTerms || !traits.HasFlag(PaymentTraits.WentBack)) return payment;
        return payment with { PaidBack = reader.OptionalMoney(), Uses = reader.Flag() ? reader.List(ReadUse) : null };
    }

    public static VariableSymbol? ReadSymbol(ref SnapshotReader reader) => reader.Optional() is { } value ? new VariableSymbol(value) : null;

    public static Allocation ReadAllocation(ref SnapshotReader reader) => new(reader.Int(), reader.Money());

    public static void WriteTaxRemainder(SnapshotWriter writer, TaxRemainder remainder)
    {
        writer.Number(remainder.Document);
        writer.Byte((byte)remainder.Group.Category);
        writer.Number(remainder.Group.Rate.BasisPoints);
        writer.Byte((byte)remainder.Group.PriceMode);
        writer.Money(remainder.Settled);
        writer.Money(remainder.Drift);
    }

    public static TaxRemainder ReadTaxRemainder(ref SnapshotReader reader) => new(
        Document: reader.Int(),
        new VatGroup((VatCategory)reader.Byte(), new VatRate(reader.Int()), (PriceMode)reader.Byte()),
        Settled: reader.Money(),
        Drift: reader.Money());

    private static DocumentTraits TraitsOf(OpenDocument? before, OpenDocument document)
    {
        var traits = DocumentTraits.None;
        if (document.Kind == before?.Kind) traits |= DocumentTraits.KindAsBefore;
        if (document.Symbol is { } symbol && IsDigitsOf(document.Number, symbol)) traits |= DocumentTraits.NumberIsSymbol;
        if (document.Total == before?.Total) traits |= DocumentTraits.TotalAsBefore;
        if (document.Settled == document.Total.Abs) traits |= DocumentTraits.IsSettled;
        if (document.Disputed) traits |= DocumentTraits.IsDisputed;
        if (!document.Allocations.IsEmpty) traits |= DocumentTraits.HasAllocations;
        if (before is not null && Days(document) == Days(before)) traits |= DocumentTraits.TermAsBefore;
        return traits;
    }

    private static PaymentTraits TraitsOf(Payment? before, Payment payment)
    {
        var traits = PaymentTraits.None;
        if (payment.Amount == before?.Amount) traits |= PaymentTraits.AmountAsBefore;
        if (before is not null && payment.CounterAccount == before.CounterAccount) traits |= PaymentTraits.CounterAccountAsBefore;
        if (payment.Rule == before?.Rule) traits |= PaymentTraits.RuleAsBefore;
        if (payment is { Status: PaymentStatus.Booked, OrderReference: null, ReversedBy: null }) traits |= PaymentTraits.IsPlain;
        if (payment.Allocations is [var only] && only.Amount == payment.Amount) traits |= PaymentTraits.SettlesOne;
        if (payment.Symbol is not null) traits |= PaymentTraits.HasSymbol;
        if (payment.PaidBack is not null || payment.Uses is not null) traits |= PaymentTraits.WentBack;
        if (payment.ChangedOn is not null) traits |= PaymentTraits.Changed;
        return traits;
    }

    private static int Days(OpenDocument document) => document.DueOn.DayNumber - document.IssuedOn.DayNumber;

    private static int? LastSettled(Payment? payment) => payment is { Allocations: [.., var last] } ? last.Document : null;

    private static bool IsDigitsOf(string number, VariableSymbol symbol)
    {
        Span<char> digits = stackalloc char[VariableSymbol.MaxDigits];
        return symbol.Value.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture) && digits[..length].SequenceEqual(number);
    }

    private static (string Number, VariableSymbol? Symbol) NumberedBySymbol(VariableSymbol symbol) => (symbol.ToString(), symbol);

    /// <exception cref="FormatException">There is no such amount.</exception>
    private static Money Whole(Money total) => total.Minor > long.MinValue ? total.Abs : throw new FormatException("a total beyond what money holds");

    private static void WriteUse(SnapshotWriter writer, CreditUse use)
    {
        writer.Byte((byte)use.Source);
        writer.Number(use.Ordinal);
        writer.Money(use.Amount);
    }

    private static CreditUse ReadUse(ref SnapshotReader reader) => new((CreditSource)reader.Byte(), reader.Int(), reader.Money());

    private static void WriteAllocation(SnapshotWriter writer, Allocation allocation)
    {
        writer.Number(allocation.Document);
        writer.Money(allocation.Amount);
    }
}
