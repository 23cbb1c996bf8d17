using System.Net.Http.Headers;
using System.Text;
using IspBilling.Http.Contract;
using IspBilling.Http.Tests.Support;

namespace IspBilling.Http.Tests;

/// <summary>However a file is sent, it is the file that decides.</summary>
public sealed class Uploads(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private readonly KeyHolder _clerk = engine.Operator;

    [Theory]
    [InlineData(null)]
    [InlineData("application/x-www-form-urlencoded")] // curl --data-binary
    [InlineData("text/csv")]
    [InlineData("text/csv; charset=windows-1250")]
    [InlineData("application/octet-stream")]
    [InlineData("application/json")]
    [InlineData("no type at all")]
    public async Task A_file_as_the_body_is_read_whatever_its_type_is_called(string? type)
    {
        using var file = new ByteArrayContent(Statement($"type {type}", 10 + (type?.Length ?? 0)));
        if (type is not null) file.Headers.TryAddWithoutValidation("Content-Type", type);

        Assert.Equal("Fio CSV", (await _clerk.Send(HttpMethod.Post, "/v1/statements", file)).Must(201).Text("format"));
    }

    [Fact]
    public async Task A_form_has_one_file()
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("March"), "note" },
            { new ByteArrayContent(Statement("one", 101)), "file", "one.csv" },
            { new ByteArrayContent(Statement("two", 102)), "file", "two.csv" },
        };

        var refused = (await _clerk.Send(HttpMethod.Post, "/v1/statements", form)).MustBeProblem(400, "invalid-request");

        Assert.Equal("one file expected, and the form has several; nothing was booked", refused["errors"].GetProperty("body")[0].GetString());
        Assert.Equal(0, await engine.Database.Scalar<long>("SELECT count(*) FROM statement_imports WHERE file_name IN ('one.csv', 'two.csv')"));
    }

    [Fact]
    public async Task A_form_of_another_kind_is_refused()
    {
        using var parts = new MultipartContent("mixed") { new ByteArrayContent(Statement("mixed", 103)) };
        (await _clerk.Send(HttpMethod.Post, "/v1/statements", parts)).MustBeProblem(415, "unsupported-media-type");
    }

    [Fact]
    public async Task Only_so_many_files_are_received_at_once_and_whoever_comes_next_is_told_when_to_try_again()
    {
        var places = new HttpLimits().UploadsAtOnce;
        using var slow = new DisposableList<SlowFile>();
        var waiting = new List<Task<Answer>>();

        var refused = await UntilRefused(slow, waiting, places);
        Assert.Equal("5", refused.MustBeProblem(503, "uploads-busy").Header("Retry-After"));

        foreach (var file in slow.Items) file.End();
        var answers = await Task.WhenAll(waiting);
        Assert.Equal(places, answers.Count(answer => answer.Status == 422));
        Assert.All(answers, answer => Assert.True(answer.Status is 422 or 503, $"{answer}"));
        (await _clerk.Send(HttpMethod.Post, "/v1/statements", new ByteArrayContent(Statement("after", 104)))).Must(201);
    }

    /// <summary>
    /// Takes places until there is none. A slow file that came while another test's last one had its place is refused without our hearing of it: its
    /// answer is read when all of it is sent.
    /// </summary>
    private async Task<Answer> UntilRefused(DisposableList<SlowFile> slow, List<Task<Answer>> waiting, int places)
    {
        for (var attempt = 0; ; attempt++)
        {
            if (attempt % 20 == 0 || slow.Items.Count < places)
            {
                var file = slow.Add(new SlowFile());
                waiting.Add(_clerk.Send(HttpMethod.Post, "/v1/statements", file));
                await file.Begun;
            }

            if (waiting.Find(request => request.IsCompleted) is { } ended) Assert.Fail($"a file that is not whole yet was answered: {await ended}");
            var answer = await _clerk.Send(HttpMethod.Post, "/v1/statements", new ByteArrayContent(Statement("busy", 1_000 + attempt)));
            if (answer.Status == 503 || attempt == 1_000) return answer;
            await Task.Delay(50);
        }
    }

    private static byte[] Statement(string message, int id) => Encoding.UTF8.GetBytes(
        $"""
        accountId;2000145399
        bankId;0800
        currency;CZK
        openingBalance;0,00
        closingBalance;1,00
        dateStart;01.03.2026
        dateEnd;01.03.2026

        ID operace;Datum;Objem;Měna;Protiúčet;Kód banky;VS;Zpráva pro příjemce;Typ
        {26_000_000_000 + id};01.03.2026;1,00;CZK;1000000005;0300;;{message.Replace(';', ' ')};Bezhotovostní příjem

        """);

    /// <summary>A body whose first bytes are on their way and whose last ones wait until somebody says so.</summary>
    /// <remarks>Whoever sends less than 240 bytes a second, taken over the whole request, is cut off by the server: so many first bytes last for minutes.</remarks>
    private sealed class SlowFile : HttpContent
    {
        private static readonly byte[] FirstBytes = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("no statement\n", 10_000)));

        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public SlowFile() => Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");

        public Task Begun => _begun.Task;

        public void End() => _ended.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            await stream.WriteAsync(FirstBytes);
            await stream.FlushAsync();
            _begun.TrySetResult();
            await _ended.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}

internal sealed class DisposableList<T> : IDisposable where T : IDisposable
{
    private readonly List<T> _items = [];

    public IReadOnlyList<T> Items => _items;

    public T Add(T item)
    {
        _items.Add(item);
        return item;
    }

    public void Dispose()
    {
        foreach (var item in _items) item.Dispose();
    }
}
