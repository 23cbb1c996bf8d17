using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using IspBilling.Simulation.Auditing;
using IspBilling.Simulation.Running;

namespace IspBilling.Simulation.Workload;

/// <summary>
/// The provider's account at a bank: what clients pay into it, rightly and wrongly, what the bank takes back, and the files it
/// makes of that.
/// </summary>
internal sealed class BankAccount(Dice dice)
{
    private const string OwnAccount = "2000145399/0800";
    private const string OtherAccount = "19-2000145399/0800";
    private readonly SortedDictionary<DateOnly, List<Movement>> _days = [];
    private int _references;

    /// <summary>Somebody pays an invoice on a day, in one of the ways that people do.</summary>
    public void Pay(DateOnly day, AccountState payer, OpenDocument invoice, AccountState somebodyElse)
    {
        var (minor, symbol, named) = (invoice.Open.Minor, invoice.Symbol, (AccountId?)payer.Id);
        var ownAccount = CounterOf(payer.Id);
        string? counter = dice.Chance(0.7) ? ownAccount : null, message = null;
        var order = dice.Chance(0.3) ? $"order-{++_references}" : null;
        switch (dice.Below(20))
        {
            case 0 or 1:
                minor = dice.Between(1, (int)Math.Min(minor, int.MaxValue));
                break;
            case 2:
                minor += dice.Between(1, 1_000_00);
                break;
            case 3:
                (symbol, named, counter) = (null, null, ownAccount);
                break;
            case 4:
                (symbol, named, message) = (null, null, $"internet {invoice.Number}");
                break;
            case 5:
                // Nobody's, or a number that an invoice may get some day.
                var number = dice.Between(1, 999_999);
                (symbol, named) = (new VariableSymbol(number % 2 == 0 ? number : long.Parse(invoice.Number, CultureInfo.InvariantCulture) + 1 + (number % 40)), null);
                break;
            case 6:
                var wrong = somebodyElse.Documents.LastOrDefault(document => document.Kind == DocumentKind.Invoice)?.Symbol;
                if (wrong is not null) (symbol, named) = (wrong, null);
                break;
            case 7:
                (symbol, named, counter) = (null, null, null);
                break;
            case 8 when payer.Profile?.AccountSymbol is { } own:
                symbol = own;
                break;
        }

        // Some pay into the other company's account: then nobody is named, whatever the symbol says.
        var receiver = AccountOf(payer);
        if (dice.Chance(0.05)) (receiver, named) = (OtherThan(receiver), null);
        var currency = dice.Chance(0.01) ? Currency.Eur : Currency.Czk;
        var entry = new StatementEntry(
            receiver, dice.Chance(0.7) ? $"ref-{++_references}" : null, new Money(minor, currency),
            EntryDirection.Credit, IsReversal: false, day, day, counter, $"Client {payer.Id}", symbol, null, null, message, order, "");
        Add(new Movement(entry, payer.Id, currency == Currency.Czk ? named : null));
        // The same once more, and nothing to tell the two apart.
        if (dice.Chance(0.03)) Add(new Movement(entry with { EntryReference = entry.EntryReference is null ? null : $"ref-{++_references}" }, payer.Id, currency == Currency.Czk ? named : null));
    }

    /// <summary>Somebody pays what is open of an invoice and names it.</summary>
    public void PayInFull(DateOnly day, AccountState payer, OpenDocument invoice) => Add(new Movement(
        new StatementEntry(
            AccountOf(payer), $"ref-{++_references}", invoice.Open, EntryDirection.Credit, IsReversal: false, day, day, CounterOf(payer.Id),
            $"Client {payer.Id}", invoice.Symbol, null, null, null, null, ""),
        payer.Id, payer.Id));

    /// <summary>The provider pays credit back, in one of the ways that clerks do; now and then the money comes back.</summary>
    public void Refund(DateOnly day, AccountState payee, Money credit)
    {
        var symbol = dice.Chance(0.7) ? payee.Profile?.AccountSymbol ?? payee.Documents.LastOrDefault()?.Symbol : null;
        var payer = dice.Chance(0.95) ? AccountOf(payee) : OtherThan(AccountOf(payee));
        var entry = new StatementEntry(
            payer, $"ref-{++_references}", dice.Chance(0.8) ? credit : credit + Money.Czk(dice.Between(1, 50)), EntryDirection.Debit, IsReversal: false, day, day,
            dice.Chance(0.8) ? CounterOf(payee.Id) : null, $"Client {payee.Id}", symbol, null, null, "refund", dice.Chance(0.3) ? $"order-{_references}" : null, "");
        Add(new Movement(entry, payee.Id, null));
        if (!dice.Chance(0.3)) return;
        var back = day.AddDays(dice.Between(0, 3));
        Add(new Movement(
            entry with { EntryReference = $"ref-{++_references}", Direction = EntryDirection.Credit, IsReversal = true, BookedOn = back, ValueOn = back }, payee.Id, null));
    }

