using Bogus;

namespace IspBilling.LoadTests.Traffic;

/// <summary>What clerks, salespeople, the portal and the CRM ask on a working day: three reads to one write, any client as likely.</summary>
/// <param name="references">Of clients.</param>
/// <param name="documents">Numbers of invoices.</param>
/// <param name="names">That people search for.</param>
/// <param name="today">The business date at the moment.</param>
internal sealed class OfficeCalls(IReadOnlyList<string> references, IReadOnlyList<string> documents, IReadOnlyList<string> names, Func<DateOnly> today, int seed)
{
    private const int MaxPromiseDays = 10;
    private readonly Randomizer _random = new(seed);
    private int _items;

    public Call Next() => _random.Int(0, 99) switch
    {
        < 35 => new Call("GET client card", HttpMethod.Get, $"/v1/clients/{Reference()}"),
        < 50 => new Call("GET document", HttpMethod.Get, $"/v1/documents/{documents[_random.Int(0, documents.Count - 1)]}"),
        < 62 => new Call("GET client's payments", HttpMethod.Get, $"/v1/clients/{Reference()}/payments"),
        < 70 => new Call("GET client's documents", HttpMethod.Get, $"/v1/clients/{Reference()}/documents"),
        < 75 => new Call("GET clients by name", HttpMethod.Get, $"/v1/clients?limit=20&search={Uri.EscapeDataString(Name())}"),
        < 85 => new Call("POST promise to pay", HttpMethod.Post, $"/v1/clients/{Reference()}/promise-to-pay", new { until = today().AddDays(_random.Int(0, MaxPromiseDays)) }),
        < 95 => new Call("PUT one-off item", HttpMethod.Put, $"/v1/clients/{Reference()}/one-off-items/load-{++_items}", Item()),
        _ => new Call("PUT service", HttpMethod.Put, $"/v1/clients/{Reference()}/services/load-{++_items}", new { tariff = "TV-START", start = today() }),
    };

    private object Item() => new { date = today().AddDays(1), text = "Výjezd technika", unitPrice = new { amount = "450.00", currency = "CZK" } };

    private string Reference() => references[_random.Int(0, references.Count - 1)];

    private string Name() => names[_random.Int(0, names.Count - 1)];
}
