using IspBilling.Domain;

namespace IspBilling.Postgres.Audit;

/// <summary>Everything that is stored about one account, as it was read.</summary>
internal sealed class StoredAccount(long id)
{
    public AccountId Id { get; } = new(id);

    public AccountRow? Row { get; set; }

    public ClientSearchRow? Client { get; set; }

    public bool ClientHasTerms { get; set; }

    public ReferenceRow? Reference { get; set; }

    public List<TermRow> Terms { get; } = [];

    public List<EventRow> Events { get; } = [];

    public List<ProfileRow> Profiles { get; } = [];

    public List<DocumentRow> Documents { get; } = [];

    public List<LineRow> Lines { get; } = [];

    public List<PostingRow> Postings { get; } = [];

    public List<PaymentRow> Payments { get; } = [];

    public List<AllocationRow> Allocations { get; } = [];

    public List<CreditUseRow> CreditUses { get; } = [];

    public List<OpenItemRow> OpenItems { get; } = [];

    public List<OutboxRow> Outbox { get; } = [];
}
