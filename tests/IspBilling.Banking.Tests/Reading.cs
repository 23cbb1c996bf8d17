using System.Text;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Tests;

/// <summary>A whole file read into lists, for assertions.</summary>
internal sealed record Reading(string Format, IReadOnlyList<StatementItem> Items)
{
    public IReadOnlyList<StatementOpened> Opened => [.. Items.OfType<StatementOpened>()];
    public IReadOnlyList<StatementEntry> Entries => [.. Items.OfType<StatementEntryRead>().Select(item => item.Entry)];
    public IReadOnlyList<EntryFacts> Facts => [.. Items.OfType<StatementEntryRead>().Select(item => item.Facts)];
    public IReadOnlyList<StatementWarning> Warnings => [.. Items.OfType<StatementWarning>()];
    public IReadOnlyList<StatementClosed> Closed => [.. Items.OfType<StatementClosed>()];

    public decimal Credits => Entries.Where(entry => entry.Direction == EntryDirection.Credit).Sum(entry => entry.Amount.Major);
    public decimal Debits => Entries.Where(entry => entry.Direction == EntryDirection.Debit).Sum(entry => entry.Amount.Major);

    public static Task<Reading> Of(string text, StatementReaderOptions? options = null) => Of(Encoding.UTF8.GetBytes(text), options);

    public static async Task<StatementFormatException> Refusal(byte[] bytes, StatementReaderOptions? options = null) =>
        await Assert.ThrowsAsync<StatementFormatException>(() => Of(bytes, options));

    public static Task<StatementFormatException> Refusal(string text, StatementReaderOptions? options = null) =>
        Refusal(Encoding.UTF8.GetBytes(text), options);

    public static async Task<Reading> Of(byte[] bytes, StatementReaderOptions? options = null)
    {
        using var stream = new TricklingStream(bytes);
        var file = await StatementReaders.Open(stream, "statement", options ?? StatementReaderOptions.Default, CancellationToken.None);
        var items = new List<StatementItem>();
        await foreach (var item in file.Items) items.Add(item);
        return new Reading(file.Format, items);
    }
}

/// <summary>
/// What an upload is: forward-only, asynchronous only (a web server refuses to block), and with fewer bytes at a time than asked for.
/// </summary>
internal sealed class TricklingStream(byte[] bytes) : Stream
{
    private int _position;
    private int _turn;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Take(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Take(buffer.AsSpan(offset, count)));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Take(Span<byte> buffer)
    {
        ReadOnlySpan<int> portions = [1, 7, 4096, 130, 3, 100_000];
        var read = Math.Min(Math.Min(buffer.Length, portions[_turn++ % portions.Length]), bytes.Length - _position);
        bytes.AsSpan(_position, read).CopyTo(buffer);
        _position += read;
        return read;
    }
}
