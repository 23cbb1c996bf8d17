using System.Buffers;
using System.Text.Json;
using IspBilling.Domain;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Json;
using IspBilling.Engine.Outgoing;
using IspBilling.Engine.Snapshots;
using IspBilling.Postgres.Copying;
using IspBilling.Postgres.Figures;

namespace IspBilling.Postgres.Journal;

/// <summary>Everything one flight writes, encoded; one instance per lane, reused.</summary>
internal sealed class FlightRows
{
    public readonly CopyRows NewAccounts = new(
        "accounts (id, version, head, state, status, level, issuer, balance, next_bill_on, next_review_on, catalogue_revision)");
    public readonly CopyRows Journal = new(
        "journal (account_id, version, name, at, actor_kind, actor_id, by, command, reply, payload, personal, hash)");
    public readonly CopyRows Outbox = new("outbox (account_id, version, created_at, ordinal, kind, channel, status, payload, due_at)");
    public readonly ReadModelRows ReadModels = new();
    public readonly FigureRows Figures = new();

    /// <summary>Accounts that exist already: updated where the version is still the one decided on.</summary>
    public readonly ChangedAccounts Changed = new();

    private readonly byte[] _hash = new byte[HashChain.Length];
    private readonly PersonalParts _personal = new();
    private readonly Action<Utf8JsonWriter, AccountEvent> _writeEvent;

    public FlightRows() => _writeEvent = (writer, happened) => JournalJson.WriteEvent(writer, happened, _personal);

    /// <summary>The channels that deliver: a delivery is written to wait, or to stay. The transaction that writes the rows makes sure.</summary>
    public ChannelSet ChannelsOn { get; set; }

    public void Clear()
    {
        NewAccounts.Clear();
        Journal.Clear();
        Outbox.Clear();
        ReadModels.Clear();
        Figures.Clear();
        Changed.Clear();
    }

    /// <summary>Of the last event added.</summary>
    public ReadOnlySpan<byte> LastHash => _hash;

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
        ReadModels.AddTerms(commit.Account, finished.State);
        ReadModels.AddOpenItems(commit, finished);
        Figures.Add(commit, finished);
        AddDeliveries(commit, version);
        AddAccount(commit, finished);
    }

    private void AddEvent(
        AccountCommit commit, FinishedCommit finished, AccountEvent happened, long version, int chained, bool isFirst, bool isLast)
    {
        var name = JournalJson.NameOf(happened);
        var origin = new EventOrigin(commit.By, isFirst ? commit.Command : null, commit.At);
        _personal.Begin(commit.By);
        Journal.StartRow();
        Journal.Int64(commit.Account.Value);
        Journal.Int64(version);
        Journal.Text(name);
        Journal.Instant(commit.At);
        Journal.Text(StoredActor.NameOf(commit.By.Kind));
        Journal.Text(commit.By.Id);
        Journal.Text(commit.By.Name);
        Journal.Uuid(origin.Command?.Value);
        if (isLast) Journal.Json(finished.Reply, JournalJson.WriteReply);
        else Journal.Null();
        var payload = Journal.Json(happened, _writeEvent);
        HashChain.Next(_hash.AsSpan(0, chained), commit.Account, version, origin, _personal.ActorCommitment, name, payload, _hash);
        if (_personal.IsEmpty) Journal.Null();
        else Journal.Json(_personal, PersonalParts.Write);
        Journal.Binary(_hash);
    }

    private void AddDeliveries(AccountCommit commit, long version)
    {
        short ordinal = 0;
        foreach (var message in commit.Decision.Messages)
        {
            foreach (var channel in message.GoesBy()) AddDelivery(commit, version, checked(++ordinal), message, channel);
        }
    }

    private void AddDelivery(AccountCommit commit, long version, short ordinal, OutgoingMessage message, MessageChannel channel)
    {
        var status = ChannelsOn.StatusOf(channel);
        Outbox.StartRow();
        Outbox.Int64(commit.Account.Value);
        Outbox.Int64(version);
        Outbox.Instant(commit.At);
        Outbox.Int16(ordinal);
        Outbox.Int16((short)message.About());
        Outbox.Int16((short)channel);
        Outbox.Int16((short)status);
        Outbox.Json(message, JournalJson.WriteMessage);
        if (status == DeliveryStatus.Waiting) Outbox.Instant(commit.At);
        else Outbox.Null();
    }

    private void AddAccount(AccountCommit commit, FinishedCommit finished)
    {
        if (commit.Before.Version > 0)
        {
            Changed.Add(commit, finished, _hash);
            return;
        }

        var state = finished.State;
        NewAccounts.StartRow();
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
    public readonly Slices Heads = new();
    public readonly Slices States = new();
    public readonly List<short> Statuses = [];
    public readonly List<short> Levels = [];
    public readonly List<long> Balances = [];
    public readonly List<DateOnly?> NextBills = [];
    public readonly List<DateOnly?> NextReviews = [];
    public readonly List<long?> CatalogueRevisions = [];

    public void Add(AccountCommit commit, FinishedCommit finished, ReadOnlySpan<byte> head)
    {
        var state = finished.State;
        Ids.Add(state.Id.Value);
        Expected.Add(commit.Before.Version);
        Versions.Add(state.Version);
        Heads.Add(head);
        States.Add(StateSnapshot.Write(state));
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

/// <summary>Byte strings, one behind the other: an array for each of thousands would be most of what a flight keeps in memory.</summary>
internal sealed class Slices
{
    private readonly ArrayBufferWriter<byte> _bytes = new(64 * 1024);
    private readonly List<int> _ends = [];

    public void Add(ReadOnlySpan<byte> slice)
    {
        _bytes.Write(slice);
        _ends.Add(_bytes.WrittenCount);
    }

    /// <summary>Valid until the next one is added.</summary>
    public List<ReadOnlyMemory<byte>> All()
    {
        var all = new List<ReadOnlyMemory<byte>>(_ends.Count);
        var from = 0;
        foreach (var end in _ends)
        {
            all.Add(_bytes.WrittenMemory[from..end]);
            from = end;
        }

        return all;
    }

    public void Clear()
    {
        _bytes.ResetWrittenCount();
        _ends.Clear();
    }
}
