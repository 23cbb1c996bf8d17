using IspBilling.Domain;

namespace IspBilling.Postgres.Audit;

/// <summary>
/// Whether credits give back the tax of what they correct, by a second hand: for each VAT group of each document, what is left of it and of its
/// tax; a credit's tax is what that falls by.
/// </summary>
/// <remarks>
/// Earlier releases taxed a credit note by itself. What they issued stays as it is and is only followed, so that the credits after it are judged
/// by what it left.
/// </remarks>
internal sealed class TaxAudit
{
    private readonly record struct Group(VatCategory Category, int Points, PriceMode Mode)
    {
        public static Group Of(DocumentLine line) => new(line.VatCategory, line.VatRate.BasisPoints, line.PriceMode);

        public static Group Of(VatTotal total) => new(total.Category, total.Rate.BasisPoints, total.PriceMode);

        /// <summary>Minor units, halves away from zero.</summary>
        public long Tax(long sum) => (long)Math.Round(sum * (decimal)Points / (Mode == PriceMode.Net ? 10_000 : 10_000 + Points), MidpointRounding.AwayFromZero);
    }

    private readonly Dictionary<(int Document, Group Group), (long Sum, long Tax)> _left = [];
    private readonly Dictionary<(int Document, int Line), DocumentLine> _lines = [];

    public void Check(AccountId account, Document document, FindingList findings)
    {
        var own = new Dictionary<Group, long>();
        var taken = new Dictionary<Group, List<(int Original, long Tax)>>();
        foreach (var line in document.Lines)
        {
            var group = Group.Of(line);
            _lines[(document.Ordinal, line.Number)] = line;
            if (TakesBack(line))
            {
                if (!taken.TryGetValue(group, out var takings)) taken.Add(group, takings = []);
                takings.Add((line.Corrects!.Value.Document, Take(line.Corrects.Value.Document, group, line.Amount.Minor)));
            }
            else
            {
                own[group] = own.GetValueOrDefault(group) + line.Amount.Minor;
            }
        }

        foreach (var (group, sum) in own) _left[(document.Ordinal, group)] = (sum, group.Tax(sum));
        foreach (var (group, takings) in taken)
        {
            var expected = group.Tax(own.GetValueOrDefault(group)) + takings.Sum(taking => taking.Tax);
            var said = document.Vat.Where(total => Group.Of(total) == group).Sum(total => total.Tax.Minor);
            if (said == expected) continue;
            if (document.BilledUnder == 0) Follow(group, takings, said - expected);
            else findings.Add(AuditCode.CreditedTaxDiffers, account, $"document {document.Ordinal}, {group.Category}", $"{said} of tax", $"{expected}, what the tax of its originals falls by");
        }
    }

    private bool TakesBack(DocumentLine line) =>
        line.Corrects is { } corrects && _lines.TryGetValue((corrects.Document, corrects.Line), out var original)
        && Math.Sign(original.Amount.Minor) != Math.Sign(line.Amount.Minor);

    private long Take(int document, Group group, long amount)
    {
        var (sum, tax) = _left.GetValueOrDefault((document, group));
        var after = group.Tax(sum + amount);
        _left[(document, group)] = (sum + amount, after);
        return after - tax;
    }

    /// <summary>What an earlier release credited too much or too little stays with the first original that has something left.</summary>
    private void Follow(Group group, List<(int Original, long Tax)> takings, long drift)
    {
        var bearer = takings.Find(taking => _left[(taking.Original, group)].Sum != 0).Original;
        var key = (bearer > 0 ? bearer : takings[0].Original, group);
        var (sum, tax) = _left[key];
        _left[key] = (sum, tax + drift);
    }
}
