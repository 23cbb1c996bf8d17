using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using IspBilling.Documents.Invoices;

namespace IspBilling.Documents.Rendering;

/// <summary>
/// Renders a document when somebody first asks for it and keeps the PDF by its content: whatever would change the print,
/// data or template, changes the key. Requests for the same document at the same time share one rendering.
/// </summary>
public sealed class CachedRenderer : IInvoiceRenderer
{
    private readonly IInvoiceRenderer _inner;
    private readonly RenderCacheFolder _cache;
    private readonly ConcurrentDictionary<string, Lazy<Task<ReadOnlyMemory<byte>>>> _underWay = new(StringComparer.Ordinal);

    public CachedRenderer(IInvoiceRenderer inner, RenderCacheOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(options);
        _inner = inner;
        _cache = new RenderCacheFolder(options, time);
    }

    public string Fingerprint => _inner.Fingerprint;

    public Task<string?> MissingAsync(CancellationToken cancellation) => _inner.MissingAsync(cancellation);

    public async Task<ReadOnlyMemory<byte>> RenderAsync(InvoiceContent invoice, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(invoice);
        var key = KeyOf(invoice);
        if (await _cache.ReadAsync(key, cancellation) is { } kept) return kept;

        // One asker's cancellation must not take the document from the others, so the shared work has none.
        var work = _underWay.GetOrAdd(key, _ => new Lazy<Task<ReadOnlyMemory<byte>>>(() => RenderAndKeepAsync(key, invoice)));
        return await work.Value.WaitAsync(cancellation);
    }

    private async Task<ReadOnlyMemory<byte>> RenderAndKeepAsync(string key, InvoiceContent invoice)
    {
        // Off the asker's stack, so that the entry below is removed only after it was added.
        await Task.Yield();
        try
        {
            // Another asker may have finished between the first look and this one.
            if (await _cache.ReadAsync(key, CancellationToken.None) is { } kept) return kept;
            var pdf = await _inner.RenderAsync(invoice, CancellationToken.None);
            await KeepAsync(key, pdf);
            return pdf;
        }
        finally
        {
            _underWay.TryRemove(key, out _);
        }
    }

    private async Task KeepAsync(string key, ReadOnlyMemory<byte> pdf)
    {
        try
        {
            await _cache.WriteAsync(key, pdf, CancellationToken.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A full or protected disk must not keep a customer from the invoice: it is there, only not kept.
        }
    }

    /// <summary>The PDF standard is part of the fingerprint, so any one serves in the request.</summary>
    private string KeyOf(InvoiceContent invoice)
    {
        var request = RenderRequest.Of(invoice, PdfStandard.Pdf17);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(_inner.Fingerprint));
        hash.AppendData(SHA256.HashData(request.ToBytes()));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