    /// <summary>The bank takes back a payment of the last weeks, sometimes with a fee, or something passes that is no client's.</summary>
    public void OtherMovements(DateOnly day)
    {
        if (dice.Chance(0.15) && Recent(day) is { } taken)
        {
            Add(new Movement(
                taken.Entry with
                {
                    EntryReference = $"ref-{++_references}",
                    Direction = EntryDirection.Debit,
                    IsReversal = true,
                    BookedOn = day,
                    ValueOn = day,
                    Amount = dice.Chance(0.25) ? taken.Entry.Amount + new Money(60_00, taken.Entry.Amount.Currency) : taken.Entry.Amount,
                },
                taken.Payer, null));
        }

        if (!dice.Chance(0.05)) return;
        var isBack = dice.Chance(0.3);
        Add(new Movement(
            new StatementEntry(
                OwnAccount, $"ref-{++_references}", new Money(dice.Between(1, 9_000_00), Currency.Czk), isBack ? EntryDirection.Credit : EntryDirection.Debit, isBack,
                day, day, "77/0300", "A supplier", null, null, null, "invoice 17", null, ""),
            null, null));
    }

    /// <summary>All movements of some days; the same days again give the same.</summary>
    public IReadOnlyList<Movement> Of(DateOnly from, DateOnly to) => [.. _days.Where(day => day.Key >= from && day.Key <= to).SelectMany(day => day.Value)];

    /// <summary>Whose account received the money.</summary>
    public static IssuerId ReceiverOf(StatementEntry entry) => entry.OwnAccount == OwnAccount ? IssuerId.Default : Provider.OtherCompany;

    /// <summary>A file of all movements of some days as its reader hands it over: a statement for each account and currency, from balance to balance.</summary>
    /// <param name="breaksOff">The file ends in the middle of a record.</param>
    public async IAsyncEnumerable<StatementItem> File(DateOnly from, DateOnly to, Func<Task> wait, bool breaksOff)
    {
        var movements = Of(from, to);
        await wait();
        var taken = 0;
        foreach (var statement in movements.GroupBy(movement => (movement.Entry.OwnAccount, movement.Entry.Amount.Currency)))
        {
            var (account, currency) = statement.Key;
            var balance = new Money(
                Of(DateOnly.MinValue, from.AddDays(-1)).Where(movement => movement.Entry.OwnAccount == account && movement.Entry.Amount.Currency == currency).Sum(Signed), currency);
            yield return new StatementOpened(account, currency, null, balance, from.AddDays(-1))
            {
                Owner = new StatementOwner(ReceiverOf(statement.First().Entry), Currency.Czk), FirstDay = from, LastDay = to,
            };
            foreach (var movement in statement)
            {
                var position = string.Create(CultureInfo.InvariantCulture, $"record {++taken + 1}");
                if (breaksOff && taken - 1 == movements.Count / 2) throw new StatementFormatException("statement", position, "a record", "the end of the file");
                yield return new StatementEntryRead(movement.Entry with { Position = position }) { Facts = new EntryFacts { BalanceBefore = balance } };
                balance += new Money(Signed(movement), currency);
            }

            yield return new StatementClosed(account, balance, to) { Balance = BalanceVerdict.Proven };
        }

        if (breaksOff && movements.Count == 0) throw new StatementFormatException("statement", "record 2", "a record", "the end of the file");
    }

    private static long Signed(Movement movement) => movement.Entry.Direction == EntryDirection.Credit ? movement.Entry.Amount.Minor : -movement.Entry.Amount.Minor;

    private static string CounterOf(AccountId client) => $"{1000 + client.Value}/0100";

    /// <summary>Of the company whose client it is.</summary>
    private static string AccountOf(AccountState client) => client.RequiredProfile.Issuer == IssuerId.Default ? OwnAccount : OtherAccount;

    private static string OtherThan(string account) => account == OwnAccount ? OtherAccount : OwnAccount;

    private Movement? Recent(DateOnly day)
    {
        var recent = Of(day.AddDays(-20), day.AddDays(-1)).Where(movement => movement.Payer is not null && movement.Entry.Direction == EntryDirection.Credit).ToList();
        return recent.Count == 0 ? null : dice.Pick(recent);
    }

    private void Add(Movement movement)
    {
        if (!_days.TryGetValue(movement.Entry.BookedOn, out var day)) _days.Add(movement.Entry.BookedOn, day = []);
        day.Add(movement);
    }
}
