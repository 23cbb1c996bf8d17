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
        var priced = chargedAt is null ? await Priced(issued, line, cause, cancellation) : null;
        var because = LineReasons.InWords(document, line, priced is null ? cause?.Happened : null, wasCharged: chargedAt is not null, isPriced: priced is not null);
        return new LineExplanation(
            document.Number, line.Number, line.Text, line.Amount, line.Reason, because, document.CorrectionOf(line), LineFormula.Of(line),
            Tariff(basis, await Setting(line, basis, cancellation)),
            await Policy(cause, cancellation),
            await SpecialPrice(issued, line, basis?.SpecialPrice, cancellation),
            await SpecialPrice(issued, line, basis?.Discount, cancellation),
            await Contract(issued, basis?.Contract, cancellation),
            basis?.MonthlyPrice,
            (basis ?? line.Change?.Before)?.Quantity.Value ?? line.Quantity.Value,
            basis is null ? null : Months(basis.Share),
            Before(line.Change),
            priced is null ? EventExplanation.Of(cause) ?? await OfCatalogue(document, line, cancellation) : Event(priced.Entry, line, priced.Version),
            await OtherCauses(issued, line, priced is null ? null : cause, cancellation),
            CatalogueVersion(line, priced?.Version),
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
        return Setting(entry);
    }

    private async Task<SettingExplanation?> Policy(JournalEntry? cause, CancellationToken cancellation) =>
        cause?.Happened is DunningStepTaken { PolicyRevision: { } revision } ? Setting(await settings.Find(revision, cancellation)) : null;

    private static SettingExplanation? Setting(SettingsEntry? entry) =>
        entry is null ? null : new SettingExplanation(entry.Revision, entry.At, entry.By.Name, entry.Reason, InWords(entry));

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
        if (line.OneOff is { } item) return await OfItem(issued, item, cancellation);
        return line.Service is { } service ? await journal.LastChangeOfService(issued.Account, service, issued.Version, cancellation) : null;
    }

    /// <summary>A price of the catalogue, and the change of settings that brought it.</summary>
    private sealed record PricedBy(TariffVersion Version, SettingsEntry Entry);

    /// <summary>
    /// What brought a new period its price, if by the catalogue it cost nothing while it was agreed and while the last document was issued: no event
    /// of the account made it due then. Null where it has its price from elsewhere, or nobody knows any more.
    /// </summary>
    /// <param name="cause">The last event of the account that had a part in it.</param>
    private async Task<PricedBy?> Priced(IssuedDocument issued, DocumentLine line, JournalEntry? cause, CancellationToken cancellation)
    {
        if (line is not { Reason: LineReason.NewPeriod, Basis.SpecialPrice: null } || cause is null) return null;
        if (await Priced(issued.Document, line, cancellation) is not { } priced || priced.Entry.At <= cause.At) return null;
        var last = await journal.DocumentBefore(issued.Account, issued.Version, cancellation);
        return last is null || last.BilledUnder < priced.Version.Entered ? priced : null;
    }

    private async Task<PricedBy?> Priced(Document document, DocumentLine line, CancellationToken cancellation)
    {
        if (line is not { Basis: { } basis, Period: { } period } || contexts.Settings.Catalogue.Tariffs.GetValueOrDefault(basis.Tariff) is not { } tariff) return null;
        if (tariff.PricedBy(period.From, document.BilledUnder) is not { Revision: { } revision } version) return null;
        return await settings.Find(revision, cancellation) is { } entry ? new PricedBy(version, entry) : null;
    }

    /// <summary>Who changed the catalogue, where that alone led to the line; null where it did not, or the entry is of a release that kept none.</summary>
    private async Task<EventExplanation?> OfCatalogue(Document document, DocumentLine line, CancellationToken cancellation)
    {
        if (line.Change is not { Cause: 0 } || line.Basis is not { } basis || VersionOf(basis) is not { } version) return null;
        if (line.Reason == LineReason.ChargedAgain) return await Priced(document, line, cancellation) is { } priced ? Event(priced.Entry, line, priced.Version) : null;
        if (line.Reason != LineReason.PriceChanged || line.TariffRevision is not { } revision) return null;
        return await settings.Find(revision, cancellation) is { } entry ? Event(entry, line, version) : null;
    }

    private EventExplanation Event(SettingsEntry entry, DocumentLine line, TariffVersion version) =>
        new(entry.Revision, entry.At, entry.By, entry.Kind, InWords(Code(line.Basis!.Tariff), version));

    /// <summary>Whoever put the item there: of a fee that is the dunning step.</summary>
    private async Task<JournalEntry?> OfItem(IssuedDocument issued, string item, CancellationToken cancellation)
    {
        var change = await journal.LastChangeOfItem(issued.Account, item, issued.Version, cancellation);
        return change?.Happened is OneOffAdded ? await journal.StepOfTurn(issued.Account, change.Version, cancellation) ?? change : change;
    }

    /// <summary>Of a line that several events led to, those that are not its cause already.</summary>
    /// <param name="besides">An event of the account beside the catalogue, which is the cause; null where that is not.</param>
    private async Task<IReadOnlyList<EventExplanation>> OtherCauses(IssuedDocument issued, DocumentLine line, JournalEntry? besides, CancellationToken cancellation)
    {
        var others = new List<EventExplanation>();
        if (besides is not null && besides.Version == line.Change?.Cause) others.Add(EventExplanation.Of(besides)!);
        foreach (var version in line.Change?.OtherCauses ?? [])
        {
            if (version > 0 && await Event(issued.Account, version, cancellation) is { } other) others.Add(other);
        }

        return others;
    }

    /// <summary>The price of the catalogue that stands on the line, where it had a part in it.</summary>
    /// <param name="priced">The version that brought a new period its price; null where none did.</param>
    private CatalogueVersionExplanation? CatalogueVersion(DocumentLine line, TariffVersion? priced)
    {
        if (line.Basis is not { } basis || (priced is null && (line.Change is not { } change || (change.Cause != 0 && change.OtherCauses?.Contains(0) != true)))) return null;
        if ((priced ?? VersionOf(basis)) is not { } version) return null;
        var tariff = Code(basis.Tariff);
        return new CatalogueVersionExplanation(tariff, version.ValidFrom, version.MonthlyPrice, version.Entered, version.Reprices, InWords(tariff, version));
    }

    private string Code(TariffId tariff) => contexts.Settings.Catalogue.Tariffs.GetValueOrDefault(tariff)?.Code ?? tariff.ToString();

    /// <summary>The price of a line, as the catalogue has it: of a day and a price the youngest version. Null when it has no such tariff.</summary>
    private TariffVersion? VersionOf(ChargeBasis basis) => contexts.Settings.Catalogue.Tariffs.GetValueOrDefault(basis.Tariff) is { } tariff
        ? tariff.Versions.LastOrDefault(version => version.ValidFrom == basis.TariffVersion && version.MonthlyPrice == basis.MonthlyPrice)
            ?? new TariffVersion(basis.TariffVersion, basis.MonthlyPrice)
        : null;

    private static string InWords(string tariff, TariffVersion version) => string.Create(
        CultureInfo.InvariantCulture,
        $"tariff {tariff} costs {version.MonthlyPrice} from {version.ValidFrom:yyyy-MM-dd}{(version.Reprices ? ", for what was invoiced before as well" : "")}");

    private async Task<EventExplanation?> Event(AccountId account, long version, CancellationToken cancellation) =>
        EventExplanation.Of(await journal.Find(account, version, cancellation));

    private async Task<CorrectionExplanation?> Correction(IssuedDocument issued, DocumentLine line, string because, CancellationToken cancellation)
    {
        if (line.Corrects is not { } original) return null;
        var numbers = await documents.NumbersOf(issued.Account, [original.Document], cancellation);
        return new CorrectionExplanation(numbers[original.Document], original.Line, because);
    }
}
