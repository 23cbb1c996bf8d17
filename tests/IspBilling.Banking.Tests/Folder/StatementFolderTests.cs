using System.Text.Json;
using IspBilling.Banking.Folder;
using IspBilling.Banking.Tests.Gpc;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Tests.Folder;

public sealed class StatementFolderTests : IDisposable
{
    private static readonly DateTimeOffset Morning = new(2026, 2, 6, 6, 0, 0, TimeSpan.Zero); // a Friday

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("statements");
    private readonly SkippingClock _clock = new(Morning);
    private readonly Dictionary<ImportId, int> _taken = [];
    private Exception? _failure;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Given_a_statement_then_it_is_booked_and_moves_to_done_with_its_result_beside_it()
    {
        Put("day.gpc", Statement("010226"));
        var file = Assert.Single((await Sweep()).Files);

        Assert.Equal(("day.gpc", FolderOutcome.Done), (file.Name, file.Outcome));
        Assert.False(File.Exists(PathOf("day.gpc")));
        Assert.Equal(Statement("010226"), await File.ReadAllBytesAsync(PathOf("done/day.gpc")));
        var result = JsonDocument.Parse(await File.ReadAllTextAsync(PathOf("done/day.gpc.result.json"))).RootElement;
        Assert.Equal((1, "GPC"), (result.GetProperty("read").GetInt32(), result.GetProperty("format").GetString()));
        Assert.False(result.TryGetProperty("refusal", out _));
    }

    [Fact]
    public async Task Given_a_file_that_is_no_statement_then_it_moves_to_refused_and_the_result_says_why()
    {
        Put("page.html", "<html>"u8.ToArray());
        Assert.Equal(FolderOutcome.Refused, Assert.Single((await Sweep()).Files).Outcome);
        Assert.True(File.Exists(PathOf("refused/page.html")));
        Assert.Contains("a web page", FolderResult.Load(PathOf("refused/page.html.result.json"))!.Refusal!, StringComparison.Ordinal);
        Assert.Equal(1, Assert.Single(_taken).Value);
    }

    [Fact]
    public async Task Given_the_same_bytes_again_under_any_name_then_they_are_the_same_import()
    {
        Put("day.gpc", Statement("010226"));
        await Sweep();
        Put("day.gpc", Statement("010226"));
        Put("copy.gpc", Statement("010226"));
        await Sweep();
        Assert.Equal(3, Assert.Single(_taken).Value);
        Assert.Equal(3, Directory.GetFiles(PathOf("done"), "*.gpc").Length);
        Put("day.gpc", Statement("020226"));
        await Sweep();
        Assert.Equal(2, _taken.Count);
        Assert.Equal(Statement("010226"), await File.ReadAllBytesAsync(PathOf("done/day.gpc")));
    }

    [Fact]
    public async Task Given_a_failure_that_is_not_the_files_then_it_stays_and_others_go_on_and_the_next_sweep_books_it()
    {
        Put("a.gpc", Statement("010226"));
        Put("b.html", "<html>"u8.ToArray());
        _failure = new InvalidOperationException("the database is away");
        var sweep = await Sweep();
        // That a file is refused has to be remembered as well.
        Assert.Equal([("a.gpc", FolderOutcome.Failed), ("b.html", FolderOutcome.Failed)], sweep.Files.Select(file => (file.Name, file.Outcome)));
        Assert.Same(_failure, sweep.Files[0].Failure);
        Assert.True(File.Exists(PathOf("a.gpc")));
        _failure = null;
        Assert.Equal([FolderOutcome.Done, FolderOutcome.Refused], (await Sweep()).Files.Select(file => file.Outcome));
    }

