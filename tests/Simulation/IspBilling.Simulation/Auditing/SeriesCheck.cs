using System.Globalization;
using IspBilling.Domain;

namespace IspBilling.Simulation.Auditing;

/// <summary>Legal numbers: per issuer, kind and year without a gap, dated in order, printed as they should be.</summary>
internal sealed class SeriesCheck(Action<Check, string> complain)
{
    private readonly Dictionary<(int Issuer, DocumentKind Kind, int Year), (long Last, DateOnly On)> _series = [];

    public void Read(Document document)
    {
        var key = (document.Series.Issuer.Value, document.Kind, document.Series.Year);
        var (last, on) = _series.GetValueOrDefault(key);
        if (document.Sequence != last + 1) complain(Check.Numbers, $"{document.Series}: {document.Sequence} after {last}");
        if (document.IssuedOn < on) complain(Check.Numbers, $"{document.Series}: {document.Sequence} of {document.IssuedOn:yyyy-MM-dd} after {last} of {on:yyyy-MM-dd}");
        if (document.IssuedOn.Year != key.Year) complain(Check.Numbers, $"{document.Series}: {document.Sequence} is of {document.IssuedOn:yyyy-MM-dd}");
        var digits = $"{(key.Year % 100).ToString("00", CultureInfo.InvariantCulture)}{document.Sequence.ToString("00000000", CultureInfo.InvariantCulture)}";
        if (document.Number != (document.Kind == DocumentKind.CreditNote ? "D" : "") + digits) complain(Check.Numbers, $"{document.Series}: {document.Sequence} is printed {document.Number}");
        _series[key] = (Math.Max(last, document.Sequence), document.IssuedOn > on ? document.IssuedOn : on);
    }
}
