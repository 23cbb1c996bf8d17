using IspBilling.Domain;
using IspBilling.Engine.Accounts;

namespace IspBilling.Demo;

/// <summary>Pushes made-up clients into the engine the way a CRM does: command by command, many clients at once.</summary>
/// <param name="accounts">Where the clients go.</param>
/// <param name="resolve">Account ids for client references, in the same order; creates what is new; called from several threads.</param>
/// <param name="tariffs">The catalogue's ids for those of <see cref="DemoProvider.Tariffs"/>.</param>
public sealed class DemoSeeding(
    IAccounts accounts,
    Func<IReadOnlyList<string>, CancellationToken, Task<IReadOnlyList<AccountId>>> resolve,
    IReadOnlyDictionary<TariffId, TariffId> tariffs)
{
    private const int PageSize = 1_000;

    private static readonly Actor By = Actor.System("demo");

    /// <summary>Pages under way at once: a client with hundreds of services keeps its page open while others go on.</summary>
    private const int PagesInFlight = 8;

    /// <exception cref="InvalidOperationException">An account refused a command: the generator or a rule is wrong.</exception>
    public async Task<int> Push(IEnumerable<DemoClient> clients, Action<int>? progress, CancellationToken cancellation)
    {
        var pushed = 0;
        var pages = new ParallelOptions { MaxDegreeOfParallelism = PagesInFlight, CancellationToken = cancellation };
        await Parallel.ForEachAsync(clients.Chunk(PageSize), pages, async (page, stop) =>
        {
            var ids = await resolve([.. page.Select(client => client.Reference)], stop);
            await Task.WhenAll(page.Select((client, i) => Push(ids[i], client, stop)));
            progress?.Invoke(Interlocked.Add(ref pushed, page.Length));
        });
        return pushed;
    }

    private async Task Push(AccountId account, DemoClient client, CancellationToken cancellation)
    {
        for (var i = 0; i < client.Commands.Count; i++)
        {
            // Derived from the client, so that a seeding cut short goes on where it was.
            var id = CommandIds.Derive("demo", $"{client.Reference}/{i}");
            var reply = await accounts.Ask(account, new Envelope(id, InCatalogue(client.Commands[i]), By), cancellation);
            if (reply is not (Done or ClientCreated)) throw new InvalidOperationException($"client {client.Reference}: {client.Commands[i]} was answered with {reply}");
        }
    }

    private AccountCommand InCatalogue(AccountCommand command) =>
        command is PutService service ? service with { Tariff = tariffs[service.Tariff] } : command;
}
