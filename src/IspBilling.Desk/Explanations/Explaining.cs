using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Documents;
using IspBilling.Postgres.Reading;
using IspBilling.Postgres.Settings;

namespace IspBilling.Desk.Explanations;

/// <summary>Answers "why was I charged this?" from what was stored with the line; no price is computed again.</summary>
public sealed class Explaining(DocumentReading documents, JournalReading journal, SettingsJournal settings, LiveContext contexts)
{
    public async Task<LineExplanation?> Of(IssuedDocument issued, int number, CancellationToken cancellation)
    {
        var document = issued.Document;
        if (document.Lines.FirstOrDefault(line => line.Number == number) is not { } line) return null;
        var basis = line.Basis;
        var chargedAt = await ChargedBefore(issued, line, cancellation);
        var cause = await Cause(issued, line, chargedAt, cancellation);
        var because = LineReasons.InWords(document, line, cause?.Happened, wasCharged: chargedAt is not null);
        return new LineExplanation(
            document.Number, line.Number, line.Text, line.Amount, line.Reason, because, document.CorrectionOf(line), LineFormula.Of(line),
            Tariff(basis, await Setting(line, basis, cancellation)),
            await SpecialPrice(issued, line, basis?.SpecialPrice, cancellation),
            await SpecialPrice(issued, line, basis?.Discount, cancellation),
            await Contract(issued, basis?.Contract, cancellation),
            basis?.MonthlyPrice,
            line.Quantity.Value,
            basis is null ? null : Months(basis.Share),
            Before(line.Change),
            EventExplanation.Of(cause),
            await OtherCauses(issued, line, cancellation),
            CatalogueVersion(line),
            await Correction(issued, line, because, cancellation),
            await Event(issued.Account, issued.Version, cancellation));
    }

    private TermsExplanation? Before(StretchChange? change) => change?.Before is not { } terms ? null : new TermsExplanation(
        Tariff(terms, setting: null)!, terms.SpecialPrice, terms.Discount, terms.MonthlyPrice, terms.Quantity.Value, Months(terms.Share),
        change.Charged);

    private TariffExplanation? Tariff(ChargeBasis? basis, SettingExplanation? setting)
    {
        if (basis is null) return null;
        var tariff = contexts.Settings.Catalogue.Tariffs.GetValueOrDefault(basis.Tariff);
        return new TariffExplanation(tariff?.Code ?? basis.Tariff.ToString(), tariff?.Name ?? "", basis.TariffVersion, setting);
    }

    /// <summary>A price that was entered before changes were journalled stands in the tariff's first entry, which tells what was taken over.</summary>
    private async Task<SettingExplanation?> Setting(DocumentLine line, ChargeBasis? basis, CancellationToken cancellation)
    {
        if (basis is null || contexts.Settings.Catalogue.Tariffs.GetValueOrDefault(basis.Tariff) is not { } tariff) return null;
        var entry = line.TariffRevision is { } revision
            ? await settings.Find(revision, cancellation)
            : await settings.First(SettingKinds.Tariff, tariff.Code, cancellation);
        return entry is null ? null : new SettingExplanation(entry.Revision, entry.At, entry.By.Name, entry.Reason, InWords(entry));
    }

    private static string InWords(SettingsEntry entry) => string.Create(
        CultureInfo.InvariantCulture,
        $"{entry.Kind} {entry.Key}, revision {entry.Revision}, set by {entry.By.Name} on {entry.At:yyyy-MM-dd}{(entry.Reason is { } reason ? $", {reason}" : "")}");

    private async Task<SpecialPriceExplanation?> SpecialPrice(IssuedDocument issued, DocumentLine line, string? id, CancellationToken cancellation)
    {
        if (id is null || line.Service is not { } service) return null;
        if (await journal.SpecialPrice(issued.Account, service, id, issued.Version, cancellation) is not { Happened: SpecialPriceAgreed agreed } entry) return null;
        return new SpecialPriceExplanation(
            id,
            agreed.MonthlyPrice,
            agreed.DiscountBasisPoints is { } discount ? VatRate.PercentOf(discount) : null,
            agreed.From, agreed.To, agreed.Reason, entry.At, entry.By);
    }

