using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using IspBilling.Domain;

namespace IspBilling.Engine.Tests.StatementImports;

/// <summary>Where a bank cuts its files must not matter, nor where the importer cuts its pages.</summary>
public sealed class SplitFiles
{
    private const int Clients = 3;

    /// <summary>How a generated payer says whom the money is for.</summary>
    public enum By { OwnSymbol, FirstDocument, SecondDocument, Message, PayerOnly, Nothing, UnknownSymbol }

    public sealed record Move(int DaysLater, int Client, By By, int Payer, int Amount, bool IsReversal);

    public sealed record Statement(Move[] Moves, int Cut)
    {
        public override string ToString() => $"cut after {Cut}: {string.Join<Move>("; ", Moves)}";
    }

    private static readonly Arbitrary<Statement> Statements = Arb.From(
        from moves in Gen.Choose(1, 12).SelectMany(length => Gen.ArrayOf(
            from later in Gen.Frequency((3, Gen.Constant(0)), (2, Gen.Constant(1)), (1, Gen.Constant(4)))
            from client in Gen.Choose(0, Clients - 1)
            from named in Gen.Elements(Enum.GetValues<By>())
            from payer in Gen.Choose(0, 3)
            from amount in Gen.Elements(100, 499, 600, 998, 1200)
            from reversal in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
            select new Move(later, client, named, payer, amount, reversal), length))
        from cut in Gen.Choose(0, moves.Length)
        select new Statement(moves, cut),
        Shrink);

    [Fact]
    public async Task Two_files_one_after_the_other_do_what_one_file_does()
    {
        await using var bank = await Bank.Open();
        var worlds = 0;

        Prop.ForAll(Statements, async statement =>
        {
            var whole = await World.Open(bank, Interlocked.Increment(ref worlds));
            var split = await World.Open(bank, Interlocked.Increment(ref worlds));

            await bank.Import(whole.Entries(statement.Moves));
            await bank.Import(split.Entries(statement.Moves).Take(statement.Cut));
            await bank.Import(split.Entries(statement.Moves).Skip(statement.Cut));

            Assert.Equal(await whole.Outcome(statement.Moves.Length), await split.Outcome(statement.Moves.Length));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));
        Assert.Empty(await bank.Findings());
    }

    [Fact]
    public async Task One_entry_at_a_time_does_what_side_by_side_does()
    {
        await using var bank = await Bank.Open();
        var worlds = 0;

        Prop.ForAll(Statements, async statement =>
        {
            var (whole, single, pairs) = (
                await World.Open(bank, Interlocked.Increment(ref worlds)), await World.Open(bank, Interlocked.Increment(ref worlds)),
                await World.Open(bank, Interlocked.Increment(ref worlds)));

            await bank.Import(whole.Entries(statement.Moves));
            await bank.ImportInPages(1, single.Entries(statement.Moves));
            await bank.ImportInPages(2, pairs.Entries(statement.Moves));

            Assert.Equal(await single.Outcome(statement.Moves.Length), await whole.Outcome(statement.Moves.Length));
            Assert.Equal(await single.Outcome(statement.Moves.Length), await pairs.Outcome(statement.Moves.Length));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));
        Assert.Empty(await bank.Findings());
    }

    /// <summary>Leaves out one entry at a time.</summary>
    private static IEnumerable<Statement> Shrink(Statement statement) =>
        from left in Enumerable.Range(0, statement.Moves.Length)
        where statement.Moves.Length > 1
        select new Statement([.. statement.Moves.Where((_, i) => i != left)], statement.Cut > left ? statement.Cut - 1 : statement.Cut);

    /// <summary>Three debtors of their own within the shared bank; two worlds have nothing in common but their shape.</summary>
    private sealed class World(Bank bank, int number, VariableSymbol[][] documents)
    {
        private int First => number * 10;

        public static async Task<World> Open(Bank bank, int number)
        {
            var documents = new VariableSymbol[Clients][];
            for (var client = 0; client < Clients; client++)
            {
                await bank.Debtor((number * 10) + client, Symbol(number, client).Value);
                documents[client] = [await bank.SymbolOf((number * 10) + client, 1), await bank.SymbolOf((number * 10) + client, 2)];
            }

            return new World(bank, number, documents);
        }

        public IEnumerable<StatementEntry> Entries(Move[] moves)
        {
            var day = Given.Day("2026-02-02");
            for (var i = 0; i < moves.Length; i++)
            {
                var move = moves[i];
                day = day.AddDays(move.DaysLater);
                VariableSymbol? symbol = move.By switch
                {
                    By.OwnSymbol => Symbol(number, move.Client),
                    By.FirstDocument => documents[move.Client][0],
                    By.SecondDocument => documents[move.Client][1],
                    By.UnknownSymbol => new VariableSymbol(900_000_000L + number),
                    _ => null,
                };
                var payer = move.By == By.Nothing ? null : string.Create(CultureInfo.InvariantCulture, $"{First + move.Payer}/0100");
                var message = move.By == By.Message ? $"for {Symbol(number, move.Client)}" : null;
                var on = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
                yield return move.IsReversal
                    ? Bank.TakenBack(Reference(i), move.Amount, on, symbol, payer)
                    : Bank.Paid(Reference(i), move.Amount, on, symbol, payer, message);
            }
        }

        /// <summary>Balances, allocations and the states of entries, without what only names this world.</summary>
        public async Task<string> Outcome(int entries)
        {
            var lines = new List<string>();
            for (var i = 0; i < entries; i++)
            {
                var entry = await bank.Entry(Reference(i));
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"entry {i}: {entry.State}, {entry.Account?.Value - First}, {entry.Rule}"));
            }

            for (var client = 0; client < Clients; client++)
            {
                var state = await bank.State(First + client);
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"client {client}: {state.Balance}"));
                lines.AddRange(state.Documents.Select(document => $"  document {document.Ordinal}: {document.Open}"));
                lines.AddRange(state.Payments.Select(payment =>
                    $"  payment {payment.Ordinal}: {payment.Amount}, {payment.BookedOn:yyyy-MM-dd}, {payment.Status}, {payment.Rule}, {string.Join(", ", payment.Allocations)}"));
            }

            return string.Join('\n', lines);
        }

        private string Reference(int entry) => string.Create(CultureInfo.InvariantCulture, $"{number}-{entry}");

        /// <summary>Seven digits in every world: shorter numbers in a text count otherwise, and longer ones may be a date.</summary>
        private static VariableSymbol Symbol(int number, int client) => new(((number + 100) * 10_000L) + client + 1);
    }
}
