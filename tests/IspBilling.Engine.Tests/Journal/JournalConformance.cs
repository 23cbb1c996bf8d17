using System.Text.Json;
using IspBilling.Domain;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Json;

namespace IspBilling.Engine.Tests.Journal;

/// <summary>What every journal promises; each implementation runs all of it.</summary>
public abstract class JournalConformance : IAsyncLifetime
{
    private IJournal _journal = null!;

    public async Task InitializeAsync() => _journal = await Open();

    public abstract Task DisposeAsync();

    protected abstract Task<IJournal> Open();

    /// <summary>Another journal over the same store, as another process would have.</summary>
    protected abstract Task<IJournal> OpenAnother();

    protected abstract Task<IReadOnlyList<ChainedEvent>> EntriesOf(AccountId account);

    protected abstract Task<IReadOnlyList<(DeliveryId Delivery, OutgoingMessage Message)>> Outbox();

    [Fact]
    public async Task An_account_nobody_wrote_to_is_new()
    {
        var loaded = await _journal.Load(new AccountId(1), Writer.NewId(), bulk: false, CancellationToken.None);

        Assert.Equal((AccountStatus.New, 0L, (AccountReply?)null, (string?)null), (loaded.State.Status, loaded.Head.Version, loaded.StoredReply, loaded.Parked));
    }

