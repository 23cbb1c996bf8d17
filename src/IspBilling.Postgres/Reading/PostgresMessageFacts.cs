using System.Collections.Immutable;
using System.Data;
using System.Globalization;
using Dapper;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Outgoing;
using IspBilling.Postgres.Journal;
using IspBilling.Postgres.Terms;
using Npgsql;

namespace IspBilling.Postgres.Reading;

/// <summary>What messages need to know, from accounts as of their last commit and from the documents they issued.</summary>
public sealed class PostgresMessageFacts(NpgsqlDataSource database, LiveContext contexts) : IMessageFacts
{
    private sealed record AccountRow(long Id, long Version, byte[] State, string Reference);

    private sealed record DocumentRow(long Account, int Ordinal, int Kind, string Number, long? Symbol, DateOnly IssuedOn, DateOnly DueOn, string Currency, long Total, long Open);

    public async ValueTask<MessageFacts?> Of(Delivery delivery, CancellationToken cancellation) => (await Of([delivery], cancellation))[0];

    /// <summary>The facts of many deliveries with one look at the database, in their order.</summary>
    /// <param name="deliveries">At most <see cref="OutboxLimits.MaxClaim"/>.</param>
    public async ValueTask<IReadOnlyList<MessageFacts?>> Of(IReadOnlyList<Delivery> deliveries, CancellationToken cancellation)
    {
        Invariant.Require(deliveries.Count <= OutboxLimits.MaxClaim);
        var context = contexts.Now().Context;
        var (rows, documents) = await Patience.With(() => Read(deliveries, cancellation));
        var accounts = new Dictionary<long, (string Reference, AccountState State)>();
        foreach (var row in rows) accounts[row.Id] = (row.Reference, await StoredState.Of(database, new AccountId(row.Id), row.Version, row.State, cancellation));
        return
        [
            .. deliveries.Select(delivery => accounts.TryGetValue(delivery.Id.Account.Value, out var account) && account.State.Profile is { } profile
                ? Facts(delivery, account.Reference, account.State, profile, documents, context)
                : null),
        ];
    }

    /// <summary>Facts for a message that nobody decided to send, for looking at it beforehand.</summary>
    public ValueTask<MessageFacts?> Of(AccountId account, MessageChannel channel, OutgoingMessage message, CancellationToken cancellation) =>
        Of(new Delivery(new DeliveryId(account, 0, 0), channel, message, DeliveryStatus.BeforeDelivery, contexts.Now().Instant), cancellation);

    /// <summary>The youngest document of a kind; null when the account has none.</summary>
    public async Task<int?> LatestDocument(AccountId account, DocumentKind kind, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.ExecuteScalarAsync<int?>(new CommandDefinition(
            "SELECT max(ordinal) FROM documents WHERE account_id = @account AND kind = @kind",
            new { account = account.Value, kind = (short)kind }, cancellationToken: cancellation));
    }

    private async Task<(List<AccountRow> Accounts, Dictionary<(long Account, int Ordinal), DocumentRow> Documents)> Read(
        IReadOnlyList<Delivery> deliveries, CancellationToken cancellation)
    {
        var delivered = deliveries.Where(delivery => delivery.Message is DeliverDocument)
            .Select(delivery => (Account: delivery.Id.Account.Value, Ordinal: ((DeliverDocument)delivery.Message).Document)).Distinct().ToList();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        var accounts = (await connection.QueryAsync<AccountRow>(new CommandDefinition(
            "SELECT a.id, a.version, a.state, r.reference FROM accounts a JOIN client_references r ON r.account_id = a.id WHERE a.id = ANY (@ids)",
            new { ids = deliveries.Select(delivery => delivery.Id.Account.Value).Distinct().ToArray() }, snapshot, cancellationToken: cancellation))).AsList();
        if (delivered.Count == 0) return (accounts, []);
        var documents = await connection.QueryAsync<DocumentRow>(new CommandDefinition(
            """
            SELECT d.account_id AS Account, d.ordinal, d.kind::int AS Kind, d.number, d.symbol, d.issued_on AS IssuedOn, d.due_on AS DueOn, d.currency, d.total,
                   coalesce(o.open, 0) AS Open
            FROM unnest(@accounts, @ordinals) AS asked (account, ordinal)
            JOIN documents d ON d.account_id = asked.account AND d.ordinal = asked.ordinal
            LEFT JOIN open_items o ON o.account_id = d.account_id AND o.document = d.ordinal
            """,
            new { accounts = delivered.Select(one => one.Account).ToArray(), ordinals = delivered.Select(one => one.Ordinal).ToArray() },
            snapshot, cancellationToken: cancellation));
        return (accounts, documents.ToDictionary(row => (row.Account, row.Ordinal)));
    }

