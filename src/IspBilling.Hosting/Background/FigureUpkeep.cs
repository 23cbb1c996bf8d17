using IspBilling.Postgres.Figures;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IspBilling.Hosting.Background;

/// <summary>Folds what commits appended to the figures, so that the owner's reports stay quick.</summary>
internal sealed class FigureUpkeep(FigureFolding folding, TimeProvider clock, ILogger<FigureUpkeep> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await folding.Fold(stoppingToken);
            }
            catch (Exception away) when (away is not OperationCanceledException)
            {
                log.LogWarning(away, "The figures are not folded; they are right all the same.");
            }

            await Task.Delay(Every, clock, stoppingToken);
        }
    }
}
