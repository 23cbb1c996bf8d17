using System.Text;
using IspBilling.FaultKit.Fuzzing;

namespace IspBilling.Faults.Tests;

/// <summary>What fuzzing found once. Each must stay refused, in the way its finding asked for.</summary>
public sealed class FuzzRegressions
{
    public static TheoryData<string, byte[]> Statements => new()
    {
        // The XML library failed in its own arithmetic (seed 1, inputs 202452 and 307497).
        { "an XML declaration with a long text that is no UTF-8", [.. "<?xml version=\"1.0"u8, .. Repeated([0xFE, 0xFF], 2_885), .. "\"?><a/>"u8] },
        { "an XML declaration with a long text", [.. "<?xml version=\"1.0"u8, .. Repeated([0x61, 0xCC, 0x81], 400), .. "\"?><a/>"u8] },
    };

    public static TheoryData<string, string> Requests => new()
    {
        // Digits of other scripts passed for digits, and then were none (seed 5, input 4954).
        { "an amount in wide digits", """{"name":"t","versions":[{"validFrom":"2026-01-01","monthlyPrice":{"amount":"１２","currency":"CZK"}}]}""" },
        { "an amount in Arabic digits", """{"date":"2026-03-01","text":"t","unitPrice":{"amount":"4٣9.00","currency":"CZK"}}""" },

        // The serializer lets null into lists whose elements cannot be null.
        { "an empty version", """{"name":"t","versions":[null]}""" },
        { "an empty part", """{"parts":[null]}""" },
        { "an empty step", """{"name":"p","steps":[null]}""" },
        { "an empty scope", """{"name":"f","scopes":[null]}""" },
        { "half of a character", """{"reason":"\ud83e"}""" },
        { "the other half of a character", """{"reason":"\uddfe"}""" },
        { "halves in the wrong order", """{"reason":"\uddfe\ud83e"}""" },
    };

    [Theory]
    [MemberData(nameof(Statements))]
    public void A_statement_that_once_crashed_a_reader_is_refused(string what, byte[] input)
    {
        Assert.NotEmpty(what);
        Assert.Equal(FuzzEnd.Refused, StatementFuzz.Read(input));
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_request_that_once_failed_inside_is_refused(string what, string json)
    {
        Assert.NotEmpty(what);
        Assert.Equal(FuzzEnd.Refused, RequestFuzz.Read(Encoding.UTF8.GetBytes(json)));
    }

    private static byte[] Repeated(byte[] piece, int times) => [.. Enumerable.Repeat(piece, times).SelectMany(bytes => bytes)];
}
