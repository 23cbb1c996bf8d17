using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using IspBilling.Simulation.Hosting;

namespace IspBilling.Simulation;

/// <summary>What the clerk does about entries, and what a node carries on of it.</summary>
public sealed partial class Simulator
{
    /// <summary>A clerk decides about an entry that waits, or takes one off that was matched.</summary>
    private Task WorkAtDesk()
    {
        var waiting = _imports.Entries.Where(entry => entry is { State: EntryState.Suspense, IsDoubtful: false }).ToList();
        var matched = _imports.Entries.Where(entry => entry.State == EntryState.Matched).ToList();
        if (matched.Count > 0 && _dice.Chance(0.2))
        {
            var wrong = _dice.Pick(matched);
            return AtDesk(desk => desk.Unassign(wrong.Id, Clerk, "another client's", CancellationToken.None));
        }

        var closed = _imports.Entries.Where(entry => entry.State == EntryState.Rejected).ToList();
        if (closed.Count > 0 && _dice.Chance(0.1))
        {
            var mistaken = _dice.Pick(closed);
            return AtDesk(desk => desk.Reopen(mistaken.Id, Clerk, "it is a client's after all", CancellationToken.None));
        }

        if (waiting.Count == 0) return Task.CompletedTask;
        var entry = _dice.Pick(waiting);
        if (_dice.Chance(0.15)) return Close(entry, waiting);
        if (entry.Entry.Direction == EntryDirection.Debit && _dice.Chance(0.5)) return Return(entry);
        var payer = _bank.Of(entry.Entry.BookedOn, entry.Entry.BookedOn).FirstOrDefault(movement => movement.Entry == entry.Entry with { Position = "" })?.Payer;
        var account = payer is not null && _dice.Chance(0.8) ? payer.Value : _dice.Pick(_joined);
        var other = _dice.Pick(_joined);
        var amount = entry.Entry.Amount;
        if (amount.Currency != Currency.Czk)
        {
            var worth = new Money(amount.Minor * 25, Currency.Czk);
            _auditor.WorthStated(entry.Id, worth);
            return AtDesk(desk => desk.Assign(entry.Id, account, worth, Clerk, "at 25 to one", CancellationToken.None));
        }

        if (other == account || amount.Minor < 2 || !_dice.Chance(0.25))
            return AtDesk(desk => desk.Assign(entry.Id, account, Clerk, CancellationToken.None));
        var first = new Money(_dice.Between(1, (int)amount.Minor - 1), amount.Currency);
        return AtDesk(desk => desk.Split(entry.Id, [new EntryShare(account, first), new EntryShare(other, amount - first)], Clerk, CancellationToken.None));
    }

    /// <summary>No client's, or cancelled by another entry that waits.</summary>
    private Task Close(EntryView entry, List<EntryView> waiting)
    {
        var counterpart = waiting.FirstOrDefault(other => other.Entry.Direction != entry.Entry.Direction && other.Entry.Amount == entry.Entry.Amount);
        return AtDesk(desk => counterpart is null
            ? desk.Close(entry.Id, Clerk, "interest", CancellationToken.None)
            : desk.CloseTogether(entry.Id, counterpart.Id, Clerk, "they cancel each other", CancellationToken.None));
    }

    /// <summary>Up to three payments of one client or two go back, the last in part, and the bank keeps what is left of the entry.</summary>
    private Task Return(EntryView entry)
    {
        var left = entry.Entry.Amount;
        var shares = new List<ReturnShare>();
        foreach (var payment in _dice.Shuffled(PaymentsLike(entry)).Take(3))
        {
            var part = Money.Min(left, payment.Left);
            if (!part.IsPositive) continue;
            shares.Add(new ReturnShare(payment.Account, payment.Ordinal, part));
            left -= part;
        }

        if (shares.Count == 0) return Task.CompletedTask;
        return AtDesk(desk => desk.Return(entry.Id, shares, left.IsPositive ? left : null, Clerk, "returned to the sender", CancellationToken.None));
    }

    private List<(AccountId Account, int Ordinal, Money Left)> PaymentsLike(EntryView entry)
    {
        var payer = _bank.Of(entry.Entry.BookedOn, entry.Entry.BookedOn).FirstOrDefault(movement => movement.Entry == entry.Entry with { Position = "" })?.Payer ?? _dice.Pick(_joined);
        return
        [
            .. new[] { payer, _dice.Pick(_joined) }.Distinct().SelectMany(account => _journal.StateOf(account).Payments
                .Where(payment => payment is { Status: PaymentStatus.Booked, IsOutgoing: false } && payment.Amount.Currency == entry.Entry.Amount.Currency)
                .Select(payment => (account, payment.Ordinal, payment.Left))),
        ];
    }

    /// <summary>What a node does now and then: it carries on what was cut short, and books what may be decided by now.</summary>
    private Task LookAtDesk() => Finish("look at the desk", async node =>
    {
        var desk = new ClerkDesk(node.Parts.Accounts, node.Parts.Imports);
        await desk.Resume(CancellationToken.None);
        var booked = await new SuspenseReview(node.Parts.Imports, desk).Look(CancellationToken.None);
        if (booked > 0) _trace.Add($"{booked} entries are matched again");
    });

    private Task AtDesk(Func<ClerkDesk, Task<DeskReply>> work) => Finish("clerk's desk", async node =>
    {
        var reply = await work(new ClerkDesk(node.Parts.Accounts, node.Parts.Imports));
        _trace.Add($"the desk answers {(reply is DeskRefused refused ? $"{refused.Reason}" : reply.GetType().Name)}");
    });
}
