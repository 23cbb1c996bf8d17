using System.Collections.Concurrent;
using System.Diagnostics;

namespace IspBilling.FaultKit.Fuzzing;

/// <summary>How one input ended.</summary>
public enum FuzzEnd
{
    Accepted,
    Refused,
}

/// <summary>Feeds inputs to a reader that works on the calling thread, and watches what each costs.</summary>
/// <param name="what">For the report.</param>
/// <param name="fixedBytes">What a reader may allocate for any input: its buffers.</param>
/// <param name="bytesPerByte">What it may allocate beyond that, for each byte of the input.</param>
public sealed class FuzzRun(string what, long fixedBytes, int bytesPerByte)
{
    private const int FindingsMax = 20;

    /// <summary>Far beyond what any input takes, so that a busy machine is no finding; an endless loop is.</summary>
    private static readonly TimeSpan HangLimit = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<FuzzFinding> _findings = new();
    private readonly ConcurrentDictionary<int, (int Number, long Since)> _atWork = new();
    private long _accepted;
    private long _refused;
    private long _slowest;
    private long _mostBytes;

    /// <param name="read">Reads or refuses; anything it throws is a finding.</param>
    public async Task<FuzzReport> Execute(Mutator mutator, int inputs, Func<byte[], FuzzEnd> read, Action<long>? progress, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var next = -1;
        var workers = Enumerable.Range(0, Environment.ProcessorCount).Select(worker => Task.Run(
            () =>
            {
                int number;
                while ((number = Interlocked.Increment(ref next)) < inputs && !cancellation.IsCancellationRequested) Feed(worker, number, mutator.Input(number), read);
                _atWork.TryRemove(worker, out _);
            },
            cancellation)).ToArray();
        var all = Task.WhenAll(workers);
        while (await Task.WhenAny(all, Task.Delay(TimeSpan.FromMilliseconds(500), cancellation)) != all)
        {
            progress?.Invoke(Math.Min(next + 1, inputs));
            if (Hanging(mutator) is not { } hanging) continue;
            _findings.Enqueue(hanging);
            break;
        }

        progress?.Invoke(Math.Min(next + 1, inputs));
        return new FuzzReport(
            what, _accepted + _refused + _findings.Count, _accepted, _refused, Stopwatch.GetElapsedTime(started), TimeSpan.FromTicks(_slowest), _mostBytes, [.. _findings]);
    }

    private void Feed(int worker, int number, byte[] input, Func<byte[], FuzzEnd> read)
    {
        var since = Stopwatch.GetTimestamp();
        _atWork[worker] = (number, since);
        try
        {
            var (end, allocated) = Measured(input, read);
            Raise(ref _slowest, Stopwatch.GetElapsedTime(since).Ticks);
            // What a process lays down once, such as a serializer's tables, is no cost of the input that happens to come first.
            if (IsTooMuch(allocated, input)) (_, allocated) = Measured(input, read);
            Raise(ref _mostBytes, allocated);
            if (IsTooMuch(allocated, input)) Find(number, $"{allocated} bytes allocated for {input.Length}", input);
            if (end == FuzzEnd.Accepted) Interlocked.Increment(ref _accepted);
            else Interlocked.Increment(ref _refused);
        }
        catch (Exception unexpected)
        {
            Find(number, $"{unexpected}", input);
        }
    }

    private static (FuzzEnd End, long Allocated) Measured(byte[] input, Func<byte[], FuzzEnd> read)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var end = read(input);
        return (end, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private bool IsTooMuch(long allocated, byte[] input) => allocated > fixedBytes + ((long)bytesPerByte * input.Length);

    private FuzzFinding? Hanging(Mutator mutator)
    {
        foreach (var (number, since) in _atWork.Values)
        {
            if (Stopwatch.GetElapsedTime(since) > HangLimit) return new FuzzFinding(what, number, $"hangs for more than {HangLimit}", mutator.Input(number));
        }

        return null;
    }

    private void Find(int number, string failure, byte[] input)
    {
        if (_findings.Count < FindingsMax) _findings.Enqueue(new FuzzFinding(what, number, failure, input));
    }

    private static void Raise(ref long most, long value)
    {
        long seen;
        while (value > (seen = Interlocked.Read(ref most)) && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }
}
