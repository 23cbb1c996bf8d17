using IspBilling.Banking;
using IspBilling.Engine.StatementImports;

namespace IspBilling.FaultKit.Fuzzing;

/// <summary>The statement readers: a file is read, or refused by the documented exception, and nothing else.</summary>
public static class StatementFuzz
{
    /// <summary>Two buffers of 128 KiB in the JSON reader, 16 KiB of prefix, tables of names and encodings in the XML reader.</summary>
    private const long FixedBytes = 1024 * 1024;

    /// <summary>Entries, texts and their normal forms, and what the XML reader keeps of long texts while it looks for their end.</summary>
    private const int BytesPerByte = 200;

    public static async Task<FuzzReport> Run(int inputs, int seed, string? samplesBeside, Action<long>? progress, CancellationToken cancellation)
    {
        var mutator = new Mutator(await StatementSamples.All(samplesBeside), seed);
        return await new FuzzRun("statement readers", FixedBytes, BytesPerByte).Execute(mutator, inputs, Read, progress, cancellation);
    }

    /// <summary>On the calling thread: a file in memory never makes a reader wait.</summary>
    public static FuzzEnd Read(byte[] input)
    {
        var reading = ReadToTheEnd(input);
        if (!reading.IsCompleted) throw new InvalidOperationException("a reader waits although the whole file is there");
        return reading.GetAwaiter().GetResult();
    }

    private static async Task<FuzzEnd> ReadToTheEnd(byte[] input)
    {
        try
        {
            using var stream = new MemoryStream(input, writable: false);
            var file = await StatementReaders.Open(stream, "fuzzed", StatementReaderOptions.Default, CancellationToken.None);
            await foreach (var item in file.Items)
            {
                if (item is StatementEntryRead { Entry: var entry } && entry.Amount.IsNegative) throw new InvalidOperationException($"a negative amount: {entry}");
            }

            return FuzzEnd.Accepted;
        }
        catch (StatementFormatException refused) when (refused.Position.Length > 0 && refused.Expected.Length > 0 && refused.Found.Length > 0)
        {
            return FuzzEnd.Refused;
        }
    }
}
