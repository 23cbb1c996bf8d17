using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <remarks>Stored by number and by name. What a kind means stands in <see cref="DocumentKinds"/>.</remarks>
public enum DocumentKind
{
    /// <summary>Tax document (faktura, daňový doklad).</summary>
    Invoice,

    /// <summary>Corrective tax document (opravný daňový doklad, Czech VAT act §45); amounts are negative.</summary>
    CreditNote,
}

/// <summary>Legal numbers run per issuer, kind and year of issue.</summary>
public readonly record struct SeriesKey(IssuerId Issuer, DocumentKind Kind, int Year)
{
    public const int Digits = 8;

    /// <summary>How many numbers a series has in a year: the last eight digits of one.</summary>
    public const long PerYear = 100_000_000;

    /// <summary>The least symbol that may equal the number of an invoice; the first two digits are its year.</summary>
    public const long LeastSymbol = PerYear;

    /// <summary>How many years from today on no client may have a symbol that is to be an invoice's number.</summary>
    public const int YearsKeptFree = 10;

    /// <summary>
    /// Whether an invoice of this year or of the next <see cref="YearsKeptFree"/> may get the symbol for its number. Every issuer numbers
    /// alike. Numbers of past years are not given any more, so that their symbols are free unless a document has them.
    /// </summary>
    public static bool MayNumber(VariableSymbol symbol, DateOnly today)
    {
        var (year, sequence) = Math.DivRem(symbol.Value, PerYear);
        return sequence > 0 && (year - (today.Year % Century) + Century) % Century <= YearsKeptFree;
    }

    private const int Century = 100;

    /// <summary>
    /// The number as printed: two digits of the year and eight of the sequence, so that an invoice number is a ten-digit
    /// variable symbol as it stands; other kinds carry a letter in front.
    /// </summary>
    public string Number(long sequence)
    {
        Invariant.Require(sequence is > 0 and < PerYear);
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Kind.Traits().NumberPrefix}{Year % 100:D2}{sequence:D8}");
    }

    /// <summary>The variable symbol that equals the number of an invoice.</summary>
    public VariableSymbol Symbol(long sequence) => new((Year % 100 * PerYear) + sequence);

    public override string ToString() => $"{Issuer}/{Kind}/{Year}";
}

/// <param name="Number">From 1 within the document.</param>
/// <param name="Service">Ordinal of the service in the account; null on a one-off item.</param>
/// <param name="OneOff">Id of the one-off item; null on a service's line.</param>
/// <param name="Period">What the amount is for; null on a one-off item.</param>
/// <param name="UnitPrice">Of one unit, for one month on a service's line; in the line's price mode. See <see cref="Factors"/>.</param>
/// <param name="Amount">In the line's price mode; negative on a credit.</param>
/// <param name="Corrects">Document ordinal and line that this one corrects or adds to.</param>
/// <param name="Change">What became of a stretch that was charged before; null on a plain charge and on lines of earlier releases.</param>
/// <param name="SuppliedOn">The line's own date of supply; null where it is the document's.</param>
/// <param name="Correction">Why a credit note credits this line; null where the document says it, and on invoices.</param>
/// <param name="TariffRevision">
/// Revision of the settings journal that brought the tariff's price of <paramref name="Basis"/>: who set it, when and why. Null where none tells of
/// it, and on lines of earlier releases.
/// </param>
public sealed record DocumentLine(
    int Number,
    LineReason Reason,
    int? Service,
    string? OneOff,
    TariffId? Tariff,
    string Text,
    Period? Period,
    Quantity Quantity,
    Money UnitPrice,
    PriceMode PriceMode,
    VatCategory VatCategory,
    VatRate VatRate,
    Money Amount,
    LineReference? Corrects,
    ChargeBasis? Basis,
    StretchChange? Change = null,
    DateOnly? SuppliedOn = null,
    string? Correction = null,
    long? TariffRevision = null)
{
    /// <summary>What documents charged before, of a line that carries only the difference to its terms; null on a line without terms.</summary>
    public Money? ChargedBefore() => Basis is { } basis ? basis.Amount() - Amount : null;

    /// <summary>
    /// Why the line adds to one of an earlier document, in a code like those of credit notes; null where it adds to none. A code is what invoices do
    /// not store.
    /// </summary>
    public string? Addition()
    {
        if (Corrects is null || !Amount.IsPositive) return null;
        return Reason switch
        {
            LineReason.PriceChanged or LineReason.Rearranged => CorrectionCodes.OfChange(Reason, Change, Basis),
            LineReason.OneOff => CorrectionCodes.ItemTakenBack,
            _ => null,
        };
    }

    /// <summary>What stands beside the amount, and makes it.</summary>
    /// <remarks>Earlier releases stored the quantity and price of a whole month with a difference; that line shows its amount, once.</remarks>
    public LineFactors Factors()
    {
        var share = Change is null ? Basis?.Share : Change.Share;
        var discount = share is null ? 0 : (Basis ?? Change?.Before)?.DiscountBasisPoints ?? 0;
        var factors = new LineFactors(Quantity, UnitPrice, share, discount);
        if (factors.Product == Amount) return factors;

        // An item that is taken back: its price stands on the line as it was charged.
        var takenBack = factors with { UnitPrice = -UnitPrice };
        return takenBack.Product == Amount ? takenBack : LineFactors.Whole(Amount);
    }
}

