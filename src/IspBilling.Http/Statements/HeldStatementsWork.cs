using IspBilling.Engine.Accounts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IspBilling.Http.Statements;

/// <summary>Books statements that were held once somebody has stated their account: looks at them whenever the settings have changed.</summary>
internal sealed partial class HeldStatementsWork(StatementIntake intake, LiveContext contexts, ILogger<HeldStatementsWork> log) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>After a failure, such as a database that is away.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ProviderSettings? seen = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = Look;
            try
            {
                var settings = contexts.Settings;
                if (!ReferenceEquals(settings, seen)) await intake.BookHeld(stoppingToken);
                seen = settings;
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                HeldAreLookedForAgain(failure);
                wait = Again;
            }

            await Task.Delay(wait, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Statements that are held are looked at again.")]
    private partial void HeldAreLookedForAgain(Exception failure);
}
