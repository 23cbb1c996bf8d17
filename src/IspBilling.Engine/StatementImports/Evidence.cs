using IspBilling.Domain;

namespace IspBilling.Engine.StatementImports;

/// <summary>What the rules say of an entry: whose it is, or why a person decides, and between whom.</summary>
/// <param name="Found">Null where a person decides.</param>
internal readonly record struct Attribution(Candidate? Found, string? Doubt, IReadOnlyList<Candidate> Candidates)
{
    public static Attribution For(Candidate found) => new(found, null, []);

    public static Attribution Doubtful(string reason, params IEnumerable<Candidate> candidates) =>
        new(null, reason, [.. candidates.DistinctBy(candidate => candidate.Account)]);
}

/// <summary>
/// Weighs what an entry says about whose it is. The bank's symbol decides, unless the text names somebody else by another one, and a symbol
/// that is nobody's contradicts whatever else is known; without one a payer who is known and the numbers in the text must all mean one open
/// account.
/// </summary>
internal static class Evidence
{
    /// <summary>Money that came in.</summary>
    /// <param name="senders">Accounts that this sender paid before, those that only the bank account of another issuer received as suggestions.</param>
    /// <param name="standings">Of the accounts that sender and texts name.</param>
    public static Attribution OfPayment(
        StoredEntry stored, ImportPage page, IReadOnlyList<Candidate> senders, IReadOnlyDictionary<AccountId, Standing> standings)
    {
        var named = page.Named(stored);
        if (named.Count > 1) return Attribution.Doubtful("several accounts carry this symbol", named);
        return named is [var only] ? Contradicted(stored, page, only) : Inferred(stored, page, senders, standings);
    }

    /// <summary>Money that went out: a refund only where the symbol and the receiver agree about one client.</summary>
    /// <returns>Null where it is no client's as far as anybody can tell.</returns>
    public static Attribution? OfOutgoing(
        StoredEntry stored, ImportPage page, IReadOnlyList<Candidate> receivers, IReadOnlyDictionary<AccountId, Standing> standings)
    {
        var named = page.Named(stored);
        List<Candidate> payers = [.. receivers.Where(candidate => !candidate.IsSuggestion)];
        if (stored.Hold is null && named is [var only] && payers.Exists(payer => payer.Account == only.Account)) return Attribution.For(only);
        var (amount, since) = (stored.Entry.Amount, page.NamedSince(stored));
        if (stored.Hold is null && named.Count == 0 && stored.Entry.VariableSymbol is null && payers is [var known]
            && standings.GetValueOrDefault(known.Account)?.Credit == amount) return Attribution.For(known);

        // Suppliers' symbols look like documents' of our own: without credit there is nothing to refund.
        Candidate[] credited =
        [
            .. named.Concat(since).Concat(receivers).Concat(page.Suggested(stored, (_, _) => false))
                .Where(candidate => standings.GetValueOrDefault(candidate.Account)?.Credit.IsPositive == true),
        ];
        return credited.Length == 0 ? null : Attribution.Doubtful("an outgoing payment; it may be a client's refund", credited);
    }

    private static Attribution Contradicted(StoredEntry stored, ImportPage page, Candidate named)
    {
        List<Candidate> others =
        [
            .. page.Mentioned(stored, (kind, account) => kind == MentionKind.Labelled && account != named.Account),
            .. page.SuggestedByText(stored, (kind, _) => kind == MentionKind.Labelled),
        ];
        var agrees = page.Mentioned(stored, (kind, account) => kind is MentionKind.Labelled or MentionKind.Joined && account == named.Account);
        return others.Count == 0 || agrees.Count > 0 || ImportPage.SaysItsSymbol(stored)
            ? Attribution.For(named)
            : Attribution.Doubtful("the symbol and the message name different clients", [named, .. others]);
    }

