using System.Net.Http.Json;
using IspBilling.Banking.Gpc;
using IspBilling.Demo;
using IspBilling.Domain;

namespace IspBilling.FaultKit.Clients;

/// <summary>A client of the provider as a caller of the API knows them.</summary>
/// <param name="Reference">The CRM's.</param>
/// <param name="Symbol">Of a document or of the account.</param>
public sealed record KnownClient(string Reference, VariableSymbol Symbol)
{
    private const long OwnSymbols = 80_000_000;
    private const long Clients = 10_000_000;

    /// <summary>A symbol of the account's own, of eight digits: the number of an invoice could be none.</summary>
    public VariableSymbol OwnSymbol => new(OwnSymbols + (Symbol.Value % Clients));
}

public enum ErrandKind
{
    /// <summary>A one-off item.</summary>
    Charge,

    /// <summary>A bank statement with a single payment.</summary>
    Payment,

    /// <summary>A special price.</summary>
    Agreement,

    /// <summary>The client's particulars.</summary>
    Push,
}

/// <summary>Something that must happen exactly once, however often it is asked for with the same idempotency key.</summary>
public sealed record Errand(Marker Marker, ErrandKind Kind, KnownClient Client, DateOnly Today)
{
    /// <summary>Errands change nothing that is billed meanwhile: a run far ahead issues what was confirmed, or nothing.</summary>
    private const int YearsAhead = 3;

    private const string File = "application/octet-stream";

    public string Key => $"errand-{Marker}";

    /// <summary>The same request every time.</summary>
    public async Task<HttpRequestMessage> Request()
    {
        var client = $"/v1/clients/{Client.Reference}";
        var (method, path, content) = Kind switch
        {
            ErrandKind.Charge => (HttpMethod.Put, $"{client}/one-off-items/{Marker}", JsonContent.Create(
                new { date = Today.AddYears(YearsAhead), text = "technician", unitPrice = new { amount = "1.21", currency = "CZK" } })),
            ErrandKind.Agreement => (HttpMethod.Put, $"{client}/services/S1/special-prices/{Marker}", JsonContent.Create(
                new { from = Today.AddYears(YearsAhead), to = Today.AddYears(YearsAhead).AddMonths(1), discountPercent = 1, reason = "loyalty" })),
            ErrandKind.Push => (HttpMethod.Put, client, JsonContent.Create(new
            {
                name = "Jan Novák", address = new { street = "Dlouhá 1", city = "Praha", postalCode = "110 00" }, phone = $"+{Marker}",
                symbolPolicy = "perAccount", accountSymbol = Client.OwnSymbol.ToString(),
            })),
            ErrandKind.Payment => (HttpMethod.Post, $"/v1/statements?fileName={Marker}.gpc", await Statement()),
            _ => throw new InvalidOperationException($"no request for {Kind}"),
        };
        return new HttpRequestMessage(method, path) { Content = content, Headers = { { "Idempotency-Key", Key } } };
    }

    private async Task<HttpContent> Statement()
    {
        var amount = Money.Czk(1m);
        var entry = new StatementEntry(
            DemoProvider.BankAccount.ToString(), Marker.ToString(), amount, EntryDirection.Credit, IsReversal: false, Today, Today,
            CounterAccount: null, CounterName: null, Client.Symbol, ConstantSymbol: null, SpecificSymbol: null, Message: Marker.ToString(), OrderReference: null, "record 1");
        using var file = new MemoryStream();
        await GpcStatementWriter.Write(
            file, GpcHeading.Of(DemoProvider.BankAccount, "Ukazkova sit", 1, Today.AddDays(-1), Today, Money.Czk(10m * (Marker.Value % 1_000_000_000)), [entry]), [entry], CancellationToken.None);
        var content = new ByteArrayContent(file.ToArray());
        content.Headers.ContentType = new(File);
        return content;
    }
}
