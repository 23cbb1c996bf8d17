using Npgsql;

namespace IspBilling.Postgres;

/// <summary>How the engine connects, whoever runs it.</summary>
public static class BillingDatabase
{
    /// <summary>More than the engine has different statements in use on one connection.</summary>
    private const int PreparedMax = 100;

    private const string MaxAutoPrepare = "Max Auto Prepare";

    private const string NoResetOnClose = "No Reset On Close";

    /// <summary>
    /// Connections that prepare what they send a few times: planning takes PostgreSQL longer than finding one client's rows.
    /// <c>Max Auto Prepare=0</c> in the connection string turns it off, for a pooler that does not know prepared statements.
    /// </summary>
    /// <remarks>
    /// Nor is a session reset between two users of its connection, which takes seven statements and a sixth of PostgreSQL's time for a
    /// call: whatever the engine sets, locks or creates ends with its transaction. <c>No Reset On Close=false</c> has it reset.
    /// </remarks>
    /// <exception cref="ArgumentException">It is no connection string.</exception>
    public static NpgsqlDataSource Connect(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        if (!settings.ShouldSerialize(MaxAutoPrepare)) settings.MaxAutoPrepare = PreparedMax;
        if (!settings.ShouldSerialize(NoResetOnClose)) settings.NoResetOnClose = true;
        return NpgsqlDataSource.Create(settings);
    }
}
