using IspBilling.Banking;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.StatementImports;
using Microsoft.Extensions.Hosting;

namespace IspBilling.Http.Statements;

/// <summary>
/// Reads an uploaded statement and books its entries. Few at a time, because each holds a transaction while it is read. An import
/// begun goes on when its uploader hangs up: half of a file is of no use to anyone.
/// </summary>
internal sealed class StatementIntake(
    IStatementImportStore store, IStatementBooking booking, StatementReaderOptions options, LiveContext contexts, TimeProvider clock, IHostApplicationLifetime lifetime) : IDisposable
{
    private const int AtOnceMax = 2;
    private readonly SemaphoreSlim _places = new(AtOnceMax, AtOnceMax);

    /// <exception cref="StatementFormatException">Nothing of the file is booked.</exception>
    public async Task<StatementImport> Import(ImportId id, SpooledUpload upload, string by)
    {
        var stopping = lifetime.ApplicationStopping;
        await _places.WaitAsync(stopping);
        try
        {
            var file = await StatementReaders.Open(upload.Content, upload.FileName, options with { OwnAccounts = OwnAccounts() }, stopping);
            var import = new StatementImport(
                id, upload.FileName, file.Format, by, clock.GetUtcNow(), FinishedAt: null, ImportStatus.Reading, ImportCounts.None, [], Refusal: null);
            var staged = await store.Stage(import, file.Items, stopping);
            return await booking.Match(staged, stopping);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>A GPC file says neither its bank nor, often, its currency; the issuers' accounts do, and with the bank its conventions.</summary>
    private List<OwnAccount> OwnAccounts()
    {
        var accounts = new List<OwnAccount>();
        foreach (var issuer in contexts.Settings.Issuers.Values)
        {
            if (CzechAccount.TryParse(issuer.BankAccount.Local ?? issuer.BankAccount.Iban, out var account))
                accounts.Add(new OwnAccount(account, issuer.Currency));
        }

        return accounts;
    }

    public void Dispose() => _places.Dispose();
}
