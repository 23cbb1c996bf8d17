namespace IspBilling.Http.Contract;

/// <param name="Next">Pass it as <c>cursor</c> to go on; null on the last page.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
