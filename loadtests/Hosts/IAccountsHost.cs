using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.StatementImports;

namespace IspBilling.LoadTests.Hosts;

/// <summary>The accounts of the bed as a process hosts them, without an interface in front.</summary>
public interface IAccountsHost : IAsyncDisposable
{
    /// <summary>For scenarios that ask many accounts a few questions each.</summary>
    IAccounts Accounts { get; }

    IStatementBooking Booking { get; }

    /// <summary>Works a run off to its end.</summary>
    Task<BillingRun> Bill(BillingRun run, Action<BillingRun>? progress, CancellationToken cancellation);
}