    [Fact]
    public async Task Everything_an_account_can_do_is_loaded_exactly_as_it_was_appended()
    {
        var writer = new Writer(_journal, 1);
        foreach (var (today, command) in Lives.Eventful)
        {
            await writer.Commit(command(writer.State), today);
            var (state, head) = (writer.State, writer.Head);

            await writer.Load();

            Assert.Equal(Json(state), Json(writer.State));
            Assert.Equal(head.Version, writer.Head.Version);
            Assert.Equal(head.Hash.AsEnumerable(), writer.Head.Hash);
        }

        Assert.Equal(Lives.EventNames, (await EntriesOf(writer.Account)).Select(entry => entry.Name).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_events_fold_to_the_state_and_their_hashes_chain()
    {
        var writer = new Writer(_journal, 1);
        foreach (var (today, command) in Lives.Eventful) await writer.Commit(command(writer.State), today);

        var (state, hash) = (AccountState.New(writer.Account), Array.Empty<byte>());
        foreach (var entry in await EntriesOf(writer.Account))
        {
            state = state.Evolve(JournalJson.ReadEvent(entry.Name, entry.Payload, entry.Personal));
            hash = Chain.Next(hash, writer.Account, entry);
            Assert.Equal((state.Version, Convert.ToHexString(hash)), (entry.Version, Convert.ToHexString(entry.Hash.AsSpan())));
        }

        Assert.Equal(Json(writer.State), Json(state));
        Assert.Equal(writer.Head.Hash.AsEnumerable(), hash);
    }

    [Fact]
    public async Task A_repeated_command_gets_its_first_reply_and_writes_nothing()
    {
        var writer = await new Writer(_journal, 1).Subscribe();
        var billing = Writer.NewId();
        var first = await writer.Commit(Given.Bill("2026-01-01"), "2026-01-01", billing);
        await writer.Commit(Given.Bill("2026-02-01"), "2026-02-01");
        var version = writer.Head.Version;

        // The state moved on, so that the same command would decide something again.
        var again = await writer.Append(writer.Decide(Given.Bill("2026-03-01"), "2026-03-01", billing));
        var loaded = await writer.Load(billing);
        var found = await _journal.FindReply(writer.Account, billing, CancellationToken.None);

        Assert.Equal(Json(first.Reply), Json(Assert.IsType<AppendResult.AlreadyDone>(again).Reply));
        Assert.Equal(Json(first.Reply), Json(loaded.StoredReply!));
        Assert.Equal((Json(first.Reply), version), (Json(found.Reply!), found.Version));
        Assert.Equal(version, loaded.Head.Version);
        Assert.Equal(version, (await EntriesOf(writer.Account)).Count);
    }

    [Fact]
    public async Task Documents_of_several_months_in_one_commit_take_numbers_that_follow_each_other()
    {
        var context = Given.On("2026-03-31");
        var issuers = context.Issuers.ToDictionary(issuer => issuer.Key, issuer => issuer.Value with { SupplyDating = SupplyDating.Period });
        context = context with { Issuers = context.Issuers.SetItems(issuers) };
        var (one, other) = (await new Writer(_journal, 1).Subscribe(), await new Writer(_journal, 2).Subscribe());

        var first = Assert.IsType<AppendResult.Committed>(await one.Append(one.Decide(Given.Bill("2026-03-31"), context)));
        var second = Assert.IsType<AppendResult.Committed>(await other.Append(other.Decide(Given.Bill("2026-03-31"), context)));

        Assert.Equal(["2600000001", "2600000002", "2600000003"], one.State.Documents.Select(document => document.Number));
        Assert.Equal(["2600000004", "2600000005", "2600000006"], other.State.Documents.Select(document => document.Number));
        Assert.Equal(3, Assert.IsType<Billed>(first.Commit.Reply).Documents.Length);
        Assert.Equal(3, Assert.IsType<Billed>(second.Commit.Reply).Documents.Length);
        await one.Load();
        Assert.Equal(3, one.State.LastDocument);
    }

    [Fact]
    public async Task A_command_id_belongs_to_its_account()
    {
        var shared = Writer.NewId();
        await new Writer(_journal, 1).Commit(Given.Client(), "2026-01-01", shared);
        await new Writer(_journal, 2).Commit(Given.Client(), "2026-01-01", shared);

        Assert.Equal((null, 0), await _journal.FindReply(new AccountId(3), shared, CancellationToken.None));
        Assert.Equal((null, 1), await _journal.FindReply(new AccountId(1), Writer.NewId(), CancellationToken.None));
    }

    [Fact]
    public async Task Who_decided_on_an_outdated_state_conflicts()
    {
        var fast = await new Writer(_journal, 1).Subscribe();
        var slow = new Writer(_journal, 1);
        await slow.Load();
        await fast.Commit(Given.Bill("2026-01-01"), "2026-01-01");

        Assert.IsType<AppendResult.VersionConflict>(await slow.Append(slow.Decide(Given.Bill("2026-01-01"), "2026-01-01")));
        Assert.IsType<AppendResult.VersionConflict>(await new Writer(_journal, 1).Append(new Writer(_journal, 1).Decide(Given.Client("Other"), "2026-01-01")));
        Assert.Equal(fast.Head.Version, (await EntriesOf(fast.Account)).Count);
    }

    [Fact]
    public async Task Numbers_run_without_gap_and_dates_without_going_back_over_many_commits_at_once()
    {
        const int accounts = 600;
        var writers = await Task.WhenAll(Enumerable.Range(1, accounts).Select(account => new Writer(_journal, account)
            .Subscribe(account % 3 == 0 ? Given.OtherIssuer : IssuerId.Default)));

        // Two days at once, as around midnight; whoever is late by a day decides again on the next.
        await Task.WhenAll(writers.Select(writer => BillOnOrAfter(writer, writer.Account.Value % 2 == 0 ? "2026-01-31" : "2026-02-01")));

        // A shorter service is credited, the rest charged: two kinds of document in one commit.
        await Task.WhenAll(writers.Select(async writer =>
        {
            await writer.Commit(Given.Service("net", "2026-01-01", Given.Slow, end: "2026-01-20"), "2026-02-02");
            await writer.Commit(new AddOneOff($"{writer.Account}", Given.Day("2026-02-02"), "router", Quantity.One, Money.Czk(990), PriceMode.Gross, VatCategory.Standard), "2026-02-02");
            await writer.Commit(Given.Bill("2026-02-02"), "2026-02-02");
        }));

        var documents = (await Task.WhenAll(writers.Select(writer => EntriesOf(writer.Account))))
            .SelectMany(entries => entries).Where(entry => entry.Name == "document-issued.v1")
            .Select(entry => ((DocumentIssued)JournalJson.ReadEvent(entry.Name, entry.Payload, entry.Personal)).Document).ToList();
        var series = documents.GroupBy(document => document.Series).ToList();
        Assert.Equal(4, series.Count);
        Assert.Equal(accounts * 3, documents.Count);
        foreach (var numbered in series.Select(group => group.OrderBy(document => document.Sequence).ToList()))
        {
            Assert.Equal(Enumerable.Range(1, numbered.Count).Select(n => (long)n), numbered.Select(document => document.Sequence));
            Assert.Equal(numbered.Select(document => document.IssuedOn).Order(), numbered.Select(document => document.IssuedOn));
        }
    }

    [Fact]
    public async Task A_document_dated_before_the_last_of_its_series_is_refused_and_leaves_no_gap()
    {
        var first = await new Writer(_journal, 1).Subscribe();
        var second = await new Writer(_journal, 2).Subscribe();
        await first.Commit(Given.Bill("2026-01-01"), "2026-03-02");

        var late = await second.Append(second.Decide(Given.Bill("2026-01-01"), "2026-03-01"));

        var refused = Assert.IsType<AppendResult.DateBeforeSeries>(late);
        Assert.Equal((new SeriesKey(IssuerId.Default, DocumentKind.Invoice, 2026), Given.Day("2026-03-02")), (refused.Series, refused.LastIssuedOn));
        var billed = Assert.IsType<Billed>((await second.Commit(Given.Bill("2026-01-01"), "2026-03-02")).Reply);
        Assert.Equal("2600000002", Assert.Single(billed.Documents).Number);
    }

    [Fact]
    public async Task Each_year_numbers_from_one()
    {
        var writer = await new Writer(_journal, 1).Subscribe();
        await writer.Commit(Given.Bill("2026-01-01"), "2026-01-01");

        var billed = Assert.IsType<Billed>((await writer.Commit(Given.Bill("2026-02-01"), "2027-01-01")).Reply);

        Assert.Equal("2700000001", Assert.Single(billed.Documents).Number);
    }

    [Fact]
    public async Task A_parked_account_says_so_until_it_is_unparked()
    {
        var writer = await new Writer(_journal, 1).Subscribe();
        await _journal.Park(writer.Account, "Bill", "tariff T3 has no price", DateTimeOffset.UnixEpoch, CancellationToken.None);
        await _journal.Park(writer.Account, "Review", "something else", DateTimeOffset.UnixEpoch, CancellationToken.None);
        Assert.Equal("Review", (await writer.Load()).Parked);

        await _journal.Unpark(writer.Account, CancellationToken.None);
        await _journal.Unpark(writer.Account, CancellationToken.None);

        Assert.Null((await writer.Load()).Parked);
    }

    [Fact]
    public async Task Each_message_stands_in_the_outbox_once()
    {
        var writers = await Task.WhenAll(Enumerable.Range(1, 50).Select(account => new Writer(_journal, account).Subscribe()));
        var repeated = Writer.NewId();
        await Task.WhenAll(writers.Select(writer => writer.Commit(Given.Bill("2026-01-01"), "2026-01-01", repeated)));
        await Task.WhenAll(writers.Select(writer => writer.Append(writer.Decide(Given.Bill("2026-02-01"), "2026-02-01", repeated))));

        var outbox = await Outbox();

        Assert.Equal(writers.Select(writer => writer.Account), outbox.Select(row => row.Delivery.Account).Order());
        Assert.All(outbox, row => Assert.Equal(new DeliverDocument(1, DeliveryPreference.Email), row.Message));
    }

    [Fact]
    public async Task A_commit_that_cannot_be_written_fails_alone_and_leaves_no_gap()
    {
        var writers = await Task.WhenAll(Enumerable.Range(1, 300).Select(account => new Writer(_journal, account).Subscribe()));

        var bills = writers.Select(writer => writer.Decide(Given.Bill("2026-01-01"), "2026-01-01")).ToList();
        var unwritable = bills[149] with { Decision = bills[149].Decision with { Events = [new HeardOfByNobody()] } };

        var appended = writers.Select((writer, i) => writer.Append(i == 149 ? unwritable : bills[i])).ToList();

        Assert.IsType<KeyNotFoundException>(Assert.IsType<AppendResult.Unwritable>(await appended[149]).Cause);
        var sequences = new List<string>();
        foreach (var append in appended.Where((_, i) => i != 149))
            sequences.Add(Assert.IsType<Billed>(Assert.IsType<AppendResult.Committed>(await append).Commit.Reply).Documents[0].Number!);
        Assert.Equal(Enumerable.Range(1, 299).Select(n => $"26{n:00000000}"), sequences.Order(StringComparer.Ordinal));
        Assert.Equal(2, (await EntriesOf(new AccountId(150))).Count);
        await writers[149].Commit(Given.Bill("2026-01-01"), "2026-01-01");
    }

    [Fact]
    public async Task Of_two_writers_of_one_account_each_time_one_wins_and_nothing_is_lost()
    {
        const int items = 40;
        await new Writer(_journal, 1).Subscribe();
        var other = await OpenAnother();

        await Task.WhenAll(AddItems(_journal, "a"), AddItems(_journal, "b"), AddItems(other, "c"));

        var writer = new Writer(_journal, 1);
        await writer.Load();
        Assert.Equal(3 * items, writer.State.OneOffs.Select(item => item.Id).Distinct().Count());
        Assert.Equal(writer.Head.Version, (await EntriesOf(writer.Account)).Count);

        static async Task AddItems(IJournal journal, string prefix)
        {
            var writer = new Writer(journal, 1);
            await writer.Load();
            for (var i = 0; i < items; i++)
            {
                var item = new AddOneOff($"{prefix}{i}", Given.Day("2026-01-01"), "item", Quantity.One, Money.Czk(1), PriceMode.Gross, VatCategory.Standard);
                while (await writer.Append(writer.Decide(item, "2026-01-01")) is AppendResult.VersionConflict) await writer.Load();
            }
        }
    }

    [Fact]
    public async Task Of_two_writers_that_create_an_account_one_wins()
    {
        var other = await OpenAnother();
        for (var account = 1; account <= 30; account++)
        {
            var (here, there) = (new Writer(_journal, account), new Writer(other, account));
            var results = await Task.WhenAll(here.Append(here.Decide(Given.Client("Here"), "2026-01-01")), there.Append(there.Decide(Given.Client("There"), "2026-01-01")));

            Assert.Single(results.OfType<AppendResult.Committed>());
            Assert.Single(results.OfType<AppendResult.VersionConflict>());
        }
    }

    [Fact]
    public async Task Thousands_of_accounts_become_durable_at_once()
    {
        const int accounts = 3_000;

        var writers = await Task.WhenAll(Enumerable.Range(1, accounts).Select(account => new Writer(_journal, account).Subscribe()));

        await Task.WhenAll(writers.Select(async writer =>
        {
            var expected = Json(writer.State);
            await writer.Load();
            Assert.Equal(expected, Json(writer.State));
        }));
    }

    private sealed record HeardOfByNobody : AccountEvent;

    protected static string Json(AccountState state) => JournalJson.StateText(state);

    protected static string Json(AccountReply reply) => JsonSerializer.Serialize(reply, JournalJson.Options);

    private static async Task BillOnOrAfter(Writer writer, string today)
    {
        var result = await writer.Append(writer.Decide(Given.Bill("2026-01-31"), today));
        if (result is AppendResult.DateBeforeSeries) await writer.Commit(Given.Bill("2026-01-31"), "2026-02-01");
    }
}
