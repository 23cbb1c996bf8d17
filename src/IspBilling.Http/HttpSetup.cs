using IspBilling.Access;
using IspBilling.Banking;
using IspBilling.Desk.Checks;
using IspBilling.Desk.Clients;
using IspBilling.Desk.Contracts;
using IspBilling.Desk.Documents;
using IspBilling.Desk.Dunning;
using IspBilling.Desk.Explanations;
using IspBilling.Desk.History;
using IspBilling.Desk.Payments;
using IspBilling.Desk.Reports;
using IspBilling.Desk.Runs;
using IspBilling.Desk.Search;
using IspBilling.Desk.Statements;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Outgoing;
using IspBilling.Engine.StatementImports;
using IspBilling.Http.BillingRuns;
using IspBilling.Http.Catalogue;
using IspBilling.Http.Channels;
using IspBilling.Http.Checks;
using IspBilling.Http.Clients;
using IspBilling.Http.Contract;
using IspBilling.Http.Documents;
using IspBilling.Http.Dunning;
using IspBilling.Http.Health;
using IspBilling.Http.History;
using IspBilling.Http.Keys;
using IspBilling.Http.Mail;
using IspBilling.Http.Messages;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Payments;
using IspBilling.Http.People;
using IspBilling.Http.Print;
using IspBilling.Http.Problems;
using IspBilling.Http.Reports;
using IspBilling.Http.Requests;
using IspBilling.Http.Secrets;
using IspBilling.Http.Security;
using IspBilling.Http.Services;
using IspBilling.Http.SettingsHistory;
using IspBilling.Http.Sms;
using IspBilling.Http.Statements;
using IspBilling.Http.Templates;
using IspBilling.Outreach.Mail;
using IspBilling.Outreach.Print;
using IspBilling.Outreach.Returns;
using IspBilling.Outreach.Sending;
using IspBilling.Outreach.Composing;
using IspBilling.Outreach.Sms;
using IspBilling.Outreach.Templates;
using IspBilling.Postgres.Figures;
using IspBilling.Postgres.Imports;
using IspBilling.Postgres.Notes;
using IspBilling.Postgres.Outgoing;
using IspBilling.Postgres.Reading;
using IspBilling.Postgres.Runs;
using IspBilling.Postgres.Settings;
using IspBilling.Postgres.Terms;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace IspBilling.Http;

/// <summary>
/// Puts the interface together. The host brings what it stands on: the database, the accounts, the settings, the stores of runs and
/// statements, what books statements and starts runs, the renderer, the key ring and the clock.
/// </summary>
public static class HttpSetup
{
    /// <param name="provider">By whom people may sign in besides by password; null when by nobody.</param>
    public static IServiceCollection AddBillingHttp(this IServiceCollection services, HttpLimits limits, IdentityProvider? provider)
    {
        services.AddSingleton(limits);
        services.ConfigureHttpJsonOptions(options => StrictJson.Apply(options.SerializerOptions, Forms()));
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddExceptionHandler<ProblemForException>().AddProblemDetails(options => options.CustomizeProblemDetails = Problem.NameGeneric);
        services.AddBillingOpenApi();
        AddSecurity(services, limits, provider);
        AddAreas(services);
        return services;
    }

