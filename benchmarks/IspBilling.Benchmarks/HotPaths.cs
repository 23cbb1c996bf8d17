using System.Buffers;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using IspBilling.Domain;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Json;
using IspBilling.Engine.Snapshots;

namespace IspBilling.Benchmarks;

/// <summary>The pure functions that every invoice of a billing run goes through, on one account, without waiting for anything.</summary>
[MemoryDiagnoser]
public class HotPaths : IDisposable
{
    private readonly SeasonedAccount _account = new();
    private readonly AccountCommit _commit;
    private readonly FinishedCommit _finished;
    private readonly AccountEvent _issued;
    private readonly byte[] _snapshot;
    private readonly ArrayBufferWriter<byte> _buffer = new(64 * 1024);
    private readonly PersonalParts _personal = new();
    private readonly Utf8JsonWriter _writer;

    public HotPaths()
    {
        _commit = _account.NextCommit();
        _finished = _commit.Finish([1]);
        _issued = _finished.Events[0];
        _snapshot = StateSnapshot.Write(_account.State).ToArray();
        _writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true, Encoder = JournalJson.Options.Encoder });
    }

    /// <summary>Everything the account should have been charged, minus what its documents charge.</summary>
    [Benchmark]
    public BillingProposal Propose() => BillingProposal.Of(_account.State.Services, _account.State.OneOffs, _account.Context.Catalogue, _account.Due);

    /// <summary>Proposal, drafting, VAT, postings' totals, settlements, messages and reply.</summary>
    [Benchmark]
    public Decision Decide() => AccountDecider.Decide(_account.State, _account.NextBill, _account.Context);

    [Benchmark]
    public AccountState Evolve() => _account.State.Evolve(_issued);

    /// <summary>Numbers into events, state and reply: what the journal does before it encodes.</summary>
    [Benchmark]
    public FinishedCommit Finish() => _commit.Finish([1]);

    [Benchmark]
    public int SerialiseEvent()
    {
        Rewind();
        JournalJson.WriteEvent(_writer, _issued, _personal);
        _writer.Flush();
        return _buffer.WrittenCount;
    }

    /// <summary>The same bytes by the serializer, which writes every other event.</summary>
    [Benchmark]
    public int SerialiseEventBySerializer()
    {
        Rewind();
        JsonSerializer.Serialize(_writer, (DocumentIssued)_issued, JournalJson.Options);
        _writer.Flush();
        return _buffer.WrittenCount;
    }

    [Benchmark]
    public int WriteSnapshot() => StateSnapshot.Write(_finished.State).Length;

    [Benchmark]
    public AccountState ReadSnapshot() => StateSnapshot.Read(_snapshot);

    [GlobalCleanup]
    public void Dispose()
    {
        _writer.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Rewind()
    {
        _buffer.ResetWrittenCount();
        _writer.Reset(_buffer);
    }
}
