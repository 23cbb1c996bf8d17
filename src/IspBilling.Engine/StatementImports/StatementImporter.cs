using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Telemetry;

namespace IspBilling.Engine.StatementImports;

public sealed record StatementImporterOptions
{
    /// <summary>Entries looked up, asked and recorded together.</summary>
    public int PageSize { get; init; } = 4_096;
}

/// <summary>
/// Reads a statement to its end, then books its entries. Every entry ends in exactly one state; the same file twice, or two that
/// overlap, change nothing the second time; a crash is resumed from the entries still pending.
/// </summary>
public sealed class StatementImporter(
    IAccounts accounts, IStatementImportStore store, TimeProvider clock, StatementImporterOptions options)
{
    private const int MaxCandidates = 10;
    private const int MinDigitsInText = 4;
    private static readonly Dictionary<string, AccountId> NothingBooked = [];

    /// <exception cref="StatementFormatException">Nothing of the file is booked.</exception>
    public async Task<StatementImport> Import(StatementImport import, IAsyncEnumerable<StatementItem> items, CancellationToken cancellation)
    {
        var staged = await store.Stage(import, items, cancellation);
        return await Match(staged, cancellation);
    }

    /// <summary>Books what is pending of a file that was read in full; also after a crash.</summary>
    /// <remarks>
    /// As if entry by entry, so that it does not matter where a file was cut in two: each account books in the order of the file,
    /// an inference rests on earlier days and those are booked by then, and so is whatever a reversal may take back.
    /// </remarks>
    public async Task<StatementImport> Match(StatementImport import, CancellationToken cancellation)
    {
        using var span = EngineTelemetry.Activities.StartActivity("statement.match");
        long after = 0;
        while (true)
        {
            var page = await store.PendingAfter(import.Id, after, options.PageSize, cancellation);
            if (page.Count == 0) break;

            // A crash may have left entries pending that accounts have booked: of the page it was at, and of no later one.
            var booked = after == 0 ? await store.BookedAlready([.. page.Select(stored => stored.Identity)], cancellation) : NothingBooked;
            after = page[^1].Id;
            var outcomes = await MatchPage(import, page, booked, cancellation);
            await store.Resolve(import.Id, outcomes, cancellation);
            foreach (var state in outcomes.CountBy(outcome => outcome.State)) EngineTelemetry.EntriesDone(state.Key.ToString(), state.Value);
        }

        return await store.Finish(import.Id, clock.GetUtcNow(), cancellation);
    }

    /// <param name="booked">Accounts that know an entry already: asked again, they give their first answer, and nobody else is asked.</param>
    private async Task<List<EntryOutcome>> MatchPage(
        StatementImport import, IReadOnlyList<StoredEntry> page, IReadOnlyDictionary<string, AccountId> booked, CancellationToken cancellation)
    {
        var bySymbol = await store.BySymbol(SymbolsOf(page), cancellation);
        var outcomes = new List<EntryOutcome>(page.Count);
        var stretch = new Stretch();
        foreach (var stored in page)
        {
            var (direction, isReversal) = (stored.Entry.Direction, stored.Entry.IsReversal);
            var known = booked.TryGetValue(stored.Identity, out var account) ? Before(account) : null;
            if (direction == EntryDirection.Debit && isReversal)
            {
                await Book(import, stretch, outcomes, cancellation);
                var originals = known is null ? await OriginalsOf(stored, cancellation) : [known];
                outcomes.Add(await Reverse(import, stored, originals, cancellation));
                continue;
            }

            if (direction == EntryDirection.Debit || isReversal)
            {
                outcomes.Add(Rejected(stored, isReversal ? "an outgoing payment came back" : "an outgoing payment"));
                continue;
            }

            var candidates = known is not null ? [known] : Distinct(stored.Entry.VariableSymbol is { } symbol ? bySymbol[symbol.Value] : []);
            if (candidates.Count > 1)
            {
                outcomes.Add(Suspended(stored, "several accounts carry this symbol", candidates));
                continue;
            }

            if (candidates.Count == 0 && stretch.HasDayBefore(stored.Entry.BookedOn)) await Book(import, stretch, outcomes, cancellation);
            stretch.Add(stored, candidates.FirstOrDefault());
        }

        await Book(import, stretch, outcomes, cancellation);
        return outcomes;
    }

    /// <remarks>
    /// A command of an import that died may take effect while the next one is already at work: then the payment is gone because it was
    /// taken back by this very entry, and whoever holds it is asked again.
    /// </remarks>
    private async Task<List<Candidate>> OriginalsOf(StoredEntry reversal, CancellationToken cancellation)
    {
        var originals = Distinct(await store.ByOriginal(reversal.Entry, cancellation));
        if (originals.Count > 0) return originals;
        var booked = await store.BookedAlready([reversal.Identity], cancellation);
        return booked.TryGetValue(reversal.Identity, out var account) ? [Before(account)] : [];
    }

    private static Candidate Before(AccountId account) => new(account, MatchRule.NamedDocument, "booked before");

    private async Task Book(StatementImport import, Stretch stretch, List<EntryOutcome> outcomes, CancellationToken cancellation)
    {
        var matches = stretch.Named;
        matches.AddRange(await Infer(stretch.Unnamed, outcomes, cancellation));
        await BookAll(import, matches, outcomes, cancellation);
        stretch.Clear();
    }

    /// <summary>No usable symbol: the payer's account, if it always paid one client, or the one number in the message.</summary>
    private async Task<List<(StoredEntry, Candidate)>> Infer(List<StoredEntry> unnamed, List<EntryOutcome> outcomes, CancellationToken cancellation)
    {
        var inferred = new List<(StoredEntry, Candidate)>();
        if (unnamed.Count == 0) return inferred;
        var byPayer = await store.ByPayer([.. unnamed.Select(stored => stored.Entry.CounterAccount).OfType<string>().Distinct()], cancellation);
        var numbers = unnamed.ToDictionary(stored => stored.Id, stored => NumbersIn(stored.Entry.Message));
        var byNumber = await store.BySymbol([.. numbers.Values.SelectMany(found => found).Distinct()], cancellation);

        foreach (var stored in unnamed)
        {
            var payers = stored.Entry.CounterAccount is { } payer
                ? Distinct(byPayer[payer].Where(known => known.FirstPaidOn < stored.Entry.BookedOn).Select(known => known.Candidate))
                : [];
            if (payers.Count == 1)
            {
                inferred.Add((stored, payers[0]));
                continue;
            }

            var mentioned = Distinct(numbers[stored.Id].SelectMany(number => byNumber[number])
                .Select(candidate => candidate with { Rule = MatchRule.NumberInMessage }));
            if (payers.Count == 0 && mentioned.Count == 1) inferred.Add((stored, mentioned[0]));
            else outcomes.Add(Suspended(stored, WhyNot(stored.Entry, payers.Count, mentioned.Count), [.. payers, .. mentioned]));
        }

        return inferred;
    }

    private static string WhyNot(StatementEntry entry, int payers, int mentioned)
    {
        if (payers > 1) return "the payer's account has paid for several clients";
        if (mentioned > 1) return "the message names several clients";
        return entry.VariableSymbol is { } symbol ? $"nobody carries symbol {symbol}" : "no symbol, and the payer is not known";
    }

    /// <summary>Accounts side by side; what belongs to one account in the order of the file.</summary>
    private async Task BookAll(
        StatementImport import, List<(StoredEntry Stored, Candidate Candidate)> matches, List<EntryOutcome> outcomes, CancellationToken cancellation)
    {
        var booked = await Task.WhenAll(matches.GroupBy(match => match.Candidate.Account).Select(async ofAccount =>
        {
            var ended = new List<EntryOutcome>();
            foreach (var (stored, candidate) in ofAccount.OrderBy(match => match.Stored.Id))
            {
                var envelope = Booking.Of(stored.Identity, stored.Entry, stored.Entry.Amount, candidate.Rule, import.RequestedBy);
                ended.Add(Booked(stored, candidate, await accounts.Ask(candidate.Account, envelope, cancellation)));
            }

            return ended;
        }));
        foreach (var ended in booked) outcomes.AddRange(ended);
    }

    private static EntryOutcome Booked(StoredEntry stored, Candidate candidate, AccountReply reply) => reply switch
    {
        PaymentReceipt receipt => new EntryOutcome(stored.Id, EntryState.Matched, candidate.Account, receipt.Rule, receipt.Flagged, []),
        Refused refused => Suspended(stored, refused.Detail, [candidate]),
        Parked parked => Suspended(stored, $"the account is parked: {parked.Reason}", [candidate]),
        _ => throw new InvariantBrokenException($"a payment cannot end in {reply.GetType().Name}"),
    };

    private async Task<EntryOutcome> Reverse(
        StatementImport import, StoredEntry stored, List<Candidate> candidates, CancellationToken cancellation)
    {
        if (candidates.Count != 1)
            return Suspended(stored, candidates.Count == 0 ? "no payment that this reversal takes back" : "several payments could be meant", candidates);
        var entry = stored.Entry;
        var command = new ReversePayment(
            stored.Identity, entry.Amount, entry.BookedOn, entry.VariableSymbol, entry.CounterAccount, entry.OrderReference);
        var reply = await accounts.Ask(
            candidates[0].Account, new Envelope(CommandIds.Derive("reverse-payment", stored.Identity), command, import.RequestedBy), cancellation);
        return reply switch
        {
            Done => new EntryOutcome(stored.Id, EntryState.Matched, candidates[0].Account, candidates[0].Rule, "reversal", []),
            Refused refused => Suspended(stored, refused.Detail, candidates),
            Parked parked => Suspended(stored, $"the account is parked: {parked.Reason}", candidates),
            _ => throw new InvariantBrokenException($"a reversal cannot end in {reply.GetType().Name}"),
        };
    }

    private static EntryOutcome Rejected(StoredEntry stored, string reason) => new(stored.Id, EntryState.Rejected, null, null, reason, []);

    private static EntryOutcome Suspended(StoredEntry stored, string reason, IEnumerable<Candidate> candidates) =>
        new(stored.Id, EntryState.Suspense, null, null, reason, [.. candidates.Take(MaxCandidates)]);

    private static List<Candidate> Distinct(IEnumerable<Candidate> candidates) => [.. candidates.DistinctBy(candidate => candidate.Account)];

    private static HashSet<long> SymbolsOf(IReadOnlyList<StoredEntry> page)
    {
        var symbols = new HashSet<long>();
        foreach (var stored in page)
        {
            if (stored.Entry.VariableSymbol is { } symbol) symbols.Add(symbol.Value);
        }

        return symbols;
    }

    /// <summary>Runs of four to ten digits that are not part of a longer one.</summary>
    /// <remarks>Found by hand: a regular expression needs a time limit, and a busy machine then refuses a sound file.</remarks>
    private static List<long> NumbersIn(string? message)
    {
        var numbers = new List<long>();
        if (message is null) return numbers;
        for (var from = 0; from < message.Length;)
        {
            var to = from;
            while (to < message.Length && char.IsAsciiDigit(message[to])) to++;
            if (to - from is >= MinDigitsInText and <= VariableSymbol.MaxDigits && VariableSymbol.Read(message.AsSpan(from, to - from)) is { } symbol)
                numbers.Add(symbol.Value);
            from = Math.Max(to, from + 1);
        }

        return numbers;
    }
}
