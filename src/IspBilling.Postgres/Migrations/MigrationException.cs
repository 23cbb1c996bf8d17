namespace IspBilling.Postgres.Migrations;

/// <summary>The migrations and the database do not fit together; nothing was changed beyond the migrations recorded before.</summary>
public sealed class MigrationException(string message, Exception? inner = null) : Exception(message, inner);
