using System.Text;
using IspBilling.Http.Tests.Support;

namespace IspBilling.Http.Tests;

/// <summary>One client in euros among ten in crowns, under a policy that knows crowns only: nobody is held up.</summary>
public sealed class OtherCurrency(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private readonly KeyHolder _crm = engine.Operator;

    [Fact]
    public async Task One_client_in_euros_is_billed_paid_and_read_like_everybody_else()
    {
        await Prepare();

        var run = await Run();
        Assert.Equal(("finished", 11L, 0L), (run.Text("status"), run["issued"].GetInt64(), run["parked"].GetInt64()));
        var proof = (await _crm.Get($"/v1/billing-runs/{run.Text("id")}/proof")).Must(200);
        Assert.True(proof["isComplete"].GetBoolean(), proof.Body);

        // Overdue since the 16th.
        engine.Clock.Now = new DateTimeOffset(2026, 3, 25, 8, 0, 0, TimeSpan.Zero);
        var card = (await _crm.Get("/v1/clients/EUR-1")).Must(200);
        Assert.Equal(("20.00", "20.00", "full"), (card.Amount("balance"), card.Amount("overdue"), card.Text("level")));
        Assert.Empty(card["dunning.upcoming"].EnumerateArray());
        (await _crm.Put("/v1/clients/EUR-1", Client("Anna Euro, now married"))).Must(200);
        (await _crm.Post("/v1/clients/EUR-1/promise-to-pay", new { until = "2026-04-10" })).Must(204);

        var import = (await _crm.Send(HttpMethod.Post, "/v1/statements?fileName=euro.xml", new ByteArrayContent(Statement("7777")))).Must(201);
        Assert.Equal(("finished", 1), (import.Text("status"), import["matched"].GetInt32()));
        Assert.Equal("15.00", (await _crm.Get("/v1/clients/EUR-1")).Must(200).Amount("balance"));

        (await _crm.Put("/v1/clients/EUR-1/services/S2", new { tariff = "HOME", start = "2026-03-01" })).MustBeProblem(409, "currency-differs");
        (await _crm.Get("/v1/reports/recurring")).Must(200);
    }

    [Fact]
    public async Task Who_is_billed_in_a_currency_without_a_minimum_is_named_and_can_be_given_one()
    {
        await Prepare();
        var problems = (await _crm.Get("/v1/dunning-policy")).Must(200)["problems"].EnumerateArray().Select(problem => problem.GetProperty("reason").GetString());
        Assert.Contains("no step has a minimum debt in EUR: whoever is billed in it is not reminded", problems);

        var both = (await _crm.Put("/v1/dunning-policy", new
        {
            name = "both", reason = "clients in another currency",
            steps = new object[]
            {
                new { code = "mail", daysOverdue = 5, minimumDebt = new[] { RunningEngine.Czk("50.00"), Eur("2.00") }, actions = new[] { "email" } },
                new { code = "block", daysOverdue = 30, minimumDebt = new[] { RunningEngine.Czk("200.00"), Eur("8.00") }, actions = new[] { "block" }, leastDaysSincePrevious = 7 },
            },
            tolerance = new[] { RunningEngine.Czk("5.00") },
        })).Must(200);

        Assert.Empty(both["problems"].EnumerateArray());
        Assert.Equal("8.00", (await _crm.Get("/v1/dunning-policy")).Must(200).Amount("steps[1].minimumDebt[1]"));
    }

    [Fact]
    public async Task A_service_that_was_not_taken_away_needs_no_giving_back()
    {
        (await _crm.Put("/v1/clients/BACK-1", RunningEngine.Client())).Must(201);

        (await _crm.Post("/v1/clients/BACK-1/restore", new { reason = "our mistake" })).Must(204);
        (await _crm.Post("/v1/clients/BACK-1/restore", new { reason = " " })).MustBeProblem(400);
        (await _crm.Post("/v1/clients/NOBODY/restore", new { reason = "our mistake" })).MustBeProblem(404);
        (await (await engine.CallerWith("reports")).Post("/v1/clients/BACK-1/restore", new { reason = "our mistake" })).MustBeProblem(403);
    }

    private async Task Prepare()
    {
        engine.Clock.Now = new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);
        (await _crm.Put("/v1/issuers/2", new
        {
            name = "Euro Net", companyNumber = "12345678", currency = "EUR", bankAccount = new { iban = "CZ6508000000192000145399" },
            address = new { street = "Dlouhá 1", city = "Praha", postalCode = "110 00" },
        })).Must(200, 201);
        (await _crm.Put("/v1/tariffs/EURO", new { name = "Euro", versions = new[] { new { validFrom = "2020-01-01", monthlyPrice = Eur("20.00") } } })).Must(200, 201);
        (await _crm.Put("/v1/clients/EUR-1", Client("Anna Euro"))).Must(200, 201);
        (await _crm.Put("/v1/clients/EUR-1/services/S1", new { tariff = "EURO", start = "2026-03-01" })).Must(200);
        for (var i = 1; i <= 10; i++)
        {
            (await _crm.Put($"/v1/clients/CZK-{i}", RunningEngine.Client())).Must(200, 201);
            (await _crm.Put($"/v1/clients/CZK-{i}/services/S1", new { tariff = "HOME", start = "2026-03-01" })).Must(200);
        }
    }

    private async Task<Answer> Run()
    {
        var started = (await _crm.Post("/v1/billing-runs", new { mode = "issue", through = "2026-03-31" })).Must(202);
        while (true)
        {
            var run = (await _crm.Get(started.Headers.Location!.OriginalString)).Must(200);
            if (run.Text("status") != "running") return run;
            await Task.Delay(20);
        }
    }

    private static object Client(string name) => new
    {
        issuer = 2, name, symbolPolicy = "perAccount", accountSymbol = "7777", address = new { street = "Dlouhá 1", city = "Praha", postalCode = "110 00" },
    };

    private static object Eur(string amount) => new { amount, currency = "EUR" };

    /// <summary>5.00 EUR of the 20.00.</summary>
    private static byte[] Statement(string symbol) => Encoding.UTF8.GetBytes(
        $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>
          <GrpHdr><MsgId>1</MsgId><CreDtTm>2026-03-24T06:00:00</CreDtTm></GrpHdr>
          <Stmt><Id>1</Id><ElctrncSeqNb>1</ElctrncSeqNb><CreDtTm>2026-03-24T06:00:00</CreDtTm>
            <Acct><Id><IBAN>CZ6508000000192000145399</IBAN></Id><Ccy>EUR</Ccy></Acct>
            <Bal><Tp><CdOrPrtry><Cd>PRCD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">0.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-03-23</Dt></Dt></Bal>
            <Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">5.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-03-24</Dt></Dt></Bal>
            <Ntry><Amt Ccy="EUR">5.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-03-24</Dt></BookgDt><ValDt><Dt>2026-03-24</Dt></ValDt>
              <AcctSvcrRef>EUR1</AcctSvcrRef><BkTxCd><Prtry><Cd>x</Cd></Prtry></BkTxCd>
              <NtryDtls><TxDtls><Refs><EndToEndId>/VS{symbol}/SS/KS</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>
          </Stmt></BkToCstmrStmt></Document>
        """.Trim());
}
