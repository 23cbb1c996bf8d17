using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace IspBilling.Http.Problems;

/// <summary>Says which part of a path or query cannot be read, without the program's names of types.</summary>
internal static partial class BindingFault
{
    /// <summary>Null when the message is of another kind.</summary>
    public static (string Field, string Reason)? Of(string message, Endpoint? endpoint)
    {
        if (Failed().Match(message) is { Success: true, Groups: var failed })
            return (failed["name"].Value, ExpectedValue.InAddress(endpoint, failed["name"].Value) ?? "cannot be read as what is expected here");
        if (Required().Match(message) is { Success: true } required) return (required.Groups["name"].Value, "is missing");
        if (message.Contains("no body was provided", StringComparison.Ordinal)) return ("body", "is missing");
        return null;
    }

    [GeneratedRegex("^Failed to bind parameter \"[^\"]* (?<name>[^ \"]+)\"", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Failed();

    [GeneratedRegex("^Required parameter \"[^\"]* (?<name>[^ \"]+)\" was not provided", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Required();
}