    private static Attribution Inferred(
        StoredEntry stored, ImportPage page, IReadOnlyList<Candidate> senders, IReadOnlyDictionary<AccountId, Standing> standings)
    {
        List<Candidate> payers = [.. senders.Where(sender => !sender.IsSuggestion)];
        var mentioned = page.Mentioned(stored, Counts);
        List<Candidate> suggested = [.. page.Suggested(stored, Counts)];
        var (namedSince, mentionedSince) = (page.NamedSince(stored), page.MentionedSince(stored, Counts));
        var seen = page.Mentioned(stored, (kind, account) => kind is MentionKind.Grouped or MentionKind.Joined && !Counts(kind, account));
        var joined = page.Mentioned(stored, (kind, _) => kind == MentionKind.Joined);
        if (stored.Hold == EntryHold.Batch) return Doubtful("one booking of several payments, and nobody tells which");
        if (HasSymbol(stored.Entry) && suggested.Count == 0 && namedSince.Count == 0) return Doubtful(NobodysBecause(stored, page, namesOthers: false));
        if (namedSince.Count > 0) return Doubtful("nobody carried the symbol yet on the day of the payment");
        if (mentioned.Count > 1) return Doubtful("the message names several clients");
        if (mentioned is [var one])
        {
            if (joined.Exists(other => other.Account != one.Account)) return Doubtful("the digits in the message name one client or, taken together, another");
            if (payers.Count > 0 && payers.TrueForAll(payer => payer.Account != one.Account))
                return Doubtful("the message names another client than the payer has paid before");
            return suggested.Count > 0 ? Doubtful("the message names another issuer's client as well") : IfOpen(one);
        }

        return payers switch
        {
            [] when suggested.Count == 0 && mentionedSince.Count > 0 => Doubtful("nobody carried the number in the message yet on the day of the payment"),
            [] when suggested.Count == 0 && seen.Count > 0 && !HasSymbol(stored.Entry) => Doubtful("digits in the message may be a client's symbol, and nothing else says so"),
            [] => Doubtful(NobodysBecause(stored, page, suggested.Count > 0)),
            [_] when suggested.Count > 0 => Doubtful("another issuer's client is named than the payer has paid before"),
            [var payer] => IfOpen(payer),
            _ => Doubtful("the payer's account has paid for several clients"),
        };

        bool Counts(MentionKind kind, AccountId account) =>
            kind is not (MentionKind.Short or MentionKind.Grouped or MentionKind.Joined) || standings.GetValueOrDefault(account)?.Owes(stored.Entry.Amount) == true;

        Attribution Doubtful(string reason) =>
            Attribution.Doubtful(reason, [.. namedSince, .. mentioned, .. payers, .. mentionedSince, .. seen, .. suggested, .. senders.Where(sender => sender.IsSuggestion)]);

        Attribution IfOpen(Candidate found) => standings.GetValueOrDefault(found.Account)?.IsOpen == true
            ? Attribution.For(found)
            : Attribution.Doubtful("the only client that this may be of is closed", found);
    }

    /// <summary>The constant symbol once more where the variable one belongs says nothing about whose the money is.</summary>
    private static bool HasSymbol(StatementEntry entry) =>
        entry.VariableSymbol is { } symbol && !(entry.ConstantSymbol is { } constant && VariableSymbol.Read(constant) == symbol);

    /// <param name="namesOthers">It names clients whose issuer did not receive the money.</param>
    private static string NobodysBecause(StoredEntry stored, ImportPage page, bool namesOthers)
    {
        if (namesOthers)
            return stored.Receiver.IsForeign ? "the account is in another currency than the client" : "the money came to another issuer's account than the client's";
        if (stored.Entry.VariableSymbol is { } symbol) return $"nobody carries symbol {symbol}";
        return page.NobodysSymbolInText(stored) is { } told ? $"nobody carries symbol {told} of the message, and the payer is not known" : "no symbol, and the payer is not known";
    }
}
