using System.Collections.Immutable;
using System.Text;

namespace IspBilling.FaultKit.Fuzzing;

/// <summary>Valid requests of every kind that brings JSON. Nothing they do is kept: the clients they name are the harness's own.</summary>
public static class RequestSamples
{
    public static readonly ImmutableArray<(HttpMethod Method, string Path, string Body)> All =
    [
        (HttpMethod.Put, "/v1/clients/F1", """{"name":"Jan Novák","address":{"street":"Dlouhá 1","city":"Praha","postalCode":"110 00","country":"CZ"},"issuer":1,"companyNumber":"12345679","vatNumber":"CZ12345679","email":"jan@example.com","phone":"+420 700 000 000","language":"cs","delivery":"email","symbolPolicy":"perAccount","accountSymbol":"7000001","allocationPolicy":"namedThenOldest","dueDays":14}"""),
        (HttpMethod.Post, "/v1/clients:batch", """{"clients":[{"reference":"F1","client":{"name":"Jan Novák","address":{"street":"Dlouhá 1","city":"Praha","postalCode":"110 00"}},"services":[{"reference":"S1","service":{"tariff":"NET-100","start":"2026-01-01"}}]}]}"""),
        (HttpMethod.Put, "/v1/clients/F1/services/S1", """{"tariff":"NET-100","start":"2026-01-01","end":null,"quantity":1,"cycleMonths":1,"anchorDay":31,"timing":"inAdvance","effectiveFrom":"2026-02-01"}"""),
        (HttpMethod.Put, "/v1/clients/F1/services/S1/pauses/P1", """{"from":"2026-03-01","to":"2026-04-01","bills":false,"reason":"holiday"}"""),
        (HttpMethod.Put, "/v1/clients/F1/services/S1/special-prices/A1", """{"from":"2026-03-01","to":"2026-04-01","monthlyPrice":{"amount":"399.00","currency":"CZK"},"reason":"loyalty"}"""),
        (HttpMethod.Put, "/v1/clients/F1/services/S1/special-prices/A2", """{"from":"2026-05-01","discountPercent":10.5,"reason":"loyalty"}"""),
        (HttpMethod.Put, "/v1/clients/F1/one-off-items/I1", """{"date":"2026-03-01","text":"technician","unitPrice":{"amount":"-1.21","currency":"CZK"},"quantity":1.5,"priceMode":"gross","vatCategory":"standard"}"""),
        (HttpMethod.Put, "/v1/tariffs/F-100", """{"name":"Internet","versions":[{"validFrom":"2020-01-01","monthlyPrice":{"amount":"449.00","currency":"CZK"}},{"validFrom":"2027-01-01","monthlyPrice":{"amount":"459.00","currency":"CZK"}}],"kind":"internet","priceMode":"gross","vatCategory":"standard","reason":"indexation"}"""),
        (HttpMethod.Put, "/v1/issuers/9", """{"name":"Síť s.r.o.","address":{"street":"Na Příkladu 12","city":"Vzorov","postalCode":"123 45"},"companyNumber":"12345679","bankAccount":{"account":"19-2000145399/0800","iban":"CZ6508000000192000145399","bic":"GIBACZPX"},"currency":"CZK","reason":"new house bank"}"""),
        (HttpMethod.Put, "/v1/dunning-policy", """{"name":"f","steps":[{"code":"reminder","daysOverdue":5,"minimumDebt":[{"amount":"50.00","currency":"CZK"}],"actions":["email"],"leastDaysSincePrevious":0}],"thankOnClearing":true,"tolerance":[{"amount":"5.00","currency":"CZK"}],"reason":"fewer steps"}"""),
        (HttpMethod.Post, "/v1/clients/F1/promise-to-pay", """{"until":"2027-01-01"}"""),
        (HttpMethod.Post, "/v1/clients/F1/disputes", """{"document":"2600000001","disputed":true,"reason":"never delivered"}"""),
        (HttpMethod.Post, "/v1/clients/F1/dunning-exemption", """{"exempt":true,"reason":"hospital"}"""),
        (HttpMethod.Post, "/v1/billing-runs", """{"mode":"preview","through":"2026-03-01","issuer":1,"clients":["F1"],"comparedTo":null}"""),
        (HttpMethod.Post, "/v1/entries/1/assign", """{"client":"F1"}"""),
        (HttpMethod.Post, "/v1/entries/1/split", """{"parts":[{"client":"F1","amount":{"amount":"1.00","currency":"CZK"}},{"client":"F2","amount":{"amount":"2.00","currency":"CZK"}}]}"""),
        (HttpMethod.Post, "/v1/entries/1/unassign", """{"reason":"mistake"}"""),
        (HttpMethod.Post, "/v1/api-keys", """{"name":"f","scopes":["billing"]}"""),
    ];

    public static IReadOnlyList<byte[]> Bodies { get; } = [.. All.Select(request => Encoding.UTF8.GetBytes(request.Body))];
}
