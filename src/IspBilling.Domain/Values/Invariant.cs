using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace IspBilling.Domain;

/// <summary>A broken invariant is a bug: the turn stops before anything becomes durable.</summary>
public sealed class InvariantBrokenException(string message) : InvalidOperationException(message);

/// <summary>Assertions that stay on in production, one simple condition at a time.</summary>
public static class Invariant
{
    public static void Require(
        [DoesNotReturnIf(false)] bool condition,
        [CallerArgumentExpression(nameof(condition))] string? expression = null)
    {
        if (!condition) throw new InvariantBrokenException($"Invariant broken: {expression}");
    }
}
