using System.Globalization;
using IspBilling.Banking;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.StatementImports;
using IspBilling.Postgres.Imports;
using Microsoft.Extensions.Hosting;

namespace IspBilling.Http.Statements;

/// <summary>
/// Reads an uploaded statement and books its entries. Few at a time, because each holds a transaction while it is read. An import
/// begun goes on when its uploader hangs up: half of a file is of no use to anyone. A file of nobody's account is held whole.
/// </summary>
internal sealed class StatementIntake(
    IStatementImportStore store, HeldStatements held, IStatementBooking booking, StatementReaderOptions options, LiveContext contexts, TimeProvider clock,
    IHostApplicationLifetime lifetime) : IDisposable
{
    private const int AtOnceMax = 2;
    private readonly SemaphoreSlim _places = new(AtOnceMax, AtOnceMax);

    /// <exception cref="StatementFormatException">Nothing of the file is booked.</exception>
    public async Task<StatementImport> Import(ImportId id, SpooledUpload upload, string by)
    {
        var import = new StatementImport(
            id, upload.FileName, Format: "", by, clock.GetUtcNow(), FinishedAt: null, ImportStatus.Reading, ImportCounts.None, [], Refusal: null)
        {
            ContentHash = upload.Hash,
        };
        try
        {
            return await Book(import, upload.Content);
        }
        catch (NobodysStatementException nobodys)
        {
            return await Hold(import, upload, nobodys);
        }
    }

    /// <summary>Books the held files whose account has been stated since; the others stay as they are.</summary>
    /// <returns>How many were booked or, now that they could be read, refused.</returns>
    public async Task<int> BookHeld(CancellationToken cancellation)
    {
        var released = 0;
        foreach (var id in await held.All(cancellation))
        {
            if (await store.Find(id, cancellation) is not { Status: ImportStatus.Held } import || await held.Content(id, cancellation) is not { } content) continue;
            try
            {
                using var file = new MemoryStream(content, writable: false);
                await Book(import with { Refusal = null, ContentHash = System.Security.Cryptography.SHA256.HashData(content) }, file);
                released++;
            }
            catch (NobodysStatementException)
            {
                // Still nobody's: it waits on.
            }
            catch (StatementFormatException)
            {
                released++;
            }
        }

        return released;
    }

    public void Dispose() => _places.Dispose();

    private async Task<StatementImport> Book(StatementImport import, Stream content)
    {
        var stopping = lifetime.ApplicationStopping;
        await _places.WaitAsync(stopping);
        try
        {
            var issuers = contexts.Settings.Issuers.Values;
            var file = await StatementReaders.Open(content, import.FileName, ReadingFor(issuers), stopping);
            var staged = await store.Stage(import with { Format = file.Format }, new OwnStatements(issuers).Of(file.Items, stopping), stopping);
            return await booking.Match(staged, stopping);
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task<StatementImport> Hold(StatementImport import, SpooledUpload upload, NobodysStatementException nobodys)
    {
        var stopping = lifetime.ApplicationStopping;
        if (upload.Content.Length > HeldStatements.BytesMax)
            throw new StatementFormatException(import.FileName, "record 1", "an account of an issuer in a file of this size", $"{nobodys.Account}, which is none: state it first");
        var content = new byte[upload.Content.Length];
        upload.Content.Position = 0;
        await upload.Content.ReadExactlyAsync(content, stopping);
        await held.Hold(import, content, nobodys.Message, stopping);
        return await store.Find(import.Id, stopping) ?? throw new InvariantBrokenException("an import that is held is stored");
    }

    /// <summary>A GPC file says neither its bank nor, often, its currency; the issuers' accounts do, and with the bank its conventions.</summary>
    private StatementReaderOptions ReadingFor(IEnumerable<Issuer> issuers)
    {
        var accounts = new List<OwnAccount>();
        var conventions = new Dictionary<string, GpcConvention>(options.GpcConventions, StringComparer.Ordinal);
        foreach (var issuer in issuers)
        {
            foreach (var account in issuer.AllAccounts)
            {
                if (!CzechAccount.TryParse(account.Local ?? account.Iban, out var czech)) continue;
                accounts.Add(new OwnAccount(czech, account.CurrencyOf(issuer)));
                if (account.Statements is { } set) conventions[czech.BankCode.ToString("0000", CultureInfo.InvariantCulture)] = Convention(set);
            }
        }

        return options with { OwnAccounts = accounts, GpcConventions = conventions };
    }

    private static GpcConvention Convention(BankConvention set) => new(
        set.ReversalsAreThreeAndFour ? GpcReversalCodes.ThreeAndFour : GpcReversalCodes.FourAndFive, set.DocumentNumberIsUnique, set.DueDateIsBookingDate);
}