    private static MessageFacts? Facts(
        Delivery delivery, string reference, AccountState state, AccountProfile profile, Dictionary<(long Account, int Ordinal), DocumentRow> documents, DecisionContext context)
    {
        if (!context.Issuers.TryGetValue(profile.Issuer, out var issuer)) return null;
        var open = state.Documents.Where(document => document.IsReceivable && document.Open.IsPositive).OrderBy(document => document.DueOn).ThenBy(document => document.Ordinal).ToList();
        var overdue = open.Where(document => !document.Disputed && document.DaysOverdueOn(context.Today) > 0).ToList();
        var document = delivery.Message is DeliverDocument delivers && documents.TryGetValue((state.Id.Value, delivers.Document), out var row) ? row : null;
        return new MessageFacts(
            state.Id, reference, profile.Name, profile.Language, state.TakesByEmail(delivery.Message) ? profile.Email : null,
            profile.Phone is { } phone ? PhoneDigits.E164(phone, profile.Address.Country) : null,
            profile.Address, Sender(issuer, profile),
            document is null ? null : Of(document, context.Today),
            [.. overdue.Select(one => Of(one, context.Today))],
            overdue.OpenTogether(issuer.Currency),
            state.Level)
        {
            Today = context.Today,
            WhyNoEmail = state.EmailMark is { } mark && mark.Stops(delivery.Message) ? InWords(mark) : null,
            Reminder = delivery.Message is SendReminder reminder ? Reminder(delivery, reminder, state, issuer.Currency, context) : null,
            Open = [.. open.Select(one => Of(one, context.Today))],
            OpenSum = open.OpenTogether(issuer.Currency),
            Credit = state.UnusedCredit(issuer.Currency),
        };
    }

    private static string InWords(EmailMark mark) => mark.Fault == EmailFault.Complaint
        ? string.Create(CultureInfo.InvariantCulture, $"the client complained of a mail on {mark.On:yyyy-MM-dd}: only documents go by e-mail")
        : string.Create(CultureInfo.InvariantCulture, $"mails to the client's address come back since {mark.On:yyyy-MM-dd}: {mark.Reason}");

    private static SenderFacts Sender(Issuer issuer, AccountProfile profile) => new(
        issuer.Id, issuer.Name, issuer.Email, issuer.Phone, issuer.Web, issuer.Address,
        new PayeeFacts(Iban.Compact(issuer.BankAccount.Iban), issuer.BankAccount.Local, profile.SymbolPolicy == SymbolPolicy.PerAccount ? profile.AccountSymbol?.ToString() : null))
    {
        CompanyNumber = issuer.CompanyNumber, VatNumber = issuer.VatNumber, RegisterText = issuer.RegisterText,
    };

    /// <summary>What follows the step, taken for told: the client who reads of it has been.</summary>
    private static ReminderFacts Reminder(Delivery delivery, SendReminder reminder, AccountState state, Currency currency, DecisionContext context)
    {
        var step = context.DunningPolicy.Steps.FirstOrDefault(one => one.Code == reminder.Step);
        return new ReminderFacts(reminder.Step, step?.Actions ?? reminder.Channels, step is not null && step.Actions.HasFlag(DunningActions.Fee) ? step.Fee?.In(currency) : null, Next(delivery, state, context));
    }

    private static NextStepFacts? Next(Delivery delivery, AccountState state, DecisionContext context)
    {
        try
        {
            var told = AccountDecider.Decide(state, new RecordDelivery(delivery.Id, delivery.Channel, delivery.Message, DeliveryOutcome.Delivered, context.Today), context).State;
            return NextDunningStep.Of(told, context) is { } next ? new NextStepFacts(next.Code, next.On, next.PayBy, next.Actions) : null;
        }
        catch (BrokenReferenceException)
        {
            // Such an account is parked with its next decision: no step follows until a person has mended it.
            return null;
        }
    }

    private static DocumentFacts Of(OpenDocument document, DateOnly today) =>
        new(document.Ordinal, document.Kind, document.Number, document.IssuedOn, document.DueOn, document.Total, document.Open)
        {
            DaysOverdue = document.DaysOverdueOn(today), Symbol = document.Symbol,
        };

    private static DocumentFacts Of(DocumentRow row, DateOnly today)
    {
        var currency = Currency.Parse(row.Currency);
        var open = new OpenDocument(
            row.Ordinal, (DocumentKind)row.Kind, row.Number, row.IssuedOn, row.DueOn, row.Symbol is { } symbol ? new VariableSymbol(symbol) : null,
            new Money(row.Total, currency), Money.Zero(currency), Disputed: false, []);
        return new DocumentFacts(row.Ordinal, open.Kind, row.Number, row.IssuedOn, row.DueOn, open.Total, new Money(row.Open, currency).Abs)
        {
            DaysOverdue = row.Open == 0 ? 0 : open.DaysOverdueOn(today), Symbol = open.Symbol,
        };
    }
}