    /// <summary>As it was agreed when the document was issued.</summary>
    private async Task<ContractExplanation?> Contract(IssuedDocument issued, string? reference, CancellationToken cancellation)
    {
        if (reference is null || await journal.Contract(issued.Account, reference, issued.Version, cancellation) is not { Happened: ContractAgreed { Contract: var contract } } entry)
            return null;
        return new ContractExplanation(reference, contract.Number, contract.Start, contract.TermEnd, entry.At, entry.By);
    }

    private static MonthsExplanation Months(MonthShare share) => new(
        share.Whole,
        share.LeadingDays > 0 ? new BrokenMonth(share.LeadingDays, share.LeadingOf) : null,
        share.TrailingDays > 0 ? new BrokenMonth(share.TrailingDays, share.TrailingOf) : null);

    /// <summary>
    /// Whether an earlier document charged days of what says to be a new period, and the last of its events. An account that has forgotten its old
    /// credit notes cannot know, and earlier releases did not ask: the documents tell.
    /// </summary>
    private async Task<long?> ChargedBefore(IssuedDocument issued, DocumentLine line, CancellationToken cancellation) =>
        line is { Reason: LineReason.NewPeriod, Service: { } service, Period: { } days }
            ? await journal.LastCharging(issued.Account, service, days, issued.Version, cancellation)
            : null;

    /// <summary>
    /// A line names its cause; none where the catalogue is. A credit of an earlier release has none stored: it follows from the last change
    /// before it. What was agreed before the days were charged first did not lead to their being charged again.
    /// </summary>
    private async Task<JournalEntry?> Cause(IssuedDocument issued, DocumentLine line, long? chargedAt, CancellationToken cancellation)
    {
        if (line.Change is { } change) return change.Cause > chargedAt || (chargedAt is null && change.Cause > 0) ? await journal.Find(issued.Account, change.Cause, cancellation) : null;
        if (line.Basis is { } basis) return chargedAt > basis.Cause ? null : await journal.Find(issued.Account, basis.Cause, cancellation);
        if (line.OneOff is { } item) return await journal.LastChangeOfItem(issued.Account, item, issued.Version, cancellation);
        return line.Service is { } service ? await journal.LastChangeOfService(issued.Account, service, issued.Version, cancellation) : null;
    }

    /// <summary>Of a line that several events led to, those that are not its cause already.</summary>
    private async Task<IReadOnlyList<EventExplanation>> OtherCauses(IssuedDocument issued, DocumentLine line, CancellationToken cancellation)
    {
        var others = new List<EventExplanation>();
        foreach (var version in line.Change?.OtherCauses ?? [])
        {
            if (version > 0 && await Event(issued.Account, version, cancellation) is { } other) others.Add(other);
        }

        return others;
    }

    /// <summary>The price that stands on the line, as the catalogue has it: of a day and a price the youngest version.</summary>
    private CatalogueVersionExplanation? CatalogueVersion(DocumentLine line)
    {
        if (line is not { Change: { } change, Basis: { } basis } || (change.Cause != 0 && change.OtherCauses?.Contains(0) != true) || contexts.Settings.Catalogue.Tariffs.GetValueOrDefault(basis.Tariff) is not { } tariff) return null;
        var version = tariff.Versions.LastOrDefault(version => version.ValidFrom == basis.TariffVersion && version.MonthlyPrice == basis.MonthlyPrice);
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"tariff {tariff.Code} costs {basis.MonthlyPrice} from {basis.TariffVersion:yyyy-MM-dd}{(version?.Reprices == true ? ", for what was invoiced before as well" : "")}");
        return new CatalogueVersionExplanation(tariff.Code, basis.TariffVersion, basis.MonthlyPrice, version?.Entered ?? 0, version?.Reprices ?? false, text);
    }

    private async Task<EventExplanation?> Event(AccountId account, long version, CancellationToken cancellation) =>
        EventExplanation.Of(await journal.Find(account, version, cancellation));

    private async Task<CorrectionExplanation?> Correction(IssuedDocument issued, DocumentLine line, string because, CancellationToken cancellation)
    {
        if (line.Corrects is not { } original) return null;
        var numbers = await documents.NumbersOf(issued.Account, [original.Document], cancellation);
        return new CorrectionExplanation(numbers[original.Document], original.Line, because);
    }
}
