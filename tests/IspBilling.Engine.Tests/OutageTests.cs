using System.Data;
using System.Data.Common;
using System.Net.Sockets;

namespace IspBilling.Engine.Tests;

/// <summary>What is asked again later, and what would fail again.</summary>
public sealed class OutageTests
{
    public static TheoryData<Exception, bool, bool> Failures => new()
    {
        // a failure, whether it is an outage, whether it is a full disk
        { new DatabaseFailure("57P01"), true, false },
        { new DatabaseFailure("57P02"), true, false },
        { new DatabaseFailure("57P03"), true, false },
        { new DatabaseFailure("53100"), true, true },
        { new DatabaseFailure("40001", isTransient: true), true, false },
        { new DatabaseFailure("23505"), false, false },
        { new DatabaseFailure(null, inner: new IOException("reset by peer")), true, false },
        { new DataException("while reading", new DatabaseFailure(null, isTransient: true)), true, false },
        { new DataException("while reading", new DatabaseFailure("53100")), true, true },
        { new DataException("a column of another type", new InvalidCastException()), false, false },
        { new SocketException(), true, false },
        { new TimeoutException(), true, false },
        { new IOException("No space left on device", 28), true, true },
        { new InvalidOperationException(), false, false },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void An_outage_is_told_from_a_failure_that_would_repeat(Exception failure, bool isOutage, bool isFullDisk)
    {
        Assert.Equal(isOutage, Outage.Is(failure));
        Assert.Equal(isFullDisk, Outage.IsFullDisk(failure));
    }

    private sealed class DatabaseFailure(string? state, bool isTransient = false, Exception? inner = null) : DbException("told by a database", inner)
    {
        public override string? SqlState => state;

        public override bool IsTransient => isTransient;
    }
}
