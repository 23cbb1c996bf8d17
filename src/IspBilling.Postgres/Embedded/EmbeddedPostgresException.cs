namespace IspBilling.Postgres.Embedded;

/// <summary>The private server cannot start or stop; the message says what a person can do about it.</summary>
public sealed class EmbeddedPostgresException(string message, Exception? inner = null) : Exception(message, inner);
