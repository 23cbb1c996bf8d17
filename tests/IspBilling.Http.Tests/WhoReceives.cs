using System.Globalization;
using IspBilling.Banking.Gpc;
using IspBilling.Domain;
using IspBilling.Http.Tests.Support;

namespace IspBilling.Http.Tests;

/// <summary>Two issuers with accounts of their own: the account that received the money decides whose client is booked.</summary>
public sealed class WhoReceives(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private static readonly CzechAccount SecondAccount = new(0, 2306693064, 5500), ThirdAccount = new(0, 2801387443, 100);
    private readonly KeyHolder _crm = engine.Operator;

    [Fact]
    public async Task A_statement_of_nobodys_account_is_held_whole_until_an_issuer_states_it_and_then_booked_once()
    {
        (await _crm.Put("/v1/issuers/31", Issuer(new CzechAccount(0, 1234567899, 800)))).Must(201);
        var file = await Statement(ThirdAccount, 174.50m, "3101");
        var held = (await Upload(file)).Must(201);
        Assert.Equal(("held", 0), (held.Text("status"), held["read"].GetInt32()));
        Assert.Contains("account 2801387443 in CZK is none of an issuer's bank accounts", held.Text("refusal"), StringComparison.Ordinal);

        var stated = (await _crm.Put("/v1/issuers/31", Issuer(new CzechAccount(0, 1234567899, 800), ThirdAccount))).Must(200);
        Assert.Equal("2801387443/0100", stated.Text("furtherAccounts[0].account"));
        var booked = await Ended(held.Text("id")!);
        Assert.Equal((1, 0, 1), (booked["read"].GetInt32(), booked["alreadyKnown"].GetInt32(), booked["suspense"].GetInt32()));

        var again = (await Upload(file)).Must(201);
        Assert.Equal((1, 1, 0), (again["read"].GetInt32(), again["alreadyKnown"].GetInt32(), again["suspense"].GetInt32()));
    }

    [Fact]
    public async Task Money_on_one_issuers_account_never_settles_the_client_of_another_who_is_only_suggested()
    {
        (await _crm.Put("/v1/issuers/32", Issuer(SecondAccount))).Must(201);
        (await _crm.Put("/v1/clients/W-1", Client("Prvni", 1, "320001"))).Must(201);
        (await _crm.Put("/v1/clients/W-2", Client("Druhy", 32, "320001"))).Must(201);
        (await _crm.Put("/v1/clients/W-3", Client("Treti", 1, "320003"))).Must(201);

        var both = (await Upload(await Statement(SecondAccount, 100m, "320001"))).Must(201);
        Assert.Equal(1, both["matched"].GetInt32());
        Assert.Equal("100.00", (await _crm.Get("/v1/clients/W-2/payments")).Must(200).Amount("items[0].amount"));
        Assert.Empty((await _crm.Get("/v1/clients/W-1/payments")).Must(200)["items"].EnumerateArray());

        (await Upload(await Statement(SecondAccount, 200m, "320003"))).Must(201);
        Assert.Empty((await _crm.Get("/v1/clients/W-3/payments")).Must(200)["items"].EnumerateArray());
        var waiting = (await _crm.Get("/v1/suspense")).Must(200)["items"].EnumerateArray().Single(entry => entry.GetProperty("variableSymbol").GetString() == "320003");
        Assert.Equal(32, waiting.GetProperty("issuer").GetInt32());
        Assert.Equal("the money came to another issuer's account than the client's", waiting.GetProperty("reason").GetString());
        Assert.Equal("W-3", waiting.GetProperty("candidates")[0].GetProperty("client").GetString());
    }

    [Fact]
    public async Task A_known_payer_is_not_booked_where_another_issuers_client_is_named()
    {
        const string Known = "1000000048/0300";
        var own = new CzechAccount(0, 1000000013, 2700);
        (await _crm.Put("/v1/issuers/38", Issuer(own))).Must(201);
        (await _crm.Put("/v1/clients/W-5", Client("Pata", 38, "320005"))).Must(201);
        (await _crm.Put("/v1/clients/W-6", Client("Sesta", 1, "320006"))).Must(201);

        Assert.Equal(1, (await Upload(await Statement(own, 100m, "320005", "2026-02-27", Known))).Must(201)["matched"].GetInt32());
        Assert.Equal(1, (await Upload(await Statement(own, 100m, "320006", payer: Known))).Must(201)["suspense"].GetInt32());

        Assert.Single((await _crm.Get("/v1/clients/W-5/payments")).Must(200)["items"].EnumerateArray());
        var waiting = (await _crm.Get("/v1/suspense?limit=200")).Must(200)["items"].EnumerateArray().Single(entry => entry.GetProperty("variableSymbol").GetString() == "320006");
        Assert.Equal("another issuer's client is named than the payer has paid before", waiting.GetProperty("reason").GetString());
        Assert.Equal(["W-5", "W-6"], waiting.GetProperty("candidates").EnumerateArray().Select(candidate => candidate.GetProperty("client").GetString()!).Order());
    }

    [Fact]
    public async Task A_document_s_number_names_its_client_whose_symbol_is_another_one()
    {
        var own = new CzechAccount(0, 1000000021, 2700);
        (await _crm.Put("/v1/issuers/39", Issuer(own))).Must(201);
        (await _crm.Put("/v1/clients/W-7", new
        {
            name = "Sedma", issuer = 39, address = new { street = "Dlouhá 1", city = "Praha", postalCode = "110 00" }, symbolPolicy = "perAccount", accountSymbol = "320007",
        })).Must(201);
        (await _crm.Put("/v1/clients/W-7/one-off-items/I", new { date = "2026-03-01", text = "Cable", unitPrice = RunningEngine.Czk("100.00") })).Must(204);
        var run = (await _crm.Post("/v1/billing-runs", new { mode = "issue", through = "2026-03-01", clients = new[] { "W-7" } })).Must(202).Text("id");
        while ((await _crm.Get($"/v1/billing-runs/{run}")).Text("status") == "running") await Task.Delay(20);
        var number = (await _crm.Get("/v1/clients/W-7/documents")).Must(200).Text("items[0].number")!;

        (await _crm.Put("/v1/clients/W-8", Client("Osma", 39, number))).MustBeProblem(409, "symbol-in-use");
        Assert.Equal(1, (await Upload(await Statement(own, 100m, number))).Must(201)["matched"].GetInt32());
        Assert.Equal("0.00", (await _crm.Get("/v1/clients/W-7")).Must(200).Amount("balance"));
    }

    [Fact]
    public async Task A_bank_account_is_one_issuers_only()
    {
        (await _crm.Put("/v1/issuers/33", Issuer(new CzechAccount(0, 1265098001, 5500)))).Must(201);
        var refusal = await _crm.Put("/v1/issuers/34", Issuer(new CzechAccount(0, 1265098001, 5500)));
        refusal.Must(400);
        Assert.Contains("issuer 33 has this account", refusal.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_bank_does_differently_is_set_with_its_account_and_is_one_for_the_bank()
    {
        object At(long number, bool threeAndFour) => new
        {
            iban = new CzechAccount(0, number, 300).ToIban(), currency = "EUR", statements = new { reversalsAreThreeAndFour = threeAndFour },
        };
        object Request(params object[] further) => new
        {
            name = "Another Net s.r.o.", address = new { street = "Long 1", city = "Brno", postalCode = "602 00" }, companyNumber = "12345678",
            bankAccount = Bank(new CzechAccount(0, 1265098001, 300)), furtherAccounts = further,
        };
        var set = (await _crm.Put("/v1/issuers/37", Request(At(2306693064, true)))).Must(201);
        Assert.Equal("EUR", set.Text("furtherAccounts[0].currency"));
        Assert.True((await _crm.Get("/v1/issuers/37")).Must(200)["furtherAccounts"][0].GetProperty("statements").GetProperty("reversalsAreThreeAndFour").GetBoolean());

        var refusal = await _crm.Put("/v1/issuers/37", Request(At(2306693064, true), At(1234567899, false)));
        refusal.Must(400);
        Assert.Contains("the same for all accounts at one bank expected", refusal.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_symbol_that_an_invoice_is_to_be_numbered_by_is_refused_when_it_is_set()
    {
        var refused = (await _crm.Put("/v1/clients/NUM-1", Client("Cislo", 1, "2600500000"))).MustBeProblem(400, "symbol-is-document-number");
        Assert.Contains("2600500000 lies among the numbers that invoices get", refused["errors"].GetProperty("accountSymbol")[0].GetString(), StringComparison.Ordinal);
        (await _crm.Get("/v1/clients/NUM-1")).Must(404);

        var pushed = (await _crm.Post("/v1/clients:batch", new { clients = new[] { new { reference = "NUM-1", client = Client("Cislo", 1, "2600500000") } } })).Must(200);
        Assert.Contains("symbol-is-document-number", pushed.Body, StringComparison.Ordinal);
        (await _crm.Put("/v1/clients/NUM-1", Client("Cislo", 1, "2500500000"))).Must(201);
    }

    [Fact]
    public async Task A_symbol_in_use_is_refused_when_it_is_set_and_not_between_issuers()
    {
        (await _crm.Put("/v1/issuers/35", Issuer(new CzechAccount(0, 2000145399, 800)))).Must(201);
        (await _crm.Put("/v1/clients/S-1", Client("Jeden", 1, "350001"))).Must(201);
        (await _crm.Put("/v1/clients/S-2", Client("Druhy", 1, "350001"))).MustBeProblem(409, "symbol-in-use");
        (await _crm.Put("/v1/clients/S-3", Client("Treti", 35, "350001"))).Must(201);
        (await _crm.Put("/v1/clients/S-1", Client("Jeden Jinak", 1, "350001"))).Must(200);
        Assert.DoesNotContain("350001", (await _crm.Get("/v1/checks/symbols-in-double-use")).Must(200).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_symbol_that_clients_of_two_issuers_share_is_listed_for_each_of_them_on_whatever_page()
    {
        (await _crm.Put("/v1/issuers/41", Issuer(new CzechAccount(0, 1000000056, 2700)))).Must(201);
        foreach (var (client, issuer) in ((string, int)[])[("D-1", 1), ("D-2", 1), ("D-3", 41), ("D-4", 41)])
            (await _crm.Put($"/v1/clients/{client}", Client(client, issuer, symbol: null))).Must(201);
        await engine.Database.Execute(
            "UPDATE clients SET account_symbol = 410001 WHERE account_id IN (SELECT account_id FROM client_references WHERE reference LIKE 'D-_')");

        var rows = new List<string>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = (await _crm.Get($"/v1/checks/symbols-in-double-use?limit=1&cursor={cursor}")).Must(200);
            rows.AddRange(page["items"].EnumerateArray().Select(row =>
                $"{row.GetProperty("issuer").GetInt32()} {row.GetProperty("variableSymbol").GetString()}: {string.Join(' ', row.GetProperty("clients").EnumerateArray())}"));
            cursor = page["next"].GetString();
        }

        Assert.Equal(["1 410001: D-1 D-2", "41 410001: D-3 D-4"], rows);
        (await _crm.Get("/v1/checks/symbols-in-double-use?cursor=MTo0MTAwMDE")).MustBeProblem(400, "invalid-request");
        Assert.DoesNotContain("410001", (await _crm.Get("/v1/checks/leftovers")).Must(200).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_that_two_issuers_have_names_no_document_until_the_issuer_is_told()
    {
        (await _crm.Put("/v1/issuers/36", Issuer(new CzechAccount(19, 2000145399, 100)))).Must(201);
        var numbers = new List<string>();
        foreach (var (client, issuer) in ((string, int)[])[("N-1", 1), ("N-2", 36)])
        {
            (await _crm.Put($"/v1/clients/{client}", Client(client, issuer, symbol: null))).Must(201);
            (await _crm.Put($"/v1/clients/{client}/one-off-items/I", new { date = "2026-03-01", text = "Cable", unitPrice = RunningEngine.Czk("100.00") })).Must(204);
            var run = (await _crm.Post("/v1/billing-runs", new { mode = "issue", through = "2026-03-01", clients = new[] { client } })).Must(202).Text("id");
            while ((await _crm.Get($"/v1/billing-runs/{run}")).Text("status") == "running") await Task.Delay(20);
            var row = (await _crm.Get($"/v1/clients/{client}/documents")).Must(200);
            Assert.Equal(issuer, row["items"][0].GetProperty("issuer").GetInt32());
            numbers.Add(row.Text("items[0].number")!);
        }

        Assert.Equal(numbers[0], numbers[1]);
        (await _crm.Get($"/v1/documents/{numbers[0]}")).MustBeProblem(409, "ambiguous-number");
        Assert.Equal("N-1", (await _crm.Get($"/v1/documents/{numbers[0]}?issuer=1")).Must(200).Text("client"));
        Assert.Equal("N-2", (await _crm.Get($"/v1/documents/{numbers[0]}?issuer=36")).Must(200).Text("client"));
    }

    private async Task<Answer> Ended(string import)
    {
        while (true)
        {
            var answer = (await _crm.Get($"/v1/statements/{import}")).Must(200);
            if (answer.Text("status") == "finished") return answer;
            await Task.Delay(20);
        }
    }

    private Task<Answer> Upload(byte[] file) => _crm.Send(HttpMethod.Post, "/v1/statements?fileName=march.gpc", new ByteArrayContent(file));

    private static object Issuer(CzechAccount account, params CzechAccount[] further) => new
    {
        name = "Another Net s.r.o.", address = new { street = "Long 1", city = "Brno", postalCode = "602 00" }, companyNumber = "12345678",
        bankAccount = Bank(account), furtherAccounts = further.Select(Bank).ToArray(),
    };

    private static object Bank(CzechAccount account) => new { iban = account.ToIban(), account = account.ToString() };

    private static object Client(string name, int issuer, string? symbol) => new
    {
        name, issuer, address = new { street = "Dlouhá 1", city = "Praha", postalCode = "110 00" }, accountSymbol = symbol,
    };

    private static async Task<byte[]> Statement(CzechAccount own, decimal amount, string symbol, string bookedOn = "2026-03-01", string payer = "1000000005/0300")
    {
        var day = DateOnly.Parse(bookedOn, CultureInfo.InvariantCulture);
        var entry = new Domain.StatementEntry(
            own.ToString(), null, Money.Czk(amount), EntryDirection.Credit, IsReversal: false, day, day, payer, "Payer", VariableSymbol.Read(symbol), null, null, null, null, "record 1");
        using var file = new MemoryStream();
        await GpcStatementWriter.Write(file, GpcHeading.Of(own, "Provider", statementNumber: 1, day.AddDays(-1), day, Money.Czk(amount * 3), [entry]), [entry], CancellationToken.None);
        return file.ToArray();
    }
}
