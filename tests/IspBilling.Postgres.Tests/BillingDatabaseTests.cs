using Npgsql;

namespace IspBilling.Postgres.Tests;

public class BillingDatabaseTests
{
    [Theory]
    [InlineData("Host=db;Database=billing", 100)]
    [InlineData("Host=db;Database=billing;Max Auto Prepare=0", 0)]
    [InlineData("Host=db;Database=billing;MaxAutoPrepare=7", 7)]
    public async Task Statements_are_prepared_unless_the_connection_string_says_otherwise(string connectionString, int expected)
    {
        await using var database = BillingDatabase.Connect(connectionString);

        Assert.Equal(expected, new NpgsqlConnectionStringBuilder(database.ConnectionString).MaxAutoPrepare);
    }

    [Theory]
    [InlineData("Host=db;Database=billing", true)]
    [InlineData("Host=db;Database=billing;No Reset On Close=false", false)]
    public async Task A_session_is_not_reset_unless_the_connection_string_says_so(string connectionString, bool expected)
    {
        await using var database = BillingDatabase.Connect(connectionString);

        Assert.Equal(expected, new NpgsqlConnectionStringBuilder(database.ConnectionString).NoResetOnClose);
    }
}
