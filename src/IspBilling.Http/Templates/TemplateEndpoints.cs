using System.Globalization;
using IspBilling.Access.Rights;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Outgoing;
using IspBilling.Engine.Wording;
using IspBilling.Http.Contract;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Requests;
using IspBilling.Http.Security;
using IspBilling.Http.SettingsHistory;
using IspBilling.Outreach.Composing;
using IspBilling.Outreach.Sms;
using IspBilling.Outreach.Templates;
using IspBilling.Outreach.Templates.Defaults;
using IspBilling.Postgres.Reading;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Templates;

/// <summary>What messages say.</summary>
internal static class TemplateEndpoints
{
    /// <summary>As long as the code of a dunning step, behind its prefix.</summary>
    private const int OccasionMax = 60;

    public static void MapTemplates(this RouteGroupBuilder v1)
    {
        var templates = v1.MapGroup("/templates").WithTags("Templates");
        templates.MapGet("", List).RequireRight(Right.ReadSettings)
            .Named("listTemplates", "On which occasions clients are written to, by which channel and in which language, and where the words are the provider's own").Answers<IReadOnlyList<TemplateRow>>(200).MayFail(400, 404);
        templates.MapGet("/{issuer:int}/{occasion}/{channel}/{language}", Get).RequireRight(Right.ReadSettings)
            .Named("getTemplate", "What a message says, as it is in force").Answers<TemplateView>(200).MayFail(400, 404);
        templates.MapGet("/{issuer:int}/{occasion}/{channel}/{language}/versions", Versions).RequireRight(Right.ReadSettings)
            .Named("listTemplateVersions", "What a message said and since when, the newest first; an entry without after went back to the program's words").Answers<Page<SettingsEntryView>>(200).MayFail(400, 404);
        templates.MapPut("/{issuer:int}/{occasion}/{channel}/{language}", Put).RequireRight(Right.WriteSettings)
            .Named("putTemplate", "Says it otherwise from now on; only what makes a message of every sample is stored").Answers<TemplateView>(200).MayFail(400, 404, 412);
        templates.MapDelete("/{issuer:int}/{occasion}/{channel}/{language}", Reset).RequireRight(Right.WriteSettings)
            .Named("resetTemplate", "Goes back to the program's words").Answers(204).MayFail(400, 404, 412);
        templates.MapPost("/{issuer:int}/{occasion}/{channel}/{language}/preview", Preview).RequireRight(Right.ReadSettings)
            .Named("previewTemplate", "What a message would say to a client or about made-up facts; nothing is sent").Answers<TemplatePreview>(200).MayFail(400, 403, 404);

        var brands = v1.MapGroup("/brands").WithTags("Templates");
        brands.MapGet("/{issuer:int}", GetBrand).RequireRight(Right.ReadSettings).Named("getBrand", "What an issuer's mail looks like").Answers<BrandView>(200).MayFail(404);
        brands.MapPut("/{issuer:int}", PutBrand).RequireRight(Right.WriteSettings).Named("putBrand", "Changes what an issuer's mail looks like").Answers<BrandView>(200).MayFail(400, 404, 412);
    }

    /// <param name="issuer">Only those of one issuer; of all when left out.</param>
    private static IResult List(int? issuer, LiveContext contexts)
    {
        var settings = contexts.Settings;
        if (issuer is { } one && !settings.Issuers.ContainsKey(new IssuerId(one))) return NoIssuer(one);
        var steps = settings.DunningPolicy.Steps.Select(step => Occasions.OfStep(step.Code));
        var issuers = settings.Issuers.Keys.Where(id => issuer is null || id.Value == issuer).OrderBy(id => id.Value);
        return TypedResults.Ok<IReadOnlyList<TemplateRow>>(
        [
            .. from id in issuers
               from occasion in Occasions.All.Concat(steps).Concat(settings.Templates.Keys.Where(key => key.Issuer == id).Select(key => key.Occasion)).Distinct()
               from channel in Occasions.Channels
               from language in ClientLanguages.All
               let own = settings.Templates.GetValueOrDefault(new TemplateKey(id, occasion, channel, language))
               select new TemplateRow(id.Value, occasion, channel, language, own is not null, own?.Revision),
        ]);
    }

