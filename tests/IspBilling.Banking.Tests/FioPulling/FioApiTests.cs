using System.Net;
using System.Runtime.Versioning;
using System.Text;
using IspBilling.Banking.FioPulling;
using IspBilling.Banking.Tests.Fio;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Tests.FioPulling;

public sealed class FioApiTests : IAsyncDisposable
{
    private const string Secret = "aGEMtmwcsWHMs7IP6ivqtxQmbP1CBVCxTtPJiSLxCqcGiFPexRQfXWKpCPaHGJHs";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fio");
    private readonly SkippingClock _clock = new(new DateTimeOffset(2026, 2, 2, 6, 0, 0, TimeSpan.Zero));
    private readonly FioDouble _bank;
    private readonly FioApiOptions _options;
    private readonly HttpClient _http;
    private readonly FioApi _api;

    public FioApiTests()
    {
        _bank = new FioDouble(_clock);
        _options = new FioApiOptions { Address = _bank.Address };
        _http = FioApi.CreateClient(_options);
        _api = new FioApi(_http, FioToken.Parse(Secret)!, _clock, _options);
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        _http.Dispose();
        await _bank.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Given_each_call_then_its_path_is_the_banks_and_the_answer_arrives_whole()
    {
        for (var i = 0; i < 4; i++) _bank.Answers.Enqueue((200, $"answer {i}"));
        using var into = new MemoryStream();
        await _api.Period(new DateOnly(2026, 1, 1), new DateOnly(2026, 1, 31), into, CancellationToken.None);
        await _api.Statement(2026, 3, into, CancellationToken.None);
        await _api.SetLast(26_000_000_001, CancellationToken.None);
        await _api.Last(into, CancellationToken.None);
        Assert.Equal(
            [
                $"/v1/rest/periods/{Secret}/2026-01-01/2026-01-31/transactions.json", $"/v1/rest/by-id/{Secret}/2026/3/transactions.json",
                $"/v1/rest/set-last-id/{Secret}/26000000001/", $"/v1/rest/last/{Secret}/transactions.json",
            ],
            _bank.Asked.Select(asked => asked.Path));
        Assert.Equal("answer 0answer 1answer 3", Encoding.UTF8.GetString(into.ToArray()));
    }

    [Fact]
    public async Task Given_two_calls_then_half_a_minute_lies_between_them_also_when_the_first_failed()
    {
        _bank.Answers.Enqueue((503, ""));
        _bank.Answers.Enqueue((200, ""));
        await Assert.ThrowsAsync<FioApiException>(() => _api.Last(Stream.Null, CancellationToken.None));
        _clock.Advance(TimeSpan.FromSeconds(10));
        await _api.Last(Stream.Null, CancellationToken.None);
        Assert.Equal([0d, 30], _bank.Asked.Select(asked => (asked.At - new DateTimeOffset(2026, 2, 2, 6, 0, 0, TimeSpan.Zero)).TotalSeconds));
    }

    [Fact]
    public async Task Given_409_then_the_pause_is_waited_out_and_the_call_repeated()
    {
        _bank.Answers.Enqueue((409, "<html>"));
        _bank.Answers.Enqueue((409, "<html>"));
        _bank.Answers.Enqueue((200, "x"));
        using var into = new MemoryStream();
        await _api.Last(into, CancellationToken.None);
        Assert.Equal(1, into.Length);
        Assert.Equal([0d, 30, 60], _bank.Asked.Select(asked => (asked.At - new DateTimeOffset(2026, 2, 2, 6, 0, 0, TimeSpan.Zero)).TotalSeconds));
    }

    [Fact]
    public async Task Given_409_without_end_then_it_ends_after_a_few_tries()
    {
        for (var i = 0; i < 10; i++) _bank.Answers.Enqueue((409, ""));
        var refused = await Assert.ThrowsAsync<FioApiException>(() => _api.Last(Stream.Null, CancellationToken.None));
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Equal(4, _bank.Asked.Count);
    }

    [Theory]
    [InlineData(302)] // to somewhere else: never followed
    [InlineData(404)]
    [InlineData(422)]
    [InlineData(500)]
    public async Task Given_any_other_answer_then_the_message_helps_and_holds_no_secret(int status)
    {
        _bank.Answers.Enqueue((status, "secret page"));
        var refused = await Assert.ThrowsAsync<FioApiException>(() => _api.Last(Stream.Null, CancellationToken.None));
        Assert.StartsWith($"Fio answered {status}", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, refused.ToString(), StringComparison.Ordinal);
        Assert.Single(_bank.Asked);
    }

    [Fact]
    public async Task Given_nobody_at_the_other_end_then_the_failure_holds_no_secret()
    {
        await _bank.DisposeAsync();
        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => _api.Last(Stream.Null, CancellationToken.None));
        Assert.DoesNotContain(Secret, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_an_answer_without_end_then_it_is_cut_off()
    {
        var options = _options with { AnswerBytesMax = 10 };
        using var api = new FioApi(_http, FioToken.Parse(Secret)!, _clock, options);
        _bank.Answers.Enqueue((200, new string('x', 11)));
        Assert.Contains("longer than 10 bytes", (await Assert.ThrowsAsync<FioApiException>(() => api.Last(Stream.Null, CancellationToken.None))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Given_an_address_that_anyone_on_the_way_can_read_then_no_client_is_made()
    {
        Assert.Throws<ArgumentException>(() => FioApi.CreateClient(new FioApiOptions { Address = new Uri("http://bank.example/") }));
        using var client = FioApi.CreateClient(new FioApiOptions());
        Assert.Equal("https", client.BaseAddress!.Scheme);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Given_a_token_file_that_others_may_read_then_it_is_not_used()
    {
        var path = Path.Combine(_folder.FullName, "token");
        File.WriteAllText(path, Secret + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        var refused = Assert.Throws<FioTokenException>(() => FioToken.FromFile(path));
        Assert.Contains("0600", refused.Message, StringComparison.Ordinal);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.DoesNotContain(Secret, FioToken.FromFile(path).ToString(), StringComparison.Ordinal);
        File.WriteAllText(path, "two words");
        Assert.DoesNotContain("two words", Assert.Throws<FioTokenException>(() => FioToken.FromFile(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_a_first_pull_then_it_begins_at_the_day_that_was_set_and_the_next_behind_the_last_movement()
    {
        var (pull, taken) = (Pull(new DateOnly(2026, 1, 1)), new List<string>());
        _bank.Answers.Enqueue((200, FioText.Json(FioText.Movement() + "," + FioText.Movement(id: "26000000007", amount: "1.00"))));
        Assert.Equal(new FioPulled(2, 26_000_000_007), await pull.Run(Take, CancellationToken.None));
        _bank.Answers.Enqueue((200, ""));
        _bank.Answers.Enqueue((200, FioText.Json("")));
        Assert.Equal(new FioPulled(0, 26_000_000_007), await pull.Run(Take, CancellationToken.None));

        Assert.Equal(["fio-26000000001-26000000007.json: 2"], taken);
        Assert.Equal(
            [$"/v1/rest/periods/{Secret}/2026-01-01/2026-02-02/transactions.json", $"/v1/rest/set-last-id/{Secret}/26000000007/", $"/v1/rest/last/{Secret}/transactions.json"],
            _bank.Asked.Select(asked => asked.Path));

        async Task Take(Stream content, string name, CancellationToken cancellation)
        {
            var file = await StatementReaders.Open(content, name, StatementReaderOptions.Default, cancellation);
            taken.Add($"{name}: {await file.Items.OfType<StatementEntryRead>().CountAsync(cancellation)}");
        }
    }

    [Fact]
    public async Task Given_a_crash_while_movements_are_taken_in_then_the_bookmark_stays_and_they_are_fetched_again()
    {
        Bookmark.Write(5);
        for (var i = 0; i < 2; i++)
        {
            _bank.Answers.Enqueue((200, ""));
            _bank.Answers.Enqueue((200, FioText.Json(FioText.Movement())));
        }

        await Assert.ThrowsAsync<InvalidOperationException>(() => Pull(null).Run((_, _, _) => throw new InvalidOperationException("the database is away"), CancellationToken.None));
        Assert.Equal(5, Bookmark.Read());
        Assert.Equal(26_000_000_001, (await Pull(null).Run((_, _, _) => Task.CompletedTask, CancellationToken.None)).Last);
        Assert.Equal(26_000_000_001, Bookmark.Read());
        Assert.Equal(2, _bank.Asked.Count(asked => asked.Path.EndsWith("/5/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Given_a_page_instead_of_a_statement_then_nothing_is_taken_in()
    {
        _bank.Answers.Enqueue((200, "<!DOCTYPE html><html>"));
        var refusal = await Assert.ThrowsAsync<StatementFormatException>(() => Pull(null).Run((_, _, _) => throw new InvalidOperationException("taken in"), CancellationToken.None));
        Assert.StartsWith("a web page", refusal.Found, StringComparison.Ordinal);
        Assert.Null(Bookmark.Read());
    }

    [Fact]
    public void Given_a_bookmark_that_holds_something_else_then_nobody_guesses()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "bookmark"), "x");
        Assert.Throws<FormatException>(() => Bookmark.Read());
    }

    private FioBookmark Bookmark => new(Path.Combine(_folder.FullName, "bookmark"));

    private FioPull Pull(DateOnly? since) => new(_api, Bookmark, StatementReaderOptions.Default, _clock, since);
}
