namespace IspBilling.Simulation.Tests.Coordination;

public sealed class CoordinationOnSimulatedNodes : CoordinationConformance
{
    private static readonly DateOnly Today = new(2026, 3, 20);
    private static readonly DateOnly LongAgo = new(2026, 1, 5);

    protected override Task OnNewProvider(int clients, Func<IProviderOnNodes, Task> test)
    {
        SimulatedProvider.Live(clients, new DateOnly(Today.Year, Today.Month, 1), test, provider => provider.MoveTo(Today));
        return Task.CompletedTask;
    }

    protected override Task OnDebtors(int clients, Func<IProviderOnNodes, Task> test)
    {
        SimulatedProvider.Live(clients, LongAgo, test, async provider =>
        {
            await provider.BillAlone();
            provider.ForgetReminders();
            await provider.MoveTo(LongAgo.AddDays(40));
        });
        return Task.CompletedTask;
    }
}
