namespace IspBilling.Access.Rights;

/// <summary>What a person or a key may do. Stored by name (<see cref="RightNames"/>); a name is never changed, and a number never used again.</summary>
public enum Right
{
    /// <summary>See who the clients are and which services they have, without any amount.</summary>
    ReadClients = 0,

    /// <summary>Create and change clients and their services.</summary>
    WriteClients = 1,

    /// <summary>Charge something once, and take it back.</summary>
    AddOneOffs = 2,

    /// <summary>Assign devices to clients' services.</summary>
    ManageDevices = 3,

    /// <summary>See what clients owe: client cards, documents, payments.</summary>
    ReadMoney = 4,

    /// <summary>See bank statements and what waits for a person's decision.</summary>
    ReadStatements = 5,

    /// <summary>Upload bank statements and decide about their entries.</summary>
    BookPayments = 6,

    /// <summary>Take promises and disputes, restore and exempt.</summary>
    HandleDebts = 7,

    /// <summary>See billing runs and what would go wrong in the next.</summary>
    ReadBilling = 8,

    /// <summary>Preview and issue.</summary>
    RunBilling = 9,

    /// <summary>See the provider's figures.</summary>
    ReadReports = 10,

    /// <summary>See tariffs, issuers and how clients are reminded.</summary>
    ReadSettings = 11,

    /// <summary>Change them.</summary>
    WriteSettings = 12,

    /// <summary>See whose API keys there are and what they may do, and which secrets of others.</summary>
    ReadKeys = 13,

    /// <summary>Create and revoke API keys, and enter and remove secrets of others.</summary>
    ManageKeys = 14,

    /// <summary>See people, roles and sessions.</summary>
    ReadPeople = 15,

    /// <summary>Invite, change, disable and remove people, and name roles.</summary>
    ManagePeople = 16,

    /// <summary>Watch the cluster at work.</summary>
    Operate = 17,

    /// <summary>See who did what.</summary>
    ReadAudit = 18,
}
