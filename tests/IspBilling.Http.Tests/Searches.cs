using System.Text.Json;
using IspBilling.Http.Tests.Support;

namespace IspBilling.Http.Tests;

/// <summary>What somebody knows of a client leads to the client, and the hit says why.</summary>
public sealed class Searches(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private readonly KeyHolder _clerk = engine.Operator;

    [Theory]
    [InlineData("alzbeta", "name", "Alžběta")]
    [InlineData("ALŽBĚTA", "name", "Alžběta")]
    [InlineData("dvor", "name", "Dvořáková-Řehořová")]
    [InlineData("rehorova alz", "name", "Alžběta")]
    [InlineData("Řehořová Zdlouhavá", "address", "Zdlouhavá")]
    [InlineData("zdlouhava 77/3", "address", "77/3")]
    [InlineData("alzbeta 700 30", "address", "700 30")]
    [InlineData("alzbeta 70030", "address", "700 30")]
    [InlineData("CRM/Š-77", "reference", "CRM/Š-77")]
    [InlineData("crm/s-77", "reference", "CRM/Š-77")]
    [InlineData("crms77", "reference", "CRM/Š-77")]
    [InlineData("crm/s", "reference", "CRM/Š-77")]
    [InlineData("7700123", "symbol", "7700123")]
    [InlineData("0007700123", "symbol", "7700123")]
    [InlineData("VS: 7700123", "symbol", "7700123")]
    [InlineData("+420 607 123 456", "phone", "+420 607 123 456")]
    [InlineData("+420607123456", "phone", "+420 607 123 456")]
    [InlineData("00420 607123456", "phone", "+420 607 123 456")]
    [InlineData("607-123-456", "phone", "+420 607 123 456")]
    [InlineData("607 123 456", "phone", "+420 607 123 456")]
    [InlineData("tel. 607123456", "phone", "+420 607 123 456")]
    [InlineData("607 12", "phone", "+420 607 123 456")]
    [InlineData("dvorakova 607 123 456", "phone", "+420 607 123 456")]
    [InlineData("Alzbeta@Dvorakova.example", "email", "alzbeta@dvorakova.example")]
    [InlineData("alzbeta@", "email", "alzbeta@dvorakova.example")]
    [InlineData("dvorakova.example", "email", "alzbeta@dvorakova.example")]
    [InlineData("rehorova dvorakova.example", "email", "alzbeta@dvorakova.example")]
    [InlineData("1234561", "companyNumber", "01234561")]
    [InlineData("IČO: 012 34 561", "companyNumber", "01234561")]
    [InlineData("CZ01234561", "vatNumber", "CZ01234561")]
    [InlineData("DIČ CZ 0123 4561", "vatNumber", "CZ01234561")]
    public async Task A_client_is_found_by_whatever_is_known_and_the_hit_says_why(string text, string field, string matched)
    {
        await Alzbeta();

        var hit = Assert.Single(await Hits(text));

        Assert.Equal("CRM/Š-77", hit.GetProperty("reference").GetString());
        Assert.Equal("Alžběta Dvořáková-Řehořová", hit.GetProperty("name").GetString());
        Assert.Equal("Ostrava", hit.GetProperty("city").GetString());
        Assert.Equal("open", hit.GetProperty("status").GetString());
        Assert.Contains((field, matched), Reasons(hit));
    }

    [Fact]
    public async Task A_client_is_found_by_documents_payments_and_the_account_that_paid()
    {
        (await _clerk.Put("/v1/clients/PAYS", RunningEngine.Client("Platící Klient"))).Must(201);
        (await _clerk.Put("/v1/clients/PAYS/one-off-items/I", new { date = "2026-03-01", text = "Cable", unitPrice = RunningEngine.Czk("100.00") })).Must(204);
        await engine.Issue("PAYS", "2026-03-01");
        var number = (await _clerk.Get("/v1/clients/PAYS/documents")).Must(200)["items"][0].GetProperty("number").GetString()!;
        await engine.Database.Execute(
            $"""
             INSERT INTO payments (account_id, ordinal, version, entry, amount, currency, booked_on, symbol, counter_account, rule, status)
             SELECT account_id, 90 + n, 1, 'e' || n, 100, 'CZK', '2026-03-02', 5550001, '19-2000145399/0100', 0, CASE n WHEN 2 THEN 2 ELSE 0 END
             FROM client_references, generate_series(1, 2) n WHERE reference = 'PAYS'
             """);

        await MustFind(number, "documentNumber", number);
        await MustFind($"VS {number}", "documentSymbol", number);
        await MustFind("0005550001", "paymentSymbol", "5550001");
        foreach (var account in new[] { "19-2000145399/0100", "000019-2000145399/0100", "CZ08 0100 0000 1920 0014 5399", "19-2000145399" })
            await MustFind(account, "bankAccount", "19-2000145399/0100");

        // A payment that was taken off an account is not its client's any more.
        await engine.Database.Execute("DELETE FROM payments WHERE entry = 'e1'");
        Assert.Empty(await Hits("19-2000145399/0100"));
        Assert.Empty(await Hits("5550001"));
        await engine.Database.Execute("DELETE FROM payments WHERE entry = 'e2'");
    }

    [Fact]
    public async Task What_identifies_comes_before_what_begins_alike()
    {
        foreach (var (reference, name) in new[] { ("Horymir2", "Jiný Klient"), ("RANK-2", "Horymir2 Starý"), ("RANK-3", "Horymir25 Nový") })
            (await _clerk.Put($"/v1/clients/{reference}", RunningEngine.Client(name))).Must(201);

        Assert.Equal(["Horymir2", "RANK-2", "RANK-3"], (await Hits("horymir2")).Select(Reference));
        Assert.Equal(["RANK-2", "RANK-3"], (await Hits("horymir2 s")).Concat(await Hits("horymir2 novy")).Select(Reference));
    }

    [Fact]
    public async Task A_hit_says_everything_that_matched()
    {
        await Alzbeta();

        Assert.Equal(
            [("name", "Alžběta"), ("address", "Ostrava"), ("phone", "+420 607 123 456")],
            Reasons(Assert.Single(await Hits("alz ostrava 420607"))));
    }

    [Fact]
    public async Task What_a_client_was_called_before_finds_nobody()
    {
        (await _clerk.Put("/v1/clients/RENAMED", RunningEngine.Client("Svobodomila Tichošlápková"))).Must(201);
        Assert.Single(await Hits("tichoslapkova"));

        (await _clerk.Put("/v1/clients/RENAMED", RunningEngine.Client("Svobodomila Provdaná"))).Must(200);

        Assert.Empty(await Hits("tichoslapkova"));
        Assert.Equal("RENAMED", Reference(Assert.Single(await Hits("svobodomila provdana"))));
    }

    [Fact]
    public async Task There_are_so_many_hits_as_were_asked_for_and_it_is_said_that_there_are_more()
    {
        for (var i = 1; i <= 5; i++) (await _clerk.Put($"/v1/clients/MANY-{i}", RunningEngine.Client($"Mnohohlavý Drak {i}"))).Must(201);

        var some = (await _clerk.Get("/v1/search?q=mnohohlavy%20drak&limit=3")).Must(200);
        var all = (await _clerk.Get("/v1/search?q=mnohohlavy%20drak&limit=5")).Must(200);

        Assert.Equal(["MANY-1", "MANY-2", "MANY-3"], some["items"].EnumerateArray().Select(Reference));
        Assert.True(some["more"].GetBoolean());
        Assert.Equal(5, all["items"].GetArrayLength());
        Assert.False(all["more"].GetBoolean());
        Assert.False(all["unfinished"].GetBoolean());
    }

    [Theory]
    [InlineData("%%")]
    [InlineData("\\%_")]
    [InlineData("a")]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("one two three four five six seven eight nine")]
    public async Task A_text_that_says_too_little_or_too_much_is_refused_by_name(string text)
    {
        var refused = await _clerk.Get($"/v1/search?q={Uri.EscapeDataString(text)}");

        refused.MustBeProblem(400);
        Assert.Contains("\"q\"", refused.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_of_text_and_a_wrong_limit_are_refused()
    {
        (await _clerk.Get($"/v1/search?q={new string('x', 5_000)}")).MustBeProblem(400);
        (await _clerk.Get("/v1/search?q=novak&limit=51")).MustBeProblem(400);
        (await _clerk.Get("/v1/search?q=novak&limit=0")).MustBeProblem(400);
        (await _clerk.Get("/v1/search")).MustBeProblem(400);
    }

    [Theory]
    [InlineData("a a a a a")]
    [InlineData("x%' OR 1=1 --")]
    [InlineData("no_ak\\")]
    [InlineData("\u202Eשלום עולם")]
    [InlineData("😀😀 🇨🇿")]
    [InlineData("ab\u0000cd@\u0000x.cz")]
    [InlineData("99999999999999999999999999999999")]
    [InlineData("D2600000001")]
    [InlineData("0000000000")]
    [InlineData("CZ6508000000192000145399")]
    [InlineData("..@..")]
    public async Task Whatever_is_typed_has_an_answer(string text) =>
        Assert.Contains((await _clerk.Get($"/v1/search?q={Uri.EscapeDataString(text)}")).Status, new[] { 200, 400 });

    [Fact]
    public async Task Who_may_read_clients_searches_and_sees_no_amount()
    {
        await Alzbeta();
        var helpdesk = await engine.CallerWith("clients:read");

        var answer = (await helpdesk.Get("/v1/search?q=alzbeta%20ostrava")).Must(200);

        Assert.Equal(["city", "name", "reference", "status", "why"], Assert.Single(answer["items"].EnumerateArray()).EnumerateObject().Select(member => member.Name).Order());
        (await (await engine.CallerWith("reports")).Get("/v1/search?q=alzbeta")).MustBeProblem(403);
    }

    private async Task Alzbeta() => (await _clerk.Put($"/v1/clients/{Uri.EscapeDataString("CRM/Š-77")}", new
    {
        name = "Alžběta Dvořáková-Řehořová", address = new { street = "Zdlouhavá 77/3", city = "Ostrava", postalCode = "700 30" },
        email = "alzbeta@dvorakova.example", phone = "+420 607 123 456", companyNumber = "01234561", vatNumber = "CZ01234561",
        symbolPolicy = "perAccount", accountSymbol = "7700123",
    })).Must(200, 201);

    private async Task MustFind(string text, string field, string matched)
    {
        var hit = Assert.Single(await Hits(text));
        Assert.Equal("PAYS", Reference(hit));
        Assert.Contains((field, matched), Reasons(hit));
    }

    private async Task<IReadOnlyList<JsonElement>> Hits(string text) =>
        [.. (await _clerk.Get($"/v1/search?q={Uri.EscapeDataString(text)}")).Must(200)["items"].EnumerateArray()];

    private static string Reference(JsonElement hit) => hit.GetProperty("reference").GetString()!;

    private static IEnumerable<(string, string)> Reasons(JsonElement hit) =>
        hit.GetProperty("why").EnumerateArray().Select(reason => (reason.GetProperty("field").GetString()!, reason.GetProperty("matched").GetString()!));
}