public readonly record struct LineReference(int Document, int Line);

/// <summary>A document as it was issued; it never changes afterwards.</summary>
/// <param name="Ordinal">Within the account, from 1.</param>
/// <param name="Sequence">The place in its series; 0 until the commit assigns it, and on a draft for ever.</param>
/// <param name="SuppliedOn">Date of taxable supply (DUZP): the latest of the lines', which are all of one month.</param>
/// <param name="Symbol">Variable symbol; null before the commit when it follows the number.</param>
/// <param name="Vat">Base and tax per rate; sums to the total before rounding.</param>
/// <param name="Rounding">Added to the sum of <paramref name="Vat"/> outside the tax base (cash payments).</param>
/// <param name="Total">What is to be paid, or, negative, credited.</param>
/// <param name="CustomerRevision">Which version of the customer's particulars is printed.</param>
/// <param name="Run">The billing run that issued it; null when issued by hand.</param>
/// <param name="Correction">
/// Why a credit note was issued (mandatory there): the cause of its first line, and of every other line that names none of its own.
/// </param>
/// <param name="BilledUnder">Revision of the catalogue that priced it; 0 of releases that did not keep it.</param>
public sealed record Document(
    int Ordinal,
    DocumentKind Kind,
    SeriesKey Series,
    long Sequence,
    DateOnly IssuedOn,
    DateOnly SuppliedOn,
    DateOnly DueOn,
    Currency Currency,
    VariableSymbol? Symbol,
    ImmutableArray<DocumentLine> Lines,
    ImmutableArray<VatTotal> Vat,
    Money Rounding,
    Money Total,
    int CustomerRevision,
    int IssuerRevision,
    RunId? Run,
    string? Correction,
    long BilledUnder = 0)
{
    public bool IsNumbered => Sequence > 0;

    /// <summary>Without VAT and rounding.</summary>
    public Money Net() => Vat.Sum(Currency, total => total.Base);

    public Money Tax() => Vat.Sum(Currency, total => total.Tax);

    /// <summary>Ordinals of the documents that lines of this one correct, each once.</summary>
    public int[] Corrected() => [.. Lines.Select(line => line.Corrects?.Document).OfType<int>().Distinct()];

    /// <summary>What is left to pay of an invoice when it is issued; of a credit note, what it credits.</summary>
    /// <param name="settledAtIssue">Credit that settled the invoice in the turn that issued it.</param>
    public Money ToPay(Money settledAtIssue) => Kind.Traits().IsReceivable ? Total - settledAtIssue : Total;

    /// <summary>Totals of each category and rate, also where some of its lines are net and others gross: each part is taxed by its own method (§37).</summary>
    public IEnumerable<VatOfRate> VatByRate() => Vat.GroupBy(total => (total.Category, total.Rate)).Select(rate => new VatOfRate(
        rate.Key.Category, rate.Key.Rate, rate.Sum(Currency, total => total.Base), rate.Sum(Currency, total => total.Tax)));

    /// <summary>Tax of one group; zero when the document has none of it.</summary>
    public Money TaxOf(VatTotal group)
    {
        foreach (var total in Vat)
        {
            if (total.Group == group.Group) return total.Tax;
        }

        return Money.Zero(Currency);
    }

    /// <summary>Why a credit note credits a line; null on an invoice.</summary>
    public string? CorrectionOf(DocumentLine line) => line.Correction ?? Correction;

    /// <summary>Every cause of a credit note, in the order of its lines; none of an invoice.</summary>
    public IReadOnlyList<string> Corrections() => Correction is null ? [] : [.. Lines.Select(CorrectionOf).OfType<string>().Distinct(StringComparer.Ordinal)];

    public string Number => Series.Number(Sequence);

    /// <summary>The document with the number that the commit assigned.</summary>
    public Document Numbered(long sequence)
    {
        Invariant.Require(!IsNumbered);
        return this with
        {
            Sequence = sequence,
            Symbol = Symbol ?? (Kind.Traits().IsNumberedBySymbol ? Series.Symbol(sequence) : null),
        };
    }
}
