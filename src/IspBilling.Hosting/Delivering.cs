using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Outgoing;
using IspBilling.Hosting.Background;
using IspBilling.Outreach.Composing;
using IspBilling.Outreach.Dispatching;
using IspBilling.Outreach.Mail;
using IspBilling.Outreach.Returns;
using IspBilling.Outreach.Sending;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IspBilling.Hosting;

/// <summary>What takes messages out of the outbox: a dispatcher for each channel that has a way out.</summary>
internal static class Delivering
{
    /// <remarks>On fronts, where documents are printed and the key ring opens the passwords of servers.</remarks>
    public static void AddDelivery(this IServiceCollection services, HostSettings settings)
    {
        services.AddSingleton(settings.IsLive ? new ConnectPolicy(IsLive: true, settings.PrivateTargets) : ConnectPolicy.LoopbackOnly);
        services.AddSingleton<IMessageSender>(provider => new MailSender(
            provider.GetRequiredService<IMailSettings>(), provider.GetRequiredService<ConnectPolicy>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IHostedService>(provider =>
        {
            var log = provider.GetRequiredService<ILogger<Dispatcher>>();
            return new DispatcherWork(() => Dispatchers(provider, log), log);
        });
        services.AddSingleton<MailboxReader>().AddSingleton<IHostedService>(provider =>
        {
            var log = provider.GetRequiredService<ILogger<MailboxRounds>>();
            var contexts = provider.GetRequiredService<LiveContext>();
            return new MailboxWork(new MailboxRounds(
                provider.GetRequiredService<MailboxReader>(), () => [.. contexts.Settings.Issuers.Keys], provider.GetRequiredService<TimeProvider>(),
                (failure, text) => log.LogWarning(failure, "{Text}", text)));
        });
    }

    private sealed class RulesInForce(LiveContext contexts) : ISendingTimes
    {
        public SendingHours Of(MessageChannel channel) => contexts.Settings.HoursOf(channel, contexts.Today, contexts.Zone);
    }

    /// <returns>None where nothing puts messages into words.</returns>
    private static IReadOnlyList<Dispatcher> Dispatchers(IServiceProvider provider, ILogger log)
    {
        if (provider.GetService<IMessageFacts>() is not { } facts || provider.GetService<IMessageComposer>() is not { } composer) return [];
        var ports = new DispatcherPorts(
            provider.GetRequiredService<IOutbox>(), provider.GetRequiredService<IAccounts>(), provider.GetRequiredService<IUnassignedMoney>(), facts, composer,
            provider.GetRequiredService<IDocumentPrints>(), new RulesInForce(provider.GetRequiredService<LiveContext>()))
        {
            Returns = provider.GetRequiredService<IMailReturns>(),
        };
        return
        [
            .. provider.GetServices<IMessageSender>().Select(sender => new Dispatcher(
                sender, ports, new DispatcherOptions(), provider.GetRequiredService<TimeProvider>(), (failure, text) => log.LogWarning(failure, "{Text}", text))),
        ];
    }
}
