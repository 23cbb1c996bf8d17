using System.Globalization;
using System.Security.Cryptography;
using IspBilling.Banking;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.StatementImports;
using IspBilling.Postgres.Imports;
using Microsoft.Extensions.Hosting;

namespace IspBilling.Http.Statements;

/// <summary>
/// Reads a statement, wherever it comes from, and books its entries. Few at a time, because each holds a transaction while it is read. An import
/// begun goes on when its uploader hangs up: half of a file is of no use to anyone. A file of nobody's account is held whole.
/// </summary>
public sealed class StatementIntake(
    IStatementImportStore store, HeldStatements held, IStatementBooking booking, StatementReaderOptions options, LiveContext contexts, TimeProvider clock,
    IHostApplicationLifetime lifetime) : IDisposable
{
    private const int AtOnceMax = 2;
    private readonly SemaphoreSlim _places = new(AtOnceMax, AtOnceMax);

    /// <summary>How files are read now: the provider's accounts and the business date are as of this moment.</summary>
    public StatementReaderOptions Reading => ReadingFor(contexts.Settings.Issuers.Values);

    /// <param name="content">From its beginning, and read to its end; one that can be read again from there.</param>
    /// <param name="fileName">For messages only.</param>
    /// <param name="by">Who uploaded it, or what fetched it.</param>
    /// <param name="hash">SHA-256 of the content, where the caller has it.</param>
    /// <exception cref="StatementFormatException">Nothing of the file is booked; the refusal is stored.</exception>
    public async Task<StatementImport> Import(ImportId id, Stream content, string fileName, Actor by, byte[]? hash = null)
    {
        if (hash is null)
        {
            hash = await SHA256.HashDataAsync(content, lifetime.ApplicationStopping);
            content.Position = 0;
        }

        var import = new StatementImport(
            id, fileName, Format: "", by, clock.GetUtcNow(), FinishedAt: null, ImportStatus.Reading, ImportCounts.None, [], Refusal: null)
        {
            ContentHash = hash,
        };
        return await Book(import, content, (read, nobodys) => Hold(read, content, nobodys));
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
                var booked = await Book(import with { Refusal = null, ContentHash = SHA256.HashData(content) }, file, (_, _) => Task.FromResult(import));
                if (booked.Status != ImportStatus.Held) released++;
            }
            catch (StatementFormatException)
            {
                released++;
            }
        }

        return released;
    }

    public void Dispose() => _places.Dispose();

    /// <param name="ofNobody">What becomes of a statement whose account is no issuer's.</param>
    private async Task<StatementImport> Book(
        StatementImport import, Stream content, Func<StatementImport, NobodysStatementException, Task<StatementImport>> ofNobody)
    {
        var stopping = lifetime.ApplicationStopping;
        await _places.WaitAsync(stopping);
        try
        {
            var issuers = contexts.Settings.Issuers.Values;
            var file = await Open(content, import.FileName, ReadingFor(issuers), stopping);
            import = import with { Format = file.Format };
            try
            {
                var staged = await store.Stage(import, new OwnStatements(issuers).Of(file.Items, stopping), stopping);
                return await booking.Match(staged, stopping);
            }
            catch (NobodysStatementException nobodys)
            {
                return await ofNobody(import, nobodys);
            }
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>A file of an unknown format is one without items, which is refused like one that breaks off: both stand in the list.</summary>
    private static async Task<StatementFile> Open(Stream content, string fileName, StatementReaderOptions reading, CancellationToken stopping)
    {
        try
        {
            return await StatementReaders.Open(content, fileName, reading, stopping);
        }
        catch (StatementFormatException unknown)
        {
            return new StatementFile("unknown", Refused(unknown));
        }

        static async IAsyncEnumerable<StatementItem> Refused(StatementFormatException refusal)
        {
            await Task.FromException(refusal);
            yield break;
        }
    }

    private async Task<StatementImport> Hold(StatementImport import, Stream content, NobodysStatementException nobodys)
    {
        var stopping = lifetime.ApplicationStopping;
        if (content.Length > HeldStatements.BytesMax)
            throw new StatementFormatException(import.FileName, "record 1", "an account of an issuer in a file of this size", $"{nobodys.Account}, which is none: state it first");
        var whole = new byte[content.Length];
        content.Position = 0;
        await content.ReadExactlyAsync(whole, stopping);
        await held.Hold(import, whole, nobodys.Message, stopping);
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

        return options with { OwnAccounts = accounts, GpcConventions = conventions, Today = contexts.Today };
    }

    private static GpcConvention Convention(BankConvention set) => new(
        set.ReversalsAreThreeAndFour ? GpcReversalCodes.ThreeAndFour : GpcReversalCodes.FourAndFive, set.DocumentNumberIsUnique, set.DueDateIsBookingDate);
}
