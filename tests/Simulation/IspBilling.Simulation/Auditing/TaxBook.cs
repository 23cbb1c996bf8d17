using IspBilling.Domain;

namespace IspBilling.Simulation.Auditing;

/// <summary>
/// The value added tax of one account in the auditor's own sums. It keeps of every document, for ever, what each group of lines has left and how
/// much tax; a credit brings the tax by which that falls.
/// </summary>
internal sealed class TaxBook
{
    private readonly record struct Group(VatCategory Category, int Points, PriceMode Mode)
    {
        public bool IsNet => Mode == PriceMode.Net;

        public static Group Of(DocumentLine line) => new(line.VatCategory, line.VatRate.BasisPoints, line.PriceMode);

        public long Tax(long sum) => TaxRules.Tax(sum, Points, IsNet);
    }

    private readonly record struct Original(Group Group, long Minor);

    private readonly Dictionary<(int Document, Group Group), (long Minor, long Tax)> _left = [];
    private readonly Dictionary<(int Document, int Line), Original> _lines = [];

    /// <summary>Takes a document in.</summary>
    /// <returns>What it says that it should not; null when it is right.</returns>
    public string? Read(Document document)
    {
        var (own, taken) = (new Dictionary<Group, long>(), new Dictionary<Group, (long Minor, long Tax)>());
        foreach (var line in document.Lines)
        {
            _lines[(document.Ordinal, line.Number)] = new Original(Group.Of(line), line.Amount.Minor);
            if (OriginalOf(line) is { } original && Math.Sign(original.Minor) != Math.Sign(line.Amount.Minor))
            {
                var (minor, tax) = taken.GetValueOrDefault(Group.Of(line));
                taken[Group.Of(line)] = (minor + line.Amount.Minor, tax + Take(line.Corrects!.Value.Document, original.Group, line.Amount.Minor));
            }
            else
            {
                own[Group.Of(line)] = own.GetValueOrDefault(Group.Of(line)) + line.Amount.Minor;
            }
        }

        foreach (var (group, minor) in own) _left[(document.Ordinal, group)] = (minor, group.Tax(minor));
        return Mistake(document, own, taken);
    }

    /// <summary>Tax that is left where nothing else is, or the other way round; null when every document that was credited whole ended at zero.</summary>
    public string? Remainder()
    {
        foreach (var ((document, group), (minor, tax)) in _left)
        {
            if (minor == 0 && tax != 0) return $"{tax} of tax is left of document {document}, {group}, which was credited whole";
        }

        return null;
    }

    private Original? OriginalOf(DocumentLine line) =>
        line.Corrects is { } corrects && _lines.TryGetValue((corrects.Document, corrects.Line), out var original) ? original : null;

    private long Take(int document, Group group, long minor)
    {
        var (left, tax) = _left.GetValueOrDefault((document, group));
        var after = group.Tax(left + minor);
        _left[(document, group)] = (left + minor, after);
        return after - tax;
    }

    private static string? Mistake(Document document, Dictionary<Group, long> own, Dictionary<Group, (long Minor, long Tax)> taken)
    {
        var groups = own.Keys.Union(taken.Keys).ToList();
        if (groups.Count != document.Vat.Length) return $"{groups.Count} groups of lines, {document.Vat.Length} totals";
        long total = 0;
        foreach (var group in groups)
        {
            var (charged, credited) = (own.GetValueOrDefault(group), taken.GetValueOrDefault(group));
            var tax = group.Tax(charged) + credited.Tax;
            var taxBase = charged + credited.Minor - (group.IsNet ? 0 : tax);
            total += taxBase + tax;
            var said = document.Vat.Where(vat => (vat.Category, vat.Rate.BasisPoints, vat.PriceMode) == (group.Category, group.Points, group.Mode)).ToList();
            if (said.Count != 1) return $"{said.Count} totals of {group}";
            if (said[0].Base.Minor != taxBase || said[0].Tax.Minor != tax)
                return $"{group}: base {said[0].Base.Minor} and tax {said[0].Tax.Minor}, expected {taxBase} and {tax}";
        }

        return document.Total.Minor == total + document.Rounding.Minor ? null : $"total {document.Total.Minor}, expected {total}";
    }
}
