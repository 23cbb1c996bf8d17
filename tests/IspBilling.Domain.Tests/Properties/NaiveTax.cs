namespace IspBilling.Domain.Tests.Properties;

/// <summary>
/// The tax of a series of documents, found the slow way: what is left of each line is followed from document to document, and the tax of a group
/// is taken from all its lines at every look.
/// </summary>
/// <remarks>Written from the domain's rules only; it shares no arithmetic with the domain.</remarks>
internal static class NaiveTax
{
    /// <summary>Expected tax in minor units of each VAT group of the last document.</summary>
    public static Dictionary<(VatCategory Category, int Points, PriceMode Mode), long> OfLast(IReadOnlyList<Document> documents)
    {
        var (before, after) = (LinesLeft(documents.SkipLast(1)), LinesLeft(documents));
        var last = documents[^1];
        var taxes = new Dictionary<(VatCategory, int, PriceMode), long>();
        foreach (var group in last.Lines.Select(GroupOf).Distinct())
        {
            // Whatever the last document changed: its own group appears, those of its originals fall.
            var touched = last.Lines.Where(line => line.Corrects is not null).Select(line => line.Corrects!.Value.Document).Append(last.Ordinal).Distinct();
            taxes[group] = touched.Sum(ordinal => Tax(after, ordinal, group) - Tax(before, ordinal, group));
        }

        return taxes;
    }

    private static Dictionary<(int Document, int Line), (DocumentLine Line, long Left)> LinesLeft(IEnumerable<Document> documents)
    {
        var left = new Dictionary<(int Document, int Line), (DocumentLine Line, long Left)>();
        foreach (var document in documents)
        {
            foreach (var line in document.Lines)
            {
                var original = line.Corrects is { } corrects ? (corrects.Document, corrects.Line) : default;
                if (original != default && Math.Sign(left[original].Line.Amount.Minor) != Math.Sign(line.Amount.Minor))
                    left[original] = (left[original].Line, left[original].Left + line.Amount.Minor);
                else
                    left[(document.Ordinal, line.Number)] = (line, line.Amount.Minor);
            }
        }

        return left;
    }

    private static long Tax(Dictionary<(int Document, int Line), (DocumentLine Line, long Left)> lines, int document, (VatCategory Category, int Points, PriceMode Mode) group)
    {
        var sum = lines.Where(entry => entry.Key.Document == document && GroupOf(entry.Value.Line) == group).Sum(entry => (decimal)entry.Value.Left);
        return (long)Math.Round(sum * group.Points / (group.Mode == PriceMode.Net ? 10_000 : 10_000 + group.Points), MidpointRounding.AwayFromZero);
    }

    private static (VatCategory Category, int Points, PriceMode Mode) GroupOf(DocumentLine line) => (line.VatCategory, line.VatRate.BasisPoints, line.PriceMode);
}
