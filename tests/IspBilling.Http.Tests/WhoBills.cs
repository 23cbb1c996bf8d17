using IspBilling.Http.Tests.Support;

namespace IspBilling.Http.Tests;

public sealed class WhoBills(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private readonly KeyHolder _crm = engine.Operator;

    [Fact]
    public async Task An_issuer_bills_by_run_until_somebody_says_otherwise_and_whoever_does_not_mention_it_changes_nothing()
    {
        Assert.Equal("byRun", (await _crm.Put("/v1/issuers/21", Issuer())).Must(201).Text("billing"));
        Assert.Equal("byReminder", (await _crm.Put("/v1/issuers/21", Issuer("byReminder"))).Must(200).Text("billing"));

        Assert.Equal("byReminder", (await _crm.Put("/v1/issuers/21", Issuer())).Must(200).Text("billing"));
        Assert.Equal("byReminder", (await _crm.Get("/v1/issuers/21")).Must(200).Text("billing"));

        Assert.Equal("byRun", (await _crm.Put("/v1/issuers/21", Issuer("byRun"))).Must(200).Text("billing"));
    }

    [Fact]
    public async Task Another_word_is_refused_with_those_that_would_have_been_right()
    {
        var refusal = await _crm.Put("/v1/issuers/22", Issuer("byItself"));

        refusal.Must(400);
        Assert.Contains("byRun, byReminder", refusal.Body.ToString(), StringComparison.Ordinal);
    }

    private static object Issuer(string? billing = null) => billing is null
        ? new { name = "Second Net s.r.o.", address = Address, companyNumber = "12345678", bankAccount = Bank }
        : new { name = "Second Net s.r.o.", address = Address, companyNumber = "12345678", bankAccount = Bank, billing };

    private static object Address => new { street = "Long 1", city = "Brno", postalCode = "602 00" };

    private static object Bank => new { iban = "CZ5508000000001234567899" };
}