    public static void UseBillingHttp(this WebApplication app)
    {
        app.UseMiddleware<HeadRequests>();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseMiddleware<AnswerHeaders>();
        app.UseRouting();
        app.UseMiddleware<EscapedSlashes>();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseMiddleware<OwnRequests>();
        app.UseAuthorization();
        app.UseMiddleware<StrictQuery>();
        app.UseMiddleware<IdempotentRequests>();
        app.UseMiddleware<CourteousRequests>();
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = BrowserPage.Docs.Path[1..];
            page.DocumentTitle = "IspBilling interface";
            page.SwaggerEndpoint("/openapi/v1.json", "IspBilling v1");
        });

        app.MapHealth();
        app.MapFrontPage();
        app.MapPageLogins();
        var provider = app.Services.GetService<IdentityProvider>();
        app.MapSignInPages(provider);
        if (provider is not null) app.MapProviderSignIn();
        app.MapOpenApi("/openapi/{documentName}.json").RequireCaller();
        MapAreas(app.MapGroup("/v1"), app.Services.GetRequiredService<HttpLimits>());
    }

    /// <summary>The health checks alone, for a node that serves no interface; they need nothing of <see cref="AddBillingHttp"/>.</summary>
    public static void UseBillingHealth(this WebApplication app) => app.MapHealth();

    private static void MapAreas(RouteGroupBuilder v1, HttpLimits limits)
    {
        v1.MapClients();
        v1.MapClientBatch(limits);
        v1.MapSearch();
        v1.MapServices();
        v1.MapContracts();
        v1.MapTariffs();
        v1.MapIssuers();
        v1.MapDunningPolicy();
        v1.MapOutreachRules();
        v1.MapDunningAhead();
        v1.MapBillingRuns();
        v1.MapChecks();
        v1.MapDocuments();
        v1.MapStatements(limits);
        v1.MapEntries();
        v1.MapPayments();
        v1.MapMessages();
        v1.MapTemplates();
        v1.MapMessageDesk();
        v1.MapChannels();
        v1.MapMailTargets();
        v1.MapHistory();
        v1.MapSms();
        v1.MapReceipts();
        v1.MapReturns();
        v1.MapPrint();
        v1.MapDunning();
        v1.MapReports();
        v1.MapOwnerReports();
        v1.MapLeftovers();
        v1.MapApiKeys();
        v1.MapSignIn();
        v1.MapMe();
        v1.MapPeople();
        v1.MapRoles();
        v1.MapSessions();
        v1.MapSettingsJournal();
        v1.MapSecrets();
    }

    private static void AddSecurity(IServiceCollection services, HttpLimits limits, IdentityProvider? provider)
    {
        services.AddAccess().AddSingleton<Me>();
        services.AddSingleton<ApiKeyStore>().AddSingleton<KnownKeys>().AddSingleton<ISettingsMemory>(provider => provider.GetRequiredService<KnownKeys>()).AddSingleton<PageCookie>().AddSingleton<IdempotencyStore>();
        var authentication = services.AddAuthentication(CallerAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, CallerAuthentication>(CallerAuthentication.SchemeName, configureOptions: null);
        if (provider is not null)
        {
            services.AddSingleton(provider);
            authentication.AddProviderSignIn(provider);
        }

        services.AddNeeds();
        services.AddCallerRates(limits);
    }

    private static ValueForms Forms() => new ValueForms()
        .Write<Money, MoneyAmount>(MoneyAmount.Of)
        .Write<MoneyTotal, MoneyAmount>(MoneyAmount.Of)
        .Write<PostalAddress, Address>(Address.Of)
        .Write<Period, PeriodView>(PeriodView.Of)
        .Write<PushedParticulars, ClientRequest>(client => ClientRequest.Of(client.Profile, client.Revision));

    private static void AddAreas(IServiceCollection services)
    {
        services.AddSingleton<ClientDirectory>().AddSingleton<SymbolUse>().AddSingleton<AccountDesk>().AddSingleton<ClientPush>();
        services.AddSingleton<AccountReading>().AddSingleton<ClientList>().AddSingleton<DocumentReading>().AddSingleton<JournalReading>()
            .AddSingleton<PaymentReading>().AddSingleton<ReceivablesReading>().AddSingleton<FigureReading>().AddSingleton<FigureFolding>().AddSingleton<ParkedReading>()
            .AddSingleton<BillingRunReading>().AddSingleton<TotalsByCurrency>().AddSingleton<InvoicedPeriods>();
        services.AddSingleton<ClientCards>().AddSingleton<ContractViews>().AddSingleton<DocumentViews>().AddSingleton<Explaining>().AddSingleton<PaymentViews>().AddSingleton<StatementViews>()
            .AddSingleton<RunViews>().AddSingleton<RunAhead>().AddSingleton<OwnerReporting>().AddSingleton<ChecksBeforeBilling>().AddSingleton<Leftovers>();
        services.AddSingleton<ClientFinding>().AddSingleton<ClientSearch>().AddSingleton<TermFilling>();
        services.AddSingleton<SettingsJournal>().AddSingleton<AccountStates>().AddSingleton<EffectTurn>().AddSingleton<TariffEffects>().AddSingleton<IssuerEffects>().AddSingleton<PolicyEffects>();
        services.AddSingleton<SettingsTemplates>().AddSingleton<ITemplateSource>(provider => provider.GetRequiredService<SettingsTemplates>());
        services.AddSingleton<PostgresMessageFacts>().AddSingleton<IMessageFacts>(provider => provider.GetRequiredService<PostgresMessageFacts>())
            .AddSingleton(provider => new TemplateBook(provider.GetRequiredService<ITemplateSource>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IMessageComposer>(provider => provider.GetRequiredService<TemplateBook>());
        services.AddSingleton(provider => new TemplateCheck(TemplateLimits.Default, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ReturnIntake(
            provider.GetRequiredService<IMailReturns>(), provider.GetRequiredService<IMailSettings>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<LiveContext>().Zone));
        services.AddSingleton<ReturnAddresses>().AddSingleton<MailTargetStore>().AddSingleton<MailSettings>().AddSingleton<IMailSettings>(provider => provider.GetRequiredService<MailSettings>());
        services.AddSingleton<IDocumentPrints, DocumentPrints>();
        services.AddSingleton<DunningSimulation>().AddSingleton<DunningSettingsHistory>().AddSingleton<DunningHindsight>().AddSingleton<WaitingRestrictions>();
        services.AddSingleton<HistoryReading>().AddSingleton<ClientNotes>().AddSingleton<ClientHistory>();
        services.AddSingleton<ISmsSettings, SmsSettings>().AddSingleton<ReceiptAddresses>().AddSingleton<IReceiptAddresses>(provider => provider.GetRequiredService<ReceiptAddresses>());
        services.AddSingleton(provider => new SmsSender(
            provider.GetRequiredService<ISmsSettings>(), provider.GetRequiredService<IReceiptAddresses>(),
            // Whoever starts the engine says that it is live; nothing else reaches more than this machine.
            provider.GetService<ConnectPolicy>() ?? ConnectPolicy.LoopbackOnly, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IMessageSender>(provider => provider.GetRequiredService<SmsSender>()).AddSingleton<SmsPolling>();
        services.AddSingleton<IPrintBatches, PostgresPrintBatches>().AddSingleton<PrintDesk>();
        services.AddSingleton<UploadPlaces>().AddSingleton<StatementIntake>().AddSingleton(StatementReaderOptions.Default).AddSingleton<StatementImportReading>();
        services.AddSingleton<HeldStatements>().AddHostedService<HeldStatementsWork>();
    }
}