    private static IResult Get(int issuer, string occasion, string channel, string language, HttpContext http, LiveContext contexts)
    {
        var (key, problem) = Read(issuer, occasion, channel, language, contexts);
        return key is null ? problem : Shown(key, http, contexts);
    }

    private static async Task<IResult> Versions(
        int issuer, string occasion, string channel, string language, string? cursor, int? limit, LiveContext contexts, SettingsJournal journal, CancellationToken cancellation)
    {
        var (key, problem) = Read(issuer, occasion, channel, language, contexts);
        if (key is null) return problem;
        var faults = new Faults();
        if (Paging<long>.Read(cursor, limit, faults) is not { } paging) return faults.Problem();
        var entries = await journal.List(new SettingsFilter(SettingKinds.Template, key.ToString()), paging.After, paging.Asked, cancellation);
        return TypedResults.Ok(paging.Of(entries, entry => entry.Revision, SettingsEntryView.Of));
    }

    private static async Task<IResult> Put(
        int issuer, string occasion, string channel, string language, TemplateRequest request, [FromHeader(Name = "If-Match")] string? ifMatch,
        HttpContext http, SettingsDesk desk, LiveContext contexts, TemplateCheck check, ITemplateSource source, ISmsSettings sms, TimeProvider clock, CancellationToken cancellation)
    {
        var (key, problem) = Read(issuer, occasion, channel, language, contexts);
        if (key is null) return problem;
        var faults = new Faults();
        var template = request.Read(faults);
        var author = SettingAuthor.Read(http, clock, request.Reason, ifMatch, contexts.Settings.Templates.ContainsKey(key) ? "clients are told otherwise" : null, faults);
        if (faults.Any) return faults.Problem();
        if (check.Problem(key, template, source.BrandOf(key.Issuer), Measure(await sms.Target(cancellation))) is { } refused)
            return Problem.Invalid("template-refused", "The template does not make a message.", refused, FieldOf(refused));
        return await Change(store => store.PutTemplate(key, template, author, cancellation), desk, () => Shown(key, http, contexts), cancellation);
    }

    /// <param name="reason">Why, for whoever asks later; at most 500 characters.</param>
    private static async Task<IResult> Reset(
        int issuer, string occasion, string channel, string language, string? reason, [FromHeader(Name = "If-Match")] string? ifMatch,
        HttpContext http, SettingsDesk desk, LiveContext contexts, TimeProvider clock, CancellationToken cancellation)
    {
        var (key, problem) = Read(issuer, occasion, channel, language, contexts);
        if (key is null) return problem;
        var faults = new Faults();
        var author = SettingAuthor.Read(http, clock, reason, ifMatch, contexts.Settings.Templates.ContainsKey(key) ? "clients are told otherwise" : null, faults);
        if (faults.Any) return faults.Problem();
        return await Change(store => store.PutTemplate(key, null, author, cancellation), desk, static () => TypedResults.NoContent(), cancellation);
    }

