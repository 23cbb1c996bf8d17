using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.Journal;
using IspBilling.Postgres.Audit;

namespace IspBilling.Engine.Tests.Audit;

public sealed class LedgerAuditTests : IAsyncLifetime
{
    private SmallBooks _books = null!;

    public async Task InitializeAsync() => _books = await SmallBooks.Write();

    public async Task DisposeAsync() => await _books.DisposeAsync();

    [Fact]
    public async Task Books_that_nobody_touched_are_clean()
    {
        var report = await _books.Audit();

        Assert.True(report.IsClean, Text(report));
        Assert.Equal(await _books.Database.Scalar<long>("SELECT count(*) FROM journal"), report.Events);
        Assert.Equal(await _books.Database.Scalar<long>("SELECT count(*) FROM documents"), report.Documents);
        Assert.Equal(3, report.Accounts);
        Assert.Equal(AuditConsole.Clean, AuditConsole.Print(report, TextWriter.Null));
    }

    [Fact]
    public async Task What_left_the_state_as_settled_history_is_audited_all_the_same()
    {
        await using (var journal = _books.OpenJournal())
        {
            var writer = new Writer(journal, 4);
            await Do("2027-01-01", Given.Client());
            await Do("2027-01-01", new AddOneOff("router", Given.Day("2027-01-01"), "Router", Quantity.One, Money.Czk(499), PriceMode.Gross, VatCategory.Standard));
            await Do("2027-01-01", Given.Bill("2027-01-01"));
            await Do("2027-01-01", Given.Service("net", "2027-02-01", Given.Slow));
            for (var month = Given.Day("2027-02-01"); month <= Given.Day("2028-11-01"); month = month.AddMonths(1))
            {
                await Do(Iso(month), Given.Bill(Iso(month)));
                await Do(Iso(month), Given.Payment($"4/{month}", 499, Iso(month), writer.State.Documents[^1].Symbol));
            }

            // The credit of November 2028 settles the router of January 2027; what was paid long ago has left by then or leaves now.
            await Do("2029-06-05", Given.Service("net", "2027-02-01", Given.Slow, end: "2028-11-01"));
            await Do("2029-06-05", Given.Bill("2029-06-05"));
            Assert.Null(writer.State.FindDocument(2));
            Assert.NotNull(writer.State.FindDocument(1));
            Assert.True(writer.State.Services[0].SettledUpTo > Given.Day("2027-06-01"));

            async Task Do(string today, AccountCommand command) => Assert.IsType<AppendResult.Committed>(
                await writer.Append(writer.Decide(command, Given.On(Given.Day(today), Given.Settings with { CorrectionHorizonMonths = 6 }))));
        }

        var report = await _books.Audit();

        Assert.True(report.IsClean, Text(report));

        static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task A_revision_of_the_settings_that_a_step_names_and_no_entry_reaches_is_found()
    {
        await using (var journal = _books.OpenJournal())
        {
            var writer = new Writer(journal, 4);
            foreach (var (today, command) in new (string, AccountCommand)[]
            {
                ("2027-01-01", Given.Client()),
                ("2027-01-01", new AddOneOff("router", Given.Day("2027-01-01"), "Router", Quantity.One, Money.Czk(4_990), PriceMode.Gross, VatCategory.Standard)),
                ("2027-01-01", Given.Bill("2027-01-01")),
                ("2027-06-01", new Review()),
            })
                Assert.IsType<AppendResult.Committed>(await writer.Append(writer.Decide(command, Given.On(Given.Day(today), Given.Settings) with { PolicyRevision = 700 })));
            Assert.NotEmpty(writer.State.Dunning.Taken);
        }

        var report = await _books.Audit();

        var finding = Assert.Single(report.Findings, finding => finding.Code == AuditCode.SettingsJournalBroken);
        Assert.Equal(("settings revision 700, which an event names", new AccountId(4)), (finding.Subject, finding.Account));
    }

    [Theory]
    [InlineData("UPDATE journal SET payload = set_byte(payload, 20, get_byte(payload, 20) # 1) WHERE account_id = 1 AND version = 9", AuditCode.ChainBroken, 1, "version 9,")]
    [InlineData("UPDATE journal SET hash = set_byte(hash, 0, get_byte(hash, 0) # 1) WHERE account_id = 1 AND version = 9", AuditCode.ChainBroken, 1, "version 9,")]
    [InlineData("UPDATE journal SET name = 'account-closed.v1' WHERE account_id = 1 AND version = 9", AuditCode.ChainBroken, 1, "version 9,")]
    [InlineData("DELETE FROM journal WHERE account_id = 1 AND version = 9", AuditCode.VersionGap, 1, "version 9")]
    [InlineData("DELETE FROM journal j WHERE account_id = 1 AND version = (SELECT version FROM accounts WHERE id = 1)", AuditCode.HeadDiffers, 1, "head")]
    [InlineData("UPDATE accounts SET version = version + 1 WHERE id = 2", AuditCode.HeadDiffers, 2, "head")]
    [InlineData("UPDATE accounts SET head = set_byte(head, 0, get_byte(head, 0) # 1) WHERE id = 2", AuditCode.HeadDiffers, 2, "head")]
    [InlineData("DELETE FROM accounts WHERE id = 2", AuditCode.AccountMissing, 2, "account")]
    [InlineData("UPDATE journal SET reply = NULL WHERE account_id = 2 AND version = 2", AuditCode.CommitMalformed, 2, "version 3")]
    [InlineData("UPDATE journal SET command = NULL WHERE account_id = 2 AND version = 2", AuditCode.ChainBroken, 2, "version 2,")]
    [InlineData("UPDATE accounts SET state = overlay(state PLACING 'Hana'::bytea FROM position('Jana'::bytea IN state)) WHERE id = 3", AuditCode.StateDiffers, 3, "state")]
    [InlineData("UPDATE accounts SET status = 2 WHERE id = 3", AuditCode.AccountColumnDiffers, 3, "status")]
    [InlineData("UPDATE accounts SET level = 1 WHERE id = 3", AuditCode.AccountColumnDiffers, 3, "level")]
    [InlineData("UPDATE accounts SET balance = balance - 1 WHERE id = 3", AuditCode.AccountColumnDiffers, 3, "balance")]
    [InlineData("UPDATE accounts SET next_bill_on = next_bill_on + 1 WHERE id = 3", AuditCode.AccountColumnDiffers, 3, "next_bill_on")]
    [InlineData("UPDATE accounts SET next_bill_on = NULL WHERE id = 3", AuditCode.AccountColumnDiffers, 3, "next_bill_on")]
    [InlineData("UPDATE account_profiles SET profile = convert_to(replace(convert_from(profile, 'UTF8'), 'Jana', 'Hana'), 'UTF8') WHERE account_id = 3", AuditCode.ProfileDiffers, 3, "revision 1")]
    [InlineData("DELETE FROM account_profiles WHERE account_id = 3", AuditCode.ProfileDiffers, 3, "revision 1")]
    [InlineData("UPDATE clients SET name = 'Hana' WHERE account_id = 1", AuditCode.ClientDiffers, 1, "client")]
    [InlineData("DELETE FROM clients WHERE account_id = 1", AuditCode.ClientDiffers, 1, "client")]
    [InlineData("DELETE FROM client_terms WHERE account_id = 1 AND kind = 1 AND term = 'jana'", AuditCode.TermDiffers, 1, "terms of kind 1")]
    [InlineData("INSERT INTO client_terms (account_id, kind, term) VALUES (3, 6, '420777123456')", AuditCode.TermDiffers, 3, "terms of kind 6")]
    [InlineData("UPDATE client_terms SET term = 'praha' WHERE account_id = 3 AND kind = 2 AND term = 'brno'", AuditCode.TermDiffers, 3, "terms of kind 2")]
    [InlineData("DELETE FROM client_terms WHERE account_id = 1 AND kind = 10 AND term = '2026/0117'", AuditCode.TermDiffers, 1, "terms of kind 10")]
    [InlineData("INSERT INTO client_terms (account_id, kind, term) VALUES (1, 10, '2026/0118')", AuditCode.TermDiffers, 1, "terms of kind 10")]
    [InlineData("UPDATE documents SET total = total + 1 WHERE account_id = 1 AND ordinal = 2", AuditCode.DocumentDiffers, 1, "document 2")]
    [InlineData("UPDATE documents SET due_on = due_on + 1 WHERE account_id = 1 AND ordinal = 2", AuditCode.DocumentDiffers, 1, "document 2")]
    [InlineData("UPDATE document_lines SET amount = amount + 1 WHERE account_id = 3 AND line = 2", AuditCode.LineDiffers, 3, "document 1, line 2")]
    [InlineData("DELETE FROM document_lines WHERE account_id = 3 AND line = 2", AuditCode.LineDiffers, 3, "document 1, line 2")]
    [InlineData("INSERT INTO document_lines SELECT account_id, document, 99, reason, service, one_off, tariff, text, period_from, period_to, quantity, unit_price, price_mode, vat_category, vat_rate, amount FROM document_lines WHERE account_id = 3 AND line = 2", AuditCode.LineDiffers, 3, "document 1, line 99")]
    [InlineData("UPDATE postings SET amount = amount + 1 WHERE account_id = 3 AND ledger_account = 343", AuditCode.PostingDiffers, 3, "version 3")]
    [InlineData("DELETE FROM postings WHERE account_id = 3 AND ledger_account = 343", AuditCode.PostingDiffers, 3, "version 3")]
    [InlineData("INSERT INTO postings SELECT * FROM postings WHERE account_id = 3 AND ledger_account = 221", AuditCode.PostingDiffers, 3, "version 4")]
    [InlineData("INSERT INTO postings SELECT 99999, version, posted_on, ledger_account, vat_rate, amount, currency FROM postings WHERE account_id = 3 AND ledger_account = 221", AuditCode.AccountMissing, 99999, "account")]
    [InlineData("UPDATE payments SET amount = amount + 1 WHERE account_id = 1 AND ordinal = 1", AuditCode.PaymentDiffers, 1, "payment 1")]
    [InlineData("UPDATE payments SET status = 0 WHERE account_id = 1 AND ordinal = 2", AuditCode.PaymentDiffers, 1, "payment 2")]
    [InlineData("UPDATE payments SET reversed_by = 'another entry' WHERE account_id = 1 AND ordinal = 2", AuditCode.PaymentDiffers, 1, "payment 2")]
    [InlineData("UPDATE allocations SET amount = amount + 1 WHERE account_id = 3", AuditCode.AllocationDiffers, 3, "version 4")]
    [InlineData("DELETE FROM allocations WHERE account_id = 3", AuditCode.AllocationDiffers, 3, "version 4")]
    [InlineData("UPDATE open_items SET open = open - 1 WHERE account_id = 3", AuditCode.OpenItemDiffers, 3, "document 1")]
    [InlineData("UPDATE open_items SET disputed = true WHERE account_id = 3", AuditCode.OpenItemDiffers, 3, "document 1")]
    [InlineData("DELETE FROM open_items WHERE account_id = 3", AuditCode.OpenItemDiffers, 3, "document 1")]
    [InlineData("INSERT INTO open_items VALUES (3, 7, '2026-01-01', 100, false)", AuditCode.OpenItemDiffers, 3, "document 7")]
    [InlineData("DELETE FROM outbox WHERE account_id = 2", AuditCode.DeliveryDiffers, 2, "version 3")]
    [InlineData("INSERT INTO outbox (account_id, version, created_at, ordinal, kind, channel, status, payload) SELECT account_id, version, created_at, ordinal + 1, kind, channel, status, payload FROM outbox WHERE account_id = 2", AuditCode.DeliveryDiffers, 2, "version 3")]
    [InlineData("UPDATE outbox SET ordinal = 2 WHERE account_id = 2", AuditCode.DeliveryDiffers, 2, "version 3")]
    [InlineData("UPDATE outbox SET version = 2 WHERE account_id = 2 AND version = 3; INSERT INTO outbox SELECT account_id, 3, created_at, ordinal, kind, channel, status, attempts, payload FROM outbox WHERE account_id = 2", AuditCode.DeliveryDiffers, 2, "version 2")]
    [InlineData("UPDATE outbox SET channel = 2 WHERE account_id = 2", AuditCode.DeliveryDiffers, 2, "version 3")]
    [InlineData("UPDATE outbox SET kind = 2 WHERE account_id = 2", AuditCode.DeliveryDiffers, 2, "version 3")]
    [InlineData("UPDATE outbox SET payload = replace(payload, '\"document\":1', '\"document\":2') WHERE account_id = 2", AuditCode.DeliveryDiffers, 2, "version 3")]
    [InlineData("UPDATE outbox SET payload = replace(payload, '\"on\":\"2026-02', '\"on\":\"2025-02') WHERE account_id = 1 AND kind = 2 AND payload LIKE '%\"first\"%'", AuditCode.DeliveryDiffers, 1, "version ")]
    [InlineData("INSERT INTO outbox SELECT account_id, 4, created_at, 1, 3, 1, 0, 0, '{\"$type\":\"send-thanks.v1\"}' FROM outbox WHERE account_id = 3", AuditCode.DeliveryDiffers, 3, "version 4")]
    [InlineData("UPDATE number_series SET next = next + 1 WHERE issuer = 2", AuditCode.SeriesDiffers, 0, "series 2/Invoice/2026")]
    [InlineData("UPDATE number_series SET last_issued_on = last_issued_on - 1 WHERE issuer = 2", AuditCode.SeriesDiffers, 0, "series 2/Invoice/2026")]
    [InlineData("DELETE FROM number_series WHERE issuer = 2", AuditCode.SeriesDiffers, 0, "series 2/Invoice/2026")]
    [InlineData("INSERT INTO number_series VALUES (2, 0, 2025, 2, '2025-01-01')", AuditCode.SeriesDiffers, 0, "series 2/Invoice/2025")]
    public async Task What_was_tampered_with_is_named_and_nothing_else(string tampering, AuditCode code, long account, string subject)
    {
        await _books.Database.Tamper(tampering);

        var report = await _books.Audit();

        var finding = Assert.Single(report.Findings);
        Assert.Equal((code, account), (finding.Code, finding.Account?.Value ?? 0));
        Assert.StartsWith(subject, finding.Subject, StringComparison.Ordinal);
        Assert.NotEqual(finding.Expected, finding.Found);
        Assert.Equal(AuditConsole.Faulty, AuditConsole.Print(report, TextWriter.Null));
    }

    [Fact]
    public async Task A_payload_that_is_no_message_is_named_and_the_message_is_missing()
    {
        await _books.Database.Execute("UPDATE outbox SET payload = '{}' WHERE account_id = 2");

        var findings = (await _books.Audit()).Findings;

        Assert.All(findings, finding => Assert.Equal((AuditCode.DeliveryDiffers, new AccountId(2), "version 3"), (finding.Code, finding.Account, finding.Subject)));
        Assert.Equal(["nothing", "{}"], findings.Select(finding => finding.Found).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_became_of_a_delivery_and_a_reminder_that_does_not_say_its_day_are_sound()
    {
        await _books.Database.Execute(
            """
            UPDATE outbox SET status = 4, attempts = 3, owner = 'd', receipt = '4711', ended_at = now() WHERE account_id = 2;
            UPDATE outbox SET payload = regexp_replace(payload, ',"on":"[0-9-]+"', '') WHERE kind = 2
            """);
        Assert.Equal(0, await _books.Database.Scalar<long>("SELECT count(*) FROM outbox WHERE payload LIKE '%\"on\":%'"));
        Assert.True(await _books.Database.Scalar<long>("SELECT count(*) FROM outbox WHERE kind = 2") > 1);

        var report = await _books.Audit();

        Assert.True(report.IsClean, Text(report));
    }

    [Theory]
    [InlineData("UPDATE journal SET command = NULL WHERE account_id = 2 AND version = 2", AuditCode.CommitMalformed)]
    [InlineData("DROP INDEX journal_command; UPDATE journal SET command = (SELECT command FROM journal WHERE account_id = 2 AND version = 1) WHERE account_id = 2 AND version = 2", AuditCode.CommandRepeated)]
    public async Task A_command_tampered_with_by_somebody_who_hashes_the_chain_anew_is_named(string tampering, AuditCode code)
    {
        await _books.Database.Tamper(tampering);
        await Rewrite(2, 1, payload => payload);

        await Names(code, "version 2");
    }

    [Theory]
    [InlineData("UPDATE documents SET sequence = 99 WHERE account_id = 3", AuditCode.NumberGap)]
    [InlineData("DELETE FROM documents WHERE account_id = 1 AND ordinal = 1", AuditCode.NumberGap)]
    [InlineData("UPDATE documents SET issued_on = '2025-12-31' WHERE account_id = 3", AuditCode.NumberDatesGoBack)]
    public async Task A_number_tampered_with_shows_in_its_document_and_its_series(string tampering, AuditCode code)
    {
        await _books.Database.Tamper(tampering);

        var codes = (await _books.Audit()).Findings.Select(finding => finding.Code).ToHashSet();

        Assert.Contains(AuditCode.DocumentDiffers, codes);
        Assert.Contains(code, codes);
        Assert.DoesNotContain(codes, other => other != code && other is not (AuditCode.DocumentDiffers or AuditCode.SeriesDiffers));
    }

    [Fact]
    public async Task A_payment_that_gives_more_than_it_has_is_named()
    {
        await _books.Forge(state => [new PaymentBooked(new Payment(
            state.LastPayment + 1, "forged", Money.Czk(10), Given.Day("2026-05-01"), null, null, null, MatchRule.Clerk, PaymentStatus.Booked,
            [new Allocation(1, Money.Czk(20))]))]);

        await Names(AuditCode.OverAllocated, "payment 2");
    }

    [Fact]
    public async Task An_invoice_that_is_paid_beyond_its_total_is_named()
    {
        await _books.Forge(state => [new PaymentBooked(new Payment(
            state.LastPayment + 1, "forged", Money.Czk(9999), Given.Day("2026-05-01"), null, null, null, MatchRule.Clerk, PaymentStatus.Booked,
            [new Allocation(1, Money.Czk(9999))]))]);

        await Names(AuditCode.OverAllocated, "document 1");
    }

    [Fact]
    public async Task An_account_that_cannot_be_recomputed_is_named_and_the_audit_goes_on()
    {
        await _books.ForgeUnfolded(state => Enumerable.Range(1, 100).Select(i => new PaymentBooked(new Payment(
            state.LastPayment + i, $"beyond-{i}", new Money(long.MaxValue / 2, Currency.Czk), Given.Day("2026-05-01"), null, null, null, MatchRule.Clerk,
            PaymentStatus.Booked, []))));

        var report = await _books.Audit();

        var finding = Assert.Single(report.Findings, finding => finding.Account == new AccountId(3));
        Assert.Equal(AuditCode.Uncomputable, finding.Code);
        Assert.Contains(nameof(OverflowException), finding.Found, StringComparison.Ordinal);
        Assert.Equal(3, report.Accounts);
    }

    [Fact]
    public async Task A_payment_out_of_order_is_named()
    {
        await _books.Forge(_ => [new PaymentBooked(new Payment(
            7, "forged", Money.Czk(10), Given.Day("2026-05-01"), null, null, null, MatchRule.Clerk, PaymentStatus.Booked, []))]);

        await Names(AuditCode.OrdinalGap, "payment 2");
    }

    [Fact]
    public async Task A_stretch_that_is_charged_twice_is_named()
    {
        await _books.Forge(state => [Invoice(state, line => line)]);

        await Names(AuditCode.ChargedTwice, "service 1");
    }

    [Fact]
    public async Task Lines_that_charge_other_than_the_state_says_are_named()
    {
        await _books.Forge(state => [Invoice(state, line => line, new Recharged(1, state.Services[0].Charged))]);

        await Names(AuditCode.ChargesDiffer, "service 1");
    }

    [Fact]
    public async Task Lines_that_do_not_sum_to_their_tax_group_are_named()
    {
        await _books.Forge(state => [Invoice(state, line => line with { Amount = line.Amount + Money.Czk(1), Period = Later(line.Period) })]);

        await Names(AuditCode.DocumentDoesNotAddUp, "document 2, Standard");
    }

    [Fact]
    public async Task A_correction_beyond_its_line_is_named()
    {
        await _books.Forge(state =>
        {
            // Each takes back a month of 499; the second has nothing left to take.
            var note = Invoice(state, line => line with { Amount = -line.Amount, Corrects = new LineReference(1, 1) }, new Recharged(1, [.. state.Services[0].Charged.Skip(1)]));
            var again = Invoice(state, line => line with { Amount = -line.Amount, Corrects = new LineReference(1, 1) }, new Recharged(1, [.. state.Services[0].Charged.Skip(2)]));
            return [Negative(note, 2), Negative(again, 3)];
        });

        await Names(AuditCode.OverCorrected, "document 3, line 1");
    }

    [Fact]
    public async Task Postings_that_do_not_sum_to_zero_are_named()
    {
        await Rewrite(3, 3, payload => payload.Replace("\"base\":\"", "\"base\":\"1", StringComparison.Ordinal));

        Assert.Contains((await _books.Audit()).Findings, finding => finding is { Code: AuditCode.PostingsUnbalanced, Subject: "version 3" });
    }

    [Fact]
    public async Task An_event_this_program_cannot_read_is_named()
    {
        await Rewrite(3, 3, _ => "{\"document\":7}");

        await Names(AuditCode.EventUnreadable, "version 3, document-issued.v1");
    }

    [Fact]
    public async Task Findings_beyond_the_first_thousand_are_counted()
    {
        await _books.Database.Execute("INSERT INTO open_items SELECT 3, n, '2026-01-01', 1, false FROM generate_series(100, 1599) n");

        var report = await _books.Audit();

        Assert.Equal((AuditReport.MaxNamed, 1500L), (report.Findings.Count, report.FindingsTotal));
    }

    [Theory]
    [InlineData(1, 50000, false, 0, null)]
    [InlineData(0, 50000, false, 0, null)]
    [InlineData(1, 50001, false, 0, "50001 on accounts")]
    [InlineData(2, 50000, false, 0, "nothing: the entry is not matched")]
    [InlineData(1, 50000, true, 1, "-50000 on accounts")]
    public async Task A_statement_entry_and_its_payment_agree(short state, long amount, bool isReversal, short direction, string? expected)
    {
        await _books.AddEntry(isReversal ? new string('f', 32) : SmallBooks.Entry, state, amount, isReversal, direction);

        var findings = (await _books.Audit()).Findings;

        if (expected is null) Assert.Empty(findings);
        else Assert.Equal((AuditCode.EntryDiffers, expected), (Assert.Single(findings).Code, findings[0].Expected));
    }

    [Fact]
    public async Task A_payment_of_an_entry_that_does_not_exist_is_named()
    {
        await _books.Database.Execute("DELETE FROM statement_entries");

        await Names(AuditCode.EntryDiffers, $"entry {SmallBooks.Entry}");
    }

    private async Task Names(AuditCode code, string subject)
    {
        var report = await _books.Audit();
        var finding = Assert.Single(report.Findings);
        Assert.Equal((code, subject), (finding.Code, finding.Subject));
    }

    /// <summary>An invoice over January again.</summary>
    private static DocumentIssued Invoice(AccountState state, Func<DocumentLine, DocumentLine> change, params Recharged[] recharged)
    {
        var january = BillingProposal.Of([state.Services[0] with { Charged = [] }], [], Given.Settings.Catalogue, Given.Day("2026-01-01"));
        var context = Given.On("2026-05-01");
        var terms = new DraftTerms(
            state.RequiredProfile, state.ProfileRevision, context.IssuerOf(state.RequiredProfile), context.Catalogue, context.VatRates,
            ChargedSoFar.Nothing with { LastDocument = state.LastDocument }, context.Today);
        var draft = Assert.Single(DocumentDrafting.Draft(terms, january, run: null));
        return new DocumentIssued(draft with { Lines = [change(Assert.Single(draft.Lines))] }, [], [.. recharged]);
    }

    private static DocumentIssued Negative(DocumentIssued issued, int ordinal) => issued with
    {
        Document = issued.Document with
        {
            Ordinal = ordinal,
            Total = -issued.Document.Total,
            Vat = [.. issued.Document.Vat.Select(total => total with { Base = -total.Base, Tax = -total.Tax })],
        },
    };

    private static Period? Later(Period? period) => period is { } known ? new Period(known.From.AddMonths(4), known.To.AddMonths(4)) : null;

    /// <summary>Changes an event and hashes the chain anew, as somebody would who knows how.</summary>
    private async Task Rewrite(long account, long version, Func<string, string> change)
    {
        var entries = await Journal.StoredRows.EntriesOf(_books.Database.Source, new AccountId(account));
        var hash = Array.Empty<byte>();
        foreach (var entry in entries)
        {
            var payload = entry.Version == version ? System.Text.Encoding.UTF8.GetBytes(change(System.Text.Encoding.UTF8.GetString(entry.Payload))) : entry.Payload;
            hash = Journal.Chain.Next(hash, new AccountId(account), entry with { Payload = payload });
            await _books.Database.Tamper(
                $"UPDATE journal SET payload = '\\x{Convert.ToHexString(payload)}', hash = '\\x{Convert.ToHexString(hash)}' WHERE account_id = {account} AND version = {entry.Version}");
        }

        await _books.Database.Execute($"UPDATE accounts SET head = '\\x{Convert.ToHexString(hash)}' WHERE id = {account}");
    }

    private static string Text(AuditReport report)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        AuditConsole.Print(report, text);
        return text.ToString();
    }
}
