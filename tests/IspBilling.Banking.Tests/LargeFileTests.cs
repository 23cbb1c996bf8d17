using System.Text;
using IspBilling.Banking.Tests.Camt;
using IspBilling.Banking.Tests.Fio;
using IspBilling.Banking.Tests.Gpc;
using IspBilling.Banking.Tests.Mt940;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Tests;

/// <summary>Files far larger than what a reader may hold, made while they are read.</summary>
public sealed class LargeFileTests
{
    private const long MemoryMax = 16 * 1024 * 1024;

    [Fact]
    public async Task Given_300_000_entries_of_GPC_then_memory_stays_bounded() =>
        await ReadWithinMemory(300_000, new RepeatingStream(
            GpcText.File(GpcText.Header()),
            GpcText.File(GpcText.Item(code: '2'), GpcText.Message("078", "zpráva"), GpcText.Item(code: '1')), 150_000, []));

    [Fact]
    public async Task Given_100_000_movements_of_Fio_JSON_then_memory_stays_bounded()
    {
        var parts = FioText.Json("#", closing: "1000.00").Split('#');
        var pair = Encoding.UTF8.GetBytes(FioText.Movement() + "," + FioText.Movement(id: "26000000002", amount: "-499.00") + ",");
        var last = Encoding.UTF8.GetBytes(FioText.Movement(amount: "0.00") + parts[1]);
        await ReadWithinMemory(100_000, new RepeatingStream(Encoding.UTF8.GetBytes(parts[0]), pair, 50_000, last));
    }

    [Fact]
    public async Task Given_100_000_movements_of_Fio_CSV_then_memory_stays_bounded()
    {
        var head = FioText.Csv().Replace("1499,00", "1000,00", StringComparison.Ordinal);
        var pair = Encoding.UTF8.GetBytes($"{FioText.CsvRow}\r\n{FioText.CsvRow.Replace("499,00", "-499,00", StringComparison.Ordinal).Replace("26000000001", "26000000002", StringComparison.Ordinal)}\r\n");
        await ReadWithinMemory(100_000, new RepeatingStream(Encoding.UTF8.GetBytes(head), pair, 50_000, []));
    }

    [Fact]
    public async Task Given_100_000_movements_of_MT940_then_memory_stays_bounded()
    {
        var parts = Mt940Text.Statement("#", closing: "1000,00").Split('#');
        var pair = Encoding.UTF8.GetBytes(Mt940Text.Movement() + Mt940Text.Movement(mark: "D"));
        await ReadWithinMemory(100_000, new RepeatingStream(Encoding.UTF8.GetBytes(parts[0]), pair, 50_000, Encoding.UTF8.GetBytes(parts[1])));
    }

    [Fact]
    public async Task Given_100_000_entries_of_camt_then_memory_stays_bounded()
    {
        var parts = CamtText.Document(CamtText.Statement("#", closing: 1000)).Split('#');
        var details = CamtText.Batch(CamtText.Transaction("<EndToEndId>/VS7/SS/KS</EndToEndId>", remittance: "<Ustrd>internet</Ustrd>"));
        var pair = Encoding.UTF8.GetBytes(CamtText.Entry(details) + CamtText.Entry(details, direction: "DBIT"));
        await ReadWithinMemory(100_000, new RepeatingStream(Encoding.UTF8.GetBytes(parts[0]), pair, 50_000, Encoding.UTF8.GetBytes(parts[1])));
    }

    private static async Task ReadWithinMemory(int expected, RepeatingStream stream)
    {
        var file = await StatementReaders.Open(stream, "large", new() { OwnBankCode = "0100" }, CancellationToken.None);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (entries, adding) = (0, 0);
        await foreach (var item in file.Items)
        {
            if (item is StatementWarning { Text: var text } && text.Contains("add up", StringComparison.Ordinal)) adding++;
            if (item is not StatementEntryRead) continue;
            if (++entries % 50_000 != 0) continue;
            var held = GC.GetTotalMemory(forceFullCollection: true) - before;
            Assert.True(held < MemoryMax, $"{held} bytes are held after {entries} entries");
        }

        Assert.Equal(expected, entries);
        Assert.Equal(0, adding);
    }
}

/// <summary>A head, a body many times, a tail. Movement ids of the body differ each time, as a bank's do.</summary>
internal sealed class RepeatingStream(byte[] head, byte[] body, int times, byte[] tail) : Stream
{
    private const long FirstId = 26_000_000_001;

    /// <summary>Where the ids of the hand-written movements stand in the body; none in formats without ids.</summary>
    private readonly int[] _idsAt =
    [
        .. new[] { FirstId, FirstId + 1 }.Select(id => body.AsSpan().IndexOf(Encoding.ASCII.GetBytes($"{id}"))).Where(at => at >= 0),
    ];

    private byte[] _current = head;
    private int _position;
    private int _given;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        while (_position == _current.Length)
        {
            if (_given > times) return 0;
            _current = _given++ < times ? Numbered(_given) : tail;
            _position = 0;
        }

        var read = Math.Min(buffer.Length, _current.Length - _position);
        _current.AsSpan(_position, read).CopyTo(buffer);
        _position += read;
        return read;
    }

    private byte[] Numbered(int time)
    {
        for (var i = 0; i < _idsAt.Length; i++)
            Encoding.ASCII.GetBytes($"{FirstId + ((long)time * _idsAt.Length) + i}").CopyTo(body, _idsAt[i]);
        return body;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
