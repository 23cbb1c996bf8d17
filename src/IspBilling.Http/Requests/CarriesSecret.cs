namespace IspBilling.Http.Requests;

/// <summary>
/// An endpoint whose request or answer holds a secret. It takes no idempotency key: what was asked would be kept as a hash, by which a
/// password could be guessed, and what was answered is shown once.
/// </summary>
internal sealed record CarriesSecret;