    private static async Task<IResult> Preview(
        int issuer, string occasion, string channel, string language, TemplatePreviewRequest request, HttpContext http, LiveContext contexts,
        TemplateBook book, ITemplateSource source, ISmsSettings sms, ClientDirectory directory, PostgresMessageFacts reading, TimeProvider clock, CancellationToken cancellation)
    {
        var (key, problem) = Read(issuer, occasion, channel, language, contexts);
        if (key is null) return problem;
        if (request.Client is not null && !CallerIdentity.Of(http.User).Rights.Has(Right.ReadMoney)) return Problem.Forbidden("A preview of a client shows what the client owes, which needs the right to see money.");
        if (request is { Client: not null, Sample: not null }) return Problem.Invalid("sample", "either a client or a sample");
        var faults = new Faults();
        var draft = request.Text is { } text ? new TemplateRequest(text, request.Subject, request.Html).Read(faults) : null;
        if (draft is null && (request.Subject ?? request.Html) is not null) faults.Add("text", "goes with subject and html");
        if (faults.Any) return faults.Problem();

        var samples = SampleFacts.For(key.Occasion, key.Issuer, key.Language);
        MessageFacts? facts;
        if (request.Client is { } client)
        {
            if (await directory.Find(client, cancellation) is not { } account) return Problem.UnknownClient(client);
            facts = await Facts(key, account, contexts, reading, cancellation);
            if (facts is null) return Problem.Unknown($"The client '{client}' has nothing that such a message could be about.");
            if (facts.Sender.Issuer != key.Issuer) return Problem.Invalid("client", $"a client of issuer {key.Issuer} expected");
        }
        else
        {
            var name = request.Sample ?? samples[0].Name;
            facts = samples.FirstOrDefault(sample => sample.Name == name)?.Facts;
            if (facts is null) return Problem.Invalid("sample", $"one of {string.Join(", ", samples.Select(sample => sample.Name))} expected");
        }

        facts = facts with { Language = key.Language };
        var made = draft is null ? book.Write(key.Occasion, key.Channel, facts) : Draft(draft, key, facts, source, clock);
        return made switch
        {
            Composition.Written { Text: var written } => TypedResults.Ok(TemplatePreview.Of(
                written, key.Channel == MessageChannel.Sms ? Measure(await sms.Target(cancellation)).Parts(written.Text) : null, [.. samples.Select(sample => sample.Name)])),
            Composition.Impossible { Reason: var refused } => Problem.Invalid("template-refused", "The template does not make a message.", refused, FieldOf(refused)),
            _ => throw new InvariantBrokenException("a composition is written or impossible"),
        };
    }

    /// <summary>As the gateway carries a text. Before there is one it is taken for a usual one.</summary>
    private static SmsMeasure Measure(SmsTarget? target)
    {
        var gateway = target ?? new SmsTarget();
        return new SmsMeasure(text => SmsQuote.Of(text, gateway).Parts, gateway.MaxParts);
    }

    private static Composition Draft(MessageTemplate draft, TemplateKey key, MessageFacts facts, ITemplateSource source, TimeProvider clock)
    {
        try
        {
            var read = ReadTemplate.Of(draft, key.Channel, key.Language, TemplateLimits.Default);
            return new Composition.Written(read.Render(facts, source.BrandOf(key.Issuer), "draft", clock));
        }
        catch (TemplateException fault)
        {
            return new Composition.Impossible(fault.Message);
        }
    }

    /// <summary>The facts of a client as if the occasion were today; null where there is nothing to tell.</summary>
    private static async Task<MessageFacts?> Facts(TemplateKey key, AccountId account, LiveContext contexts, PostgresMessageFacts reading, CancellationToken cancellation)
    {
        if (Occasions.KindOf(key.Occasion) is { } kind)
        {
            return await reading.LatestDocument(account, kind, cancellation) is { } document
                ? await reading.Of(account, key.Channel, new DeliverDocument(document, DeliveryPreference.Email), cancellation)
                : null;
        }

        if (key.Occasion == Occasions.Reminder || Occasions.IsStep(key.Occasion))
        {
            var step = Occasions.StepOf(key.Occasion) ?? contexts.Settings.DunningPolicy.Steps.Select(one => one.Code).FirstOrDefault() ?? key.Occasion;
            var currency = contexts.Settings.Issuers[key.Issuer].Currency;
            return await reading.Of(account, key.Channel, new SendReminder(step, DunningActions.Email, Money.Zero(currency)), cancellation);
        }

        var facts = await reading.Of(account, key.Channel, new SendThanks(), cancellation);
        return key.Occasion == Occasions.Restricted && facts is { Level: ServiceLevel.Full } ? facts with { Level = ServiceLevel.Blocked } : facts;
    }

