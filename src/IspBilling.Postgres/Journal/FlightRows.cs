using System.Collections.Immutable;
using System.Text.Json;
using IspBilling.Domain;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Json;
using IspBilling.Engine.Snapshots;
using IspBilling.Postgres.Figures;

namespace IspBilling.Postgres.Journal;

/// <summary>Everything one flight writes, encoded; one instance per lane, reused.</summary>
internal sealed class FlightRows
{
    public readonly CopyRows NewAccounts = new();
    public readonly CopyRows Journal = new();
    public readonly CopyRows Outbox = new();
    public readonly ReadModelRows ReadModels = new();
    public readonly FigureRows Figures = new();

    /// <summary>Accounts that exist already: updated where the version is still the one decided on.</summary>
    public readonly ChangedAccounts Changed = new();

    private readonly byte[] _hash = new byte[HashChain.Length];

    /// <summary>The chain's head after each commit, in the order added.</summary>
    public List<JournalHead> Heads { get; } = [];

    public void Clear()
    {
        NewAccounts.Clear();
        Journal.Clear();
        Outbox.Clear();
        ReadModels.Clear();
        Figures.Clear();
        Changed.Clear();
        Heads.Clear();
    }

    public void Add(AccountCommit commit, FinishedCommit finished)
    {
        var version = commit.Before.Version;
        commit.Head.Hash.AsSpan().CopyTo(_hash);
        var chained = commit.Head.Hash.Length;
        for (var i = 0; i < finished.Events.Length; i++)
        {
            version++;
            var happened = finished.Events[i];
            AddEvent(commit, finished, happened, version, chained, isFirst: i == 0, isLast: i == finished.Events.Length - 1);
            chained = HashChain.Length;
            ReadModels.Add(commit, happened, version);
        }

        Invariant.Require(version == finished.State.Version);
        ReadModels.AddOpenItems(commit, finished);
        Figures.Add(commit, finished);
        foreach (var message in commit.Decision.Messages) AddMessage(commit, version, message);
        AddAccount(commit, finished);
        Heads.Add(new JournalHead(version, [.. _hash]));
    }

    private void AddEvent(
        AccountCommit commit, FinishedCommit finished, AccountEvent happened, long version, int chained, bool isFirst, bool isLast)
    {
        var name = JournalJson.NameOf(happened);
        Journal.StartRow(9);
        Journal.Int64(commit.Account.Value);
        Journal.Int64(version);
        Journal.Text(name);
        Journal.Instant(commit.At);
        Journal.Text(commit.By);
        Journal.Uuid(isFirst ? commit.Command.Value : null);
        if (isLast) Journal.Json(finished.Reply, JournalJson.WriteReply);
        else Journal.Null();
        var payload = Journal.Json(happened, JournalJson.WriteEvent);
        HashChain.Next(_hash.AsSpan(0, chained), commit.Account, version, name, payload, _hash);
        Journal.Binary(_hash);
    }

    private void AddMessage(AccountCommit commit, long version, OutgoingMessage message)
    {
        Outbox.StartRow(4);
        Outbox.Int64(commit.Account.Value);
        Outbox.Int64(version);
        Outbox.Json(message, JournalJson.WriteMessage);
        Outbox.Instant(commit.At);
    }

    private void AddAccount(AccountCommit commit, FinishedCommit finished)
    {
        if (commit.Before.Version > 0)
        {
            Changed.Add(commit, finished, _hash);
            return;
        }

        var state = finished.State;
        NewAccounts.StartRow(11);
        NewAccounts.Int64(state.Id.Value);
        NewAccounts.Int64(state.Version);
        NewAccounts.Binary(_hash);
        NewAccounts.Binary(StateSnapshot.Write(state));
        NewAccounts.Int16((short)state.Status);
        NewAccounts.Int16((short)state.Level);
        NewAccounts.Int32(state.RequiredProfile.Issuer.Value);
        NewAccounts.Int64(state.Balance.Minor);
        NewAccounts.Date(finished.NextBillOn);
        NewAccounts.Date(finished.NextReviewOn);
        NewAccounts.Int64(commit.Context.Catalogue.Revision);
    }
}

/// <summary>The columns of the account rows to update, as arrays for UNNEST.</summary>
internal sealed class ChangedAccounts
{
    public readonly List<long> Ids = [];
    public readonly List<long> Expected = [];
    public readonly List<long> Versions = [];
    public readonly List<byte[]> Heads = [];
    public readonly List<byte[]> States = [];
    public readonly List<short> Statuses = [];
    public readonly List<short> Levels = [];
    public readonly List<long> Balances = [];
    public readonly List<DateOnly?> NextBills = [];
    public readonly List<DateOnly?> NextReviews = [];
    public readonly List<long?> CatalogueRevisions = [];

    public void Add(AccountCommit commit, FinishedCommit finished, byte[] head)
    {
        var state = finished.State;
        Ids.Add(state.Id.Value);
        Expected.Add(commit.Before.Version);
        Versions.Add(state.Version);
        Heads.Add([.. head]);
        States.Add(StateSnapshot.Write(state).ToArray());
        Statuses.Add((short)state.Status);
        Levels.Add((short)state.Level);
        Balances.Add(state.Balance.Minor);
        NextBills.Add(finished.NextBillOn);
        NextReviews.Add(finished.NextReviewOn);
        CatalogueRevisions.Add(commit.BilledUnder);
    }

    public void Clear()
    {
        Ids.Clear();
        Expected.Clear();
        Versions.Clear();
        Heads.Clear();
        States.Clear();
        Statuses.Clear();
        Levels.Clear();
        Balances.Clear();
        NextBills.Clear();
        NextReviews.Clear();
        CatalogueRevisions.Clear();
    }
}
