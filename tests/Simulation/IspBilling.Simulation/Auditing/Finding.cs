using IspBilling.Domain;

namespace IspBilling.Simulation.Auditing;

/// <summary>What the auditor looks at.</summary>
public enum Check
{
    /// <summary>Postings of each event are there, sum to zero and say what the event is about.</summary>
    Postings,

    /// <summary>What is charged is disjoint, lies within the subscription, and is what the lines sum to.</summary>
    Charges,

    /// <summary>What is charged is what the subscription owes.</summary>
    Owed,

    /// <summary>Services and lines name contracts that there are, and the right ones.</summary>
    Contracts,

    /// <summary>Base, tax and totals of documents.</summary>
    Tax,

    /// <summary>Numbers without a gap, dated in order.</summary>
    Numbers,

    /// <summary>Every movement of the bank in exactly one state, and booked as that state says.</summary>
    Entries,

    /// <summary>A run's counts are what its accounts did, each recorded once.</summary>
    Runs,

    /// <summary>Allocations within payments, credit notes and invoices; no credit idle beside debt.</summary>
    Allocations,

    /// <summary>The events fold to the stored state.</summary>
    Replay,

    /// <summary>A state stored earlier and the events after it fold to the stored state.</summary>
    Snapshot,

    /// <summary>Events follow each other unbroken, each with the hash of the one before, and say who asked for them.</summary>
    Chain,

    /// <summary>Each command took effect once, whatever happened to it on the way; what was answered is so.</summary>
    Once,

    /// <summary>The outbox holds each message that events call for, once.</summary>
    Messages,

    /// <summary>Steps never ahead of their dates or their messages, and no level that what is open does not justify.</summary>
    Dunning,

    /// <summary>The account's own sums: balance and what each document has left.</summary>
    Balance,

    /// <summary>Nobody failed in a way that no fault explains.</summary>
    Soundness,

    /// <summary>Once faults stop, everything ends as it should.</summary>
    Convergence,
}

public sealed record Finding(Check Check, AccountId? Account, string Detail)
{
    public override string ToString() => Account is { } account ? $"{Check}, account {account}: {Detail}" : $"{Check}: {Detail}";
}
