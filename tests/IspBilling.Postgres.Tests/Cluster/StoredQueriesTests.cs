using IspBilling.Postgres.Migrations;
using IspBilling.TestKit;

namespace IspBilling.Postgres.Tests.Cluster;

public sealed class StoredQueriesTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    /// <summary>A provider does not start when one of its keys is missing.</summary>
    [Fact]
    public async Task Every_query_that_the_providers_look_for_is_there()
    {
        await using var database = await postgres.NewDatabase(MigrationSet.OfProgram);

        var queries = await StoredQueries.Of(database.Source);

        Assert.Equal(
            [
                "CleanupDefunctSiloEntriesKey",
                "ClearStorageKey",
                "DeleteMembershipTableEntriesKey",
                "DeleteReminderRowKey",
                "DeleteReminderRowsKey",
                "DeleteStorageKey",
                "GatewaysQueryKey",
                "InsertMembershipKey",
                "InsertMembershipVersionKey",
                "MembershipReadAllKey",
                "MembershipReadRowKey",
                "ReadFromStorageKey",
                "ReadRangeRows1Key",
                "ReadRangeRows2Key",
                "ReadReminderRowKey",
                "ReadReminderRowsKey",
                "UpdateIAmAlivetimeKey",
                "UpdateMembershipKey",
                "UpsertReminderRowKey",
                "WriteToStorageKey",
            ],
            queries.Keys.Order(StringComparer.Ordinal));
    }
}
