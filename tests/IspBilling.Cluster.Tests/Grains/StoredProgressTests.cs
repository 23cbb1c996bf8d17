using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Coordination;
using IspBilling.Grains.Storage;

namespace IspBilling.Cluster.Tests.Grains;

/// <summary>Coordinators' states, as releases before stored them: with names of types that have moved since.</summary>
public sealed class StoredProgressTests
{
    private readonly CoordinatorText _text = new();

    [Fact]
    public void A_run_goes_on_as_an_older_release_divided_it() => Assert.Equal(
        new RunDivision(32), Read<RunDivision>("""{"$id":"1","$type":"IspBilling.Orleans.Runs.RunDivision, IspBilling.Orleans","Shards":32}"""));

    [Fact]
    public void A_shard_goes_on_behind_the_cursor_of_an_older_release() => Assert.Equal(
        new ShardProgress { Cursor = 4_711, Status = RunStatus.Failed, Failure = "no disk", Issued = 5, NothingToBill = 4, Skipped = 3, Parked = 2, Documents = 6, TotalMinor = 700 },
        Read<ShardProgress>(
            """
            {"$id":"1","$type":"IspBilling.Grains.Runs.ShardProgress, IspBilling.Grains","Cursor":4711,"Status":2,"Failure":"no disk","Issued":5,
             "NothingToBill":4,"Skipped":3,"Parked":2,"Documents":6,"TotalMinor":700}
            """));

    [Fact]
    public void An_import_goes_on_behind_the_cursor_of_an_older_release() => Assert.Equal(
        new ImportProgress { Cursor = 99 }, Read<ImportProgress>("""{"$id":"1","$type":"IspBilling.Grains.Imports.ImportProgress, IspBilling.Grains","Cursor":99}"""));

    [Fact]
    public void What_is_stored_names_no_type() =>
        Assert.Equal("""{"Cursor":7}""", _text.Serialize(new ImportProgress { Cursor = 7 }).ToString());

    private T Read<T>(string stored) => _text.Deserialize<T>(BinaryData.FromString(stored));
}
