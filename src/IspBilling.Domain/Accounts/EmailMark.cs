namespace IspBilling.Domain;

/// <summary>What is known against a client's e-mail address.</summary>
/// <remarks>Numbers are stored in snapshots, names in events: never renumber, never rename.</remarks>
public enum EmailFault
{
    /// <summary>Mails to it come back for good.</summary>
    Undeliverable = 1,

    /// <summary>Its owner complained of a mail: only what the law asks for goes there, which is documents.</summary>
    Complaint = 2,
}

/// <summary>A mark on the e-mail address of the particulars; another address has none.</summary>
/// <param name="Reason">What the server or the person said; null once it was erased.</param>
/// <param name="On">Since when.</param>
public sealed record EmailMark(EmailFault Fault, string? Reason, DateOnly On)
{
    public bool Stops(OutgoingMessage message) => Fault switch
    {
        EmailFault.Undeliverable => true,
        EmailFault.Complaint => message is not DeliverDocument,
        _ => throw new InvariantBrokenException($"no rule for {Fault}"),
    };
}