    private static IResult GetBrand(int issuer, HttpContext http, LiveContext contexts)
    {
        var id = new IssuerId(issuer);
        if (!contexts.Settings.Issuers.ContainsKey(id)) return NoIssuer(issuer);
        SettingAuthor.Show(http, contexts, SettingKinds.Brand, id.ToString());
        return TypedResults.Ok(BrandView.Of(id, contexts.Settings.Brands.GetValueOrDefault(id)));
    }

    private static async Task<IResult> PutBrand(
        int issuer, BrandRequest request, [FromHeader(Name = "If-Match")] string? ifMatch, HttpContext http, SettingsDesk desk, LiveContext contexts, TimeProvider clock, CancellationToken cancellation)
    {
        var id = new IssuerId(issuer);
        if (!contexts.Settings.Issuers.ContainsKey(id)) return NoIssuer(issuer);
        var faults = new Faults();
        var brand = request.Read(faults);
        var author = SettingAuthor.Read(http, clock, request.Reason, ifMatch, whyNeeded: null, faults);
        if (faults.Any) return faults.Problem();
        return await Change(store => store.PutBrand(id, brand, author, cancellation), desk, () => GetBrand(issuer, http, contexts), cancellation);
    }

    private static async Task<IResult> Change(Func<SettingsStore, Task> change, SettingsDesk desk, Func<IResult> answer, CancellationToken cancellation)
    {
        try
        {
            await desk.Change(change, cancellation);
        }
        catch (SettingMovedOnException moved)
        {
            return SettingAuthor.MovedOn(moved);
        }

        return answer();
    }

    private static Ok<TemplateView> Shown(TemplateKey key, HttpContext http, LiveContext contexts)
    {
        var own = contexts.Settings.Templates.GetValueOrDefault(key);
        SettingAuthor.Show(http, contexts, SettingKinds.Template, key.ToString());
        var template = own?.Template ?? InForce(key, contexts);
        return TypedResults.Ok(new TemplateView(
            key.Issuer.Value, key.Occasion, key.Channel, key.Language, own is not null, own?.Revision, template.Subject, template.Text, template.Html));
    }

    /// <summary>Where a step has no words of its own, those of the general reminder are in force.</summary>
    private static MessageTemplate InForce(TemplateKey key, LiveContext contexts) =>
        (Occasions.IsStep(key.Occasion) ? contexts.Settings.Templates.GetValueOrDefault(key with { Occasion = Occasions.Reminder })?.Template : null)
        ?? DefaultTemplates.For(key.Occasion, key.Channel, key.Language);

    private static (TemplateKey? Key, IResult Problem) Read(int issuer, string occasion, string channel, string language, LiveContext contexts)
    {
        if (!contexts.Settings.Issuers.ContainsKey(new IssuerId(issuer))) return (null, NoIssuer(issuer));
        if (occasion.Length > OccasionMax || occasion.Any(char.IsControl) || !Occasions.IsKnown(occasion))
            return (null, Problem.Unknown($"There are the occasions {string.Join(", ", Occasions.All)}, and {Occasions.OfStep("<code of a step>")}."));
        if (TemplateKey.Read($"{issuer.ToString(CultureInfo.InvariantCulture)}/x/{channel}/x") is not { } read || !Occasions.Channels.Contains(read.Channel))
            return (null, Problem.Unknown($"There are the channels {string.Join(", ", Occasions.Channels.Select(TemplateKey.NameOf))}."));
        if (!ClientLanguages.IsKnown(language)) return (null, Problem.Unknown($"There are the languages {string.Join(", ", ClientLanguages.All)}."));
        return (new TemplateKey(new IssuerId(issuer), occasion, read.Channel, language), TypedResults.NoContent());
    }

    /// <summary>The first word that names a text of the template; its text where none does.</summary>
    private static string FieldOf(string refused)
    {
        foreach (var field in (string[])["subject", "html"])
        {
            if (refused.Contains($"{field}:", StringComparison.Ordinal)) return field;
        }

        return "text";
    }

    private static IResult NoIssuer(int issuer) => Problem.Unknown($"There is no issuer {issuer.ToString(CultureInfo.InvariantCulture)}.");
}
