using System.Text;
using IspBilling.Documents.Invoices;
using IspBilling.Documents.Rendering;
using IspBilling.Documents.Tests.Support;

namespace IspBilling.Documents.Tests.Rendering;

public sealed class CachedRendererTests : IDisposable
{
    private const int PdfBytes = 1_000;

    private readonly TemporaryFolder _folder = new();
    private readonly CountingRenderer _inner = new();

    [Fact]
    public async Task The_same_content_is_rendered_once_even_by_the_next_process()
    {
        var first = await Cache().RenderAsync(Invoice(1), default);
        var second = await Cache().RenderAsync(Invoice(1), default);
        Assert.True(first.Span.SequenceEqual(second.Span));
        Assert.Equal(1, _inner.Renders);
    }

    [Fact]
    public async Task Any_difference_in_content_or_template_is_another_document()
    {
        var cache = Cache();
        await cache.RenderAsync(Invoice(1), default);
        await cache.RenderAsync(Invoice(1) with { Notes = ["Děkujeme."] }, default);
        await cache.RenderAsync(Invoice(1) with { Language = DocumentLanguage.English }, default);
        var logo = new Logo(Encoding.UTF8.GetBytes("<svg/>"));
        await cache.RenderAsync(Invoice(1) with { Brand = Invoice(1).Brand with { Logo = logo } }, default);
        _inner.Fingerprint = "changed template";
        await cache.RenderAsync(Invoice(1), default);
        Assert.Equal(5, _inner.Renders);
    }

    [Fact]
    public async Task Askers_at_the_same_time_share_one_rendering()
    {
        var cache = Cache();
        _inner.Gate = new TaskCompletionSource();
        var askers = Enumerable.Range(0, 20).Select(_ => cache.RenderAsync(Invoice(1), default)).ToArray();
        _inner.Gate.SetResult();
        await Task.WhenAll(askers);
        Assert.Equal(1, _inner.Renders);
    }

    [Fact]
    public async Task One_asker_leaving_does_not_take_the_document_from_the_others()
    {
        var cache = Cache();
        _inner.Gate = new TaskCompletionSource();
        using var cancellation = new CancellationTokenSource();
        var leaving = cache.RenderAsync(Invoice(1), cancellation.Token);
        var staying = cache.RenderAsync(Invoice(1), default);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        _inner.Gate.SetResult();
        Assert.Equal(PdfBytes, (await staying).Length);
    }

    [Fact]
    public async Task A_failure_is_not_kept()
    {
        var cache = Cache();
        _inner.Failure = new RenderException(RenderFailure.TimedOut, "slow");
        await Assert.ThrowsAsync<RenderException>(() => cache.RenderAsync(Invoice(1), default));
        _inner.Failure = null;
        Assert.Equal(PdfBytes, (await cache.RenderAsync(Invoice(1), default)).Length);
    }

    [Fact]
    public async Task The_least_recently_used_document_goes_first()
    {
        var cache = Cache(maxBytes: 2 * PdfBytes);
        await cache.RenderAsync(Invoice(1), default);
        await cache.RenderAsync(Invoice(2), default);
        await cache.RenderAsync(Invoice(1), default);
        await cache.RenderAsync(Invoice(3), default);
        Assert.Equal(3, _inner.Renders);
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);

        await cache.RenderAsync(Invoice(1), default);
        Assert.Equal(3, _inner.Renders);
        await cache.RenderAsync(Invoice(2), default);
        Assert.Equal(4, _inner.Renders);
    }

    [Fact]
    public async Task A_restart_with_a_smaller_limit_shrinks_the_folder()
    {
        var cache = Cache();
        for (var number = 1; number <= 5; number++) await cache.RenderAsync(Invoice(number), default);
        _ = Cache(maxBytes: 3 * PdfBytes);
        Assert.Equal(3, Directory.GetFiles(_folder.Path).Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("%PDF-1.7 and then the power went")]
    public async Task A_damaged_file_is_rendered_again(string damage)
    {
        var cache = Cache();
        var whole = await cache.RenderAsync(Invoice(1), default);
        var file = Directory.GetFiles(_folder.Path).Single();
        await File.WriteAllTextAsync(file, damage);
        var again = await cache.RenderAsync(Invoice(1), default);
        Assert.True(whole.Span.SequenceEqual(again.Span));
        Assert.Equal(PdfBytes, new FileInfo(file).Length);
        Assert.Equal(2, _inner.Renders);
    }

    [Fact]
    public async Task A_file_that_somebody_removed_is_rendered_again()
    {
        var cache = Cache();
        await cache.RenderAsync(Invoice(1), default);
        File.Delete(Directory.GetFiles(_folder.Path).Single());
        await cache.RenderAsync(Invoice(1), default);
        Assert.Equal(2, _inner.Renders);
    }

    [Fact]
    public async Task A_place_that_cannot_be_written_keeps_nobody_from_the_document_and_leaves_no_pieces()
    {
        var cache = Cache();
        await cache.RenderAsync(Invoice(1), default);
        var place = Directory.GetFiles(_folder.Path).Single();
        File.Delete(place);
        Directory.CreateDirectory(place);
        Assert.Equal(PdfBytes, (await cache.RenderAsync(Invoice(1), default)).Length);
        Assert.Equal(PdfBytes, (await cache.RenderAsync(Invoice(1), default)).Length);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    public void Dispose() => _folder.Dispose();

    private CachedRenderer Cache(long maxBytes = 1_000_000) =>
        new(_inner, new RenderCacheOptions { Folder = _folder.Path, MaxBytes = maxBytes }, TimeProvider.System);

    private static InvoiceContent Invoice(int number) => SampleInvoices.Czech with { Number = $"260000000{number}" };

    private sealed class CountingRenderer : IInvoiceRenderer
    {
        private int _renders;

        public int Renders => _renders;

        public TaskCompletionSource? Gate { get; set; }

        public RenderException? Failure { get; set; }

        public string Fingerprint { get; set; } = "template";

        public Task<string?> MissingAsync(CancellationToken cancellation) => Task.FromResult<string?>(null);

        public async Task<ReadOnlyMemory<byte>> RenderAsync(InvoiceContent invoice, CancellationToken cancellation)
        {
            Interlocked.Increment(ref _renders);
            if (Gate is not null) await Gate.Task;
            if (Failure is not null) throw Failure;
            return Encoding.ASCII.GetBytes($"%PDF-1.7 {invoice.Number}".PadRight(PdfBytes - 6) + "\n%%EOF");
        }
    }
}