    [Fact]
    public async Task Given_a_crash_between_the_result_and_the_move_then_the_next_sweep_ends_it()
    {
        Put("day.gpc", Statement("010226"));
        await Sweep();
        File.Move(PathOf("done/day.gpc"), PathOf("day.gpc"));
        Settle("day.gpc");
        await Sweep();
        Assert.Equal(["day.gpc", "day.gpc.result.json"], Directory.GetFiles(PathOf("done")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(2, Assert.Single(_taken).Value);
    }

    [Fact]
    public async Task Given_files_that_are_being_written_then_they_wait()
    {
        Put("day.gpc", Statement("010226"));
        File.SetLastWriteTimeUtc(PathOf("day.gpc"), _clock.GetUtcNow().UtcDateTime.AddSeconds(-9));
        foreach (var name in (string[])[".hidden", "x.part", "x.tmp"]) Put(name, Statement("010226"));
        Assert.Empty((await Sweep()).Files);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("day.gpc", Assert.Single((await Sweep()).Files).Name);
    }

    [Fact]
    public async Task Given_more_files_than_a_sweep_takes_then_the_next_takes_the_rest()
    {
        foreach (var day in (string[])["020226", "030226", "040226"]) Put($"{day}.gpc", Statement(day));
        Assert.Equal(2, (await Sweep(new() { FilesMax = 2 })).Files.Count);
        Assert.Equal("040226.gpc", Assert.Single((await Sweep(new() { FilesMax = 2 })).Files).Name);
    }

    [Fact]
    public async Task Given_days_without_a_statement_then_they_are_reported_and_weekends_and_today_are_not()
    {
        Put("thursday.gpc", Statement("290126", openedOn: "280126"));
        Put("tuesday.gpc", Statement("030226", openedOn: "020226"));
        var sweep = await Sweep();
        Assert.Equal([new DateOnly(2026, 1, 30), new DateOnly(2026, 2, 2), new DateOnly(2026, 2, 4), new DateOnly(2026, 2, 5)], sweep.MissingDays.Select(missing => missing.Day));
        Assert.All(sweep.MissingDays, missing => Assert.Equal("CZ6508000000192000145399", missing.Account));

        // Days of older sweeps are known from their results; a month of days is covered by one statement of it.
        Put("month.gpc", Statement("050226", openedOn: "290126"));
        Assert.Empty((await Sweep()).MissingDays);
    }

    [Fact]
    public void Given_an_account_that_went_silent_then_a_month_of_its_days_is_reported_and_no_more()
    {
        var missing = StatementDays.Missing([new CoveredDays("A", new DateOnly(2025, 6, 1), new DateOnly(2025, 6, 30))], new DateOnly(2026, 2, 6), StatementDays.IsWeekday);
        Assert.Equal((new DateOnly(2026, 1, 6), new DateOnly(2026, 2, 5), 23), (missing[0].Day, missing[^1].Day, missing.Count));
    }

    private Task<FolderSweep> Sweep(StatementFolderOptions? options = null) => new StatementFolder(
        _folder.FullName, TakeIn, () => new StatementReaderOptions { OwnAccounts = [new CzechAccount(19, 2000145399, 800)] }, _clock, options ?? new()).Sweep(CancellationToken.None);

    private async Task<StatementImport> TakeIn(ImportId id, Stream content, string name, CancellationToken cancellation)
    {
        if (_failure is not null) throw _failure;
        _taken[id] = _taken.GetValueOrDefault(id) + 1;
        var file = await StatementReaders.Open(content, name, new() { OwnBankCode = "0800" }, cancellation);
        var entries = await file.Items.OfType<StatementEntryRead>().CountAsync(cancellation);
        return new StatementImport(id, name, file.Format, Actor.System("folder"), Morning, Morning, ImportStatus.Finished, new ImportCounts(entries, 0, entries, 0, 0, 0), [], Refusal: null);
    }

    private void Put(string name, byte[] content)
    {
        File.WriteAllBytes(PathOf(name), content);
        Settle(name);
    }

    private void Settle(string name) => File.SetLastWriteTimeUtc(PathOf(name), Morning.UtcDateTime.AddMinutes(-1));

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private static byte[] Statement(string day, string openedOn = "310126") => GpcText.File(
        GpcText.Header(account: "0000192000145399", openedOn: openedOn, bookedOn: day, closing: 149_900), GpcText.Item(account: "0000192000145399", dueOn: day, valueOn: day));
}
