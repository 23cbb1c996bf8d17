using System.Collections.Immutable;
using System.Text;
using IspBilling.Domain;
using IspBilling.Engine.Outgoing;
using IspBilling.Outreach.Print;
using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Outgoing;
using IspBilling.TestKit;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using PdfSharp.Pdf;
using PdfSharp.Pdf.IO;

namespace IspBilling.Outreach.Tests.Print;

public sealed class PrintDeskTests : IAsyncLifetime
{
    private static readonly Actor Clerk = new(ActorKind.Person, "1", "Jana Nováková");

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 27, 8, 0, 0, TimeSpan.Zero));
    private readonly World _world = new();
    private TestDatabase _database = null!;
    private PostgresOutbox _outbox = null!;
    private PostgresPrintBatches _batches = null!;

    public async Task InitializeAsync()
    {
        _database = await new PostgresFixture().NewDatabase(MigrationSet.OfProgram);
        (_outbox, _batches) = (new PostgresOutbox(_database.Source), new PostgresPrintBatches(_database.Source));
        await _outbox.Switch(MessageChannel.Print, isOn: true, Clerk, _clock.GetUtcNow(), default);
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Letters_lie_as_the_machine_wants_them_and_the_file_has_the_list_and_each_letter_on_a_sheet_of_its_own()
    {
        await Due((1, "SK", "811 01", 1), (2, "CZ", "602 00", 1), (3, "CZ", "11000", 3), (4, "CZ", "110 00", 1), (5, "AT", "1010", 2));
        var batch = await Desk().Make(Guid.NewGuid(), 100, duplex: true, Clerk, default);
        Assert.Equal((PrintBatchStatus.Ready, 5, 1 + 1 + 2 + 1 + 1), (batch.Status, batch.Letters, batch.Sheets));
        var letters = await _batches.Letters(batch.Id, 0, 100, default);
        Assert.Equal([5, 4, 3, 2, 1], letters.Select(letter => letter.Delivery.Account.Value));
        Assert.Equal([1, 2, 3, 4, 5], letters.Select(letter => letter.Position));

        var pdf = Assert.IsType<PrintedBatch.Printed>(await Desk().Print(batch, default)).Pdf;
        using var file = PdfReader.Open(new MemoryStream(pdf), PdfDocumentOpenMode.Import);
        // The list and its back; two pages; one and its back; three and a back; one and its back, twice.
        Assert.Equal(["595", "", "205", "205", "204", "", "203", "203", "203", "", "202", "", "201", ""], Widths(file));
        Assert.Contains("(    1 AT      1010            1  N-5            C-5              Zluty Kun 5)", Encoding.ASCII.GetString(CoverSheet.Of(batch, letters)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_delivery_lies_in_two_batches_and_posted_ones_are_delivered()
    {
        await Due([.. Enumerable.Range(1, 30).Select(account => ((long)account, "CZ", "110 00", 1))]);
        var made = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Desk().Make(Guid.NewGuid(), 10, duplex: false, Clerk, default)));
        var all = new List<Letter>();
        foreach (var batch in made) all.AddRange(await _batches.Letters(batch.Id, 0, 100, default));
        Assert.Equal((30, 30), (all.Count, all.Select(letter => letter.Delivery).Distinct().Count()));
        var empty = await Desk().Make(Guid.NewGuid(), 10, duplex: false, Clerk, default);
        Assert.Equal((PrintBatchStatus.TakenBack, 0), (empty.Status, empty.Letters));

        Assert.True(await Desk().Posted(made[0].Id, Clerk, default));
        Assert.True(await Desk().Posted(made[0].Id, Clerk, default));
        Assert.False(await Desk().TakeBack(made[0].Id, Clerk, default));
        Assert.True(await Desk().TakeBack(made[1].Id, Clerk, default));
        Assert.False(await Desk().Posted(made[1].Id, Clerk, default));
        Assert.Equal((10, 10, 10), (await Count(DeliveryStatus.Delivered), await Count(DeliveryStatus.Waiting), await Count(DeliveryStatus.Claimed)));

        var again = await Desk().Make(Guid.NewGuid(), 100, duplex: false, Clerk, default);
        Assert.Equal((await _batches.Letters(made[1].Id, 0, 100, default)).Select(letter => letter.Delivery).Order(InOrder), (await _batches.Letters(again.Id, 0, 100, default)).Select(letter => letter.Delivery).Order(InOrder));
    }

    [Fact]
    public async Task A_batch_of_a_process_that_died_is_gone_on_with_at_every_step()
    {
        await Due([.. Enumerable.Range(1, 6).Select(account => ((long)account, "CZ", "110 00", 1))]);
        for (var step = 0; step < 40; step++)
        {
            var id = Guid.NewGuid();
            using var dies = new CancellationTokenSource();
            var left = step;
            var dying = new World { Letters = _world.Letters, Asked = () => { if (left-- == 0) dies.Cancel(); } };
            await Record.ExceptionAsync(() => new PrintDesk(_outbox, _batches, dying, dying, _clock).Make(id, 100, duplex: false, Clerk, dies.Token));
            await Desk().Resume(default);
            var batch = await _batches.Find(id, default);
            Assert.Equal((PrintBatchStatus.Ready, 6), (batch!.Status, batch.Letters));
            Assert.Empty(await _batches.Unfinished(10, default));
            Assert.True(await Desk().TakeBack(id, Clerk, default));
        }
    }

    [Fact]
    public async Task What_was_confirmed_is_carried_through_by_whoever_looks_next()
    {
        await Due((1, "CZ", "110 00", 1), (2, "CZ", "110 00", 1));
        var batch = await Desk().Make(Guid.NewGuid(), 100, duplex: false, Clerk, default);
        // As a process leaves it that dies between taking down what the person said and the first letter.
        await _batches.Close(batch.Id, PrintBatchStatus.Posted, Clerk, _clock.GetUtcNow(), default);
        Assert.Equal(0, await Count(DeliveryStatus.Delivered));
        await Desk().Resume(default);
        Assert.Equal(2, await Count(DeliveryStatus.Delivered));
        Assert.Empty(await _batches.Unfinished(10, default));
    }

    [Fact]
    public async Task A_document_that_cannot_be_printed_or_is_gone_holds_up_no_other()
    {
        await Due((1, "CZ", "110 00", 1), (2, "CZ", "110 00", 0), (3, "CZ", "110 00", -1));
        var batch = await Desk().Make(Guid.NewGuid(), 100, duplex: false, Clerk, default);
        Assert.Equal(1, batch.Letters);
        Assert.Equal((1, 1, 1), (await Count(DeliveryStatus.Claimed), await Count(DeliveryStatus.Waiting), await Count(DeliveryStatus.Superseded)));

        _world.Letters[1] = _world.Letters[1] with { Pages = 2 };
        var changed = Assert.IsType<PrintedBatch.Changed>(await Desk().Print(batch, default));
        Assert.Equal("N-1", changed.Number);
    }

    private static readonly Comparer<DeliveryId> InOrder = Comparer<DeliveryId>.Create((one, other) => one.Account.Value.CompareTo(other.Account.Value));

    private PrintDesk Desk() => new(_outbox, _batches, _world, _world, _clock);

    private Task<long> Total(DeliveryStatus status) => _database.Scalar<long>($"SELECT count(*) FROM outbox WHERE status = {(short)status}")!;

    private async Task<int> Count(DeliveryStatus status) => (int)await Total(status);

    /// <param name="letters">Pages 0: the file is damaged; below zero: the document is gone.</param>
    private async Task Due(params (long Account, string Country, string Postcode, int Pages)[] letters)
    {
        foreach (var letter in letters)
        {
            _world.Letters[letter.Account] = letter;
            await using var insert = _database.Source.CreateCommand(
                "INSERT INTO outbox (account_id, version, created_at, ordinal, kind, channel, status, payload, due_at) VALUES ($1, 1, $2, 1, 1, 3, 1, $3, $2)");
            insert.Parameters.AddRange(new NpgsqlParameter[]
            {
                new() { Value = letter.Account }, new() { Value = _clock.GetUtcNow().UtcDateTime }, new() { Value = """{"$type":"deliver-document.v1","document":1,"delivery":"Post"}""" },
            });
            await insert.ExecuteNonQueryAsync();
        }
    }

    /// <summary>Each page of a letter of account n is 200 + n points wide.</summary>
    private static IEnumerable<string> Widths(PdfDocument file) =>
        file.Pages.Cast<PdfPage>().Select(page => page.Contents.Elements.Count == 0 ? "" : ((int)Math.Round(page.Width.Point)).ToString(System.Globalization.CultureInfo.InvariantCulture));

    private sealed class World : IMessageFacts, IDocumentPrints
    {
        public Dictionary<long, (long Account, string Country, string Postcode, int Pages)> Letters { get; init; } = [];

        public Action Asked { get; init; } = () => { };

        ValueTask<MessageFacts?> IMessageFacts.Of(Delivery delivery, CancellationToken cancellation)
        {
            Asked();
            cancellation.ThrowIfCancellationRequested();
            var (account, country, postcode, _) = Letter(delivery.Id.Account);
            var address = new PostalAddress("Dlouhá 1", "Praha", postcode, country);
            var sender = new SenderFacts(new IssuerId(1), "ISP", null, null, null, address, null);
            return ValueTask.FromResult<MessageFacts?>(new MessageFacts(
                delivery.Id.Account, $"C-{account}", $"Žlutý Kůň {account}", "cs", null, null, address, sender, null, ImmutableArray<DocumentFacts>.Empty, Money.Czk(0), ServiceLevel.Full));
        }

        ValueTask<DocumentPrint?> IDocumentPrints.Of(AccountId account, int document, CancellationToken cancellation)
        {
            Asked();
            cancellation.ThrowIfCancellationRequested();
            var pages = Letter(account).Pages;
            if (pages < 0) return ValueTask.FromResult<DocumentPrint?>(null);
            return ValueTask.FromResult<DocumentPrint?>(new DocumentPrint($"N-{account.Value}", pages == 0 ? "no PDF"u8.ToArray() : Pages(account, pages)));
        }

        private (long Account, string Country, string Postcode, int Pages) Letter(AccountId account) => Letters[account.Value];

        /// <summary>Pages that have something on them.</summary>
        private static byte[] Pages(AccountId account, int count)
        {
            using var document = new PdfDocument();
            for (var i = 0; i < count; i++)
            {
                var page = document.AddPage();
                page.Width = PdfSharp.Drawing.XUnit.FromPoint(200 + account.Value);
                page.Contents.AppendContent().CreateStream("0 0 10 10 re f"u8.ToArray());
            }

            using var file = new MemoryStream();
            document.Save(file, closeStream: false);
            return file.ToArray();
        }
    }
}
