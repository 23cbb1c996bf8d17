using System.Net.Http.Headers;
using IspBilling.Access.Rights;
using IspBilling.Demo;
using IspBilling.Hosting;
using IspBilling.Http;
using IspBilling.Http.Contract;
using IspBilling.Postgres.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace IspBilling.LoadTests.Traffic;

/// <summary>A node with its interface on a socket, on a bed whose own node rests from then on.</summary>
internal static class HostOnBed
{
    public static async Task<BillingNode> Start(LoadBed bed, CancellationToken cancellation)
    {
        await PutSettings(bed, cancellation);
        await bed.Rest();
        return await BillingNode.Start(
            new HostSettings
            {
                Database = bed.ConnectionString, Port = 0, Clock = bed.Clock, TimeZone = TimeZoneInfo.Utc.Id, Logs = LogForm.None, DataDirectory = Directory.CreateTempSubdirectory("ispbilling-load-").FullName,
                // One caller stands for many: what is measured is the engine, not how it holds a caller back.
                Limits = new HttpLimits { RequestsPerSecond = 100_000 },
            },
            NodeRole.Front,
            cancellation);
    }

    /// <summary>Stores the settings that the bed's own node has in memory, so that other nodes read the same.</summary>
    public static async Task PutSettings(LoadBed bed, CancellationToken cancellation)
    {
        var store = new SettingsStore(bed.Database);
        var tariffs = await DemoSettings.Put(store, bed.Clock.GetUtcNow(), cancellation);
        foreach (var issuer in LoadBed.Issuers) await store.PutIssuer(issuer, Authorship.OfSystem("load test", bed.Clock.GetUtcNow()), cancellation);
        if (tariffs.Any(tariff => tariff.Key != tariff.Value)) throw new InvalidOperationException("the catalogue numbers its tariffs otherwise than the bed");
    }

    /// <summary>With every scope.</summary>
    public static async Task<HttpClient> Caller(BillingNode host, CancellationToken cancellation)
    {
        var (_, key) = await host.Services.GetRequiredService<ApiKeyStore>().Create(
            "load test", RightNames.All, Authorship.OfSystem("load test", host.Services.GetRequiredService<TimeProvider>().GetUtcNow()), cancellation);
        var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = host.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return http;
    }
}
