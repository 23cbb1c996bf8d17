using IspBilling.Domain;

namespace IspBilling.Engine.Snapshots;

/// <summary>
/// Which fields a snapshot holds, in which order: each Write has its Read beside it. A change to one raises
/// <see cref="StateSnapshot.Format"/>, and the Read fills what older formats lack.
/// </summary>
internal static class StateShape
{
    public static void Write(SnapshotWriter writer, AccountState state)
    {
        writer.Number(state.Id.Value);
        writer.Number(state.Version);
        writer.Byte((byte)state.Status);
        writer.Byte((byte)state.Level);
        writer.Flag(state.Profile is not null);
        if (state.Profile is { } profile) ProfileShape.Write(writer, profile);
        writer.Number(state.ProfileRevision);
        writer.List(state.Services, ServiceShape.Write);
        writer.List(state.OneOffs, ServiceShape.WriteOneOff);
        writer.Chain<OpenDocument>(state.Documents, LedgerShape.WriteDocument);
        writer.Chain<Payment>(state.Payments, LedgerShape.WritePayment);
        writer.Number(state.LastDocument);
        writer.Number(state.LastPayment);
        writer.Money(state.Balance);
        writer.List(state.Dunning.Taken, WriteStep);
        writer.Date(state.Dunning.PromisedUntil);
        writer.Number(state.Dunning.PromisedFor);
        writer.Flag(state.Dunning.Exempt);
        writer.Date(state.Dunning.RestoredOn);
        writer.List(state.TaxRemainders, LedgerShape.WriteTaxRemainder);
        writer.Optional(state.PushRevision);
        writer.List(state.PastItems, ServiceShape.WritePastItem);
        writer.List(state.Contracts, ContractShape.Write);
        writer.Flag(state.EmailMark is not null);
        if (state.EmailMark is { } mark) WriteMark(writer, mark);
    }

    public static AccountState Read(ref SnapshotReader reader)
    {
        var id = new AccountId(reader.Number());
        var version = reader.Number();
        var status = (AccountStatus)reader.Byte();
        var level = (ServiceLevel)reader.Byte();
        var profile = reader.Flag() ? ProfileShape.Read(ref reader) : null;
        return new AccountState(
            id, version, status, profile,
            ProfileRevision: reader.Int(),
            Services: reader.List(ServiceShape.Read),
            OneOffs: reader.List(ServiceShape.ReadOneOff),
            Documents: reader.Format == StateSnapshot.FirstFormat ? reader.List(FirstFormat.ReadDocument) : reader.Chain<OpenDocument>(LedgerShape.ReadDocument),
            Payments: reader.Format == StateSnapshot.FirstFormat ? reader.List(FirstFormat.ReadPayment) : reader.Chain<Payment>(LedgerShape.ReadPayment),
            LastDocument: reader.Int(),
            LastPayment: reader.Int(),
            Balance: reader.Money(),
            reader.Format <= StateSnapshot.StepsByPlace ? ReadStepsByPlace(ref reader) : ReadDunning(ref reader),
            level)
        {
            TaxRemainders = reader.Format >= StateSnapshot.FormatOfTerms ? reader.List(LedgerShape.ReadTaxRemainder) : [],
            PushRevision = reader.Format >= StateSnapshot.FormatOfTerms ? reader.Optional() : null,
            PastItems = reader.Format >= StateSnapshot.FormatOfTerms ? reader.List(ServiceShape.ReadPastItem) : [],
            Contracts = reader.Format >= StateSnapshot.FormatOfContracts ? reader.List(ContractShape.Read) : [],
            EmailMark = reader.Format >= StateSnapshot.FormatOfEmailMarks && reader.Flag() ? ReadMark(ref reader) : null,
        };
    }

    private static DunningState ReadDunning(ref SnapshotReader reader) => new(
        Taken: reader.List<TakenStep>(reader.Format >= StateSnapshot.FormatOfNotices ? ReadStep : ReadStepBeforeDelivery),
        PromisedUntil: reader.OptionalDate(),
        PromisedFor: reader.Int(),
        Exempt: reader.Flag(),
        RestoredOn: reader.OptionalDate());

    /// <summary>How many steps there were and when the last was, but not which; what was promised until when, but not for what.</summary>
    private static DunningState ReadStepsByPlace(ref SnapshotReader reader)
    {
        var (steps, lastOn, promised, exempt) = (reader.Int(), reader.OptionalDate(), reader.OptionalDate(), reader.Flag());
        reader.LacksMeaning = steps > 0 || lastOn is not null || promised is not null;
        return DunningState.None with { Exempt = exempt };
    }

    private static void WriteStep(SnapshotWriter writer, TakenStep step)
    {
        writer.Text(step.Code);
        writer.Date(step.On);
        writer.Date(step.ToldOn);
        writer.Date(step.HeardOn);
        writer.Number((int)step.By);
        writer.List([.. step.Notices], WriteNotice);
    }

    private static TakenStep ReadStep(ref SnapshotReader reader) =>
        new(reader.Text(), reader.Date(), reader.OptionalDate(), reader.OptionalDate())
        {
            By = (DunningActions)reader.Int(),
            Notices = ValueList.Of(reader.List(ReadNotice).AsSpan()),
        };

    /// <summary>Whoever was reminded counted as told, though nothing was sent: what was told then is nothing, unless a report came later.</summary>
    private static TakenStep ReadStepBeforeDelivery(ref SnapshotReader reader)
    {
        var (code, on, told, _) = (reader.Text(), reader.Date(), reader.OptionalDate(), reader.OptionalDate());
        if (told > on) reader.LacksMeaning = true;
        return new TakenStep(code, on, ToldOn: null, HeardOn: null);
    }

    private static void WriteNotice(SnapshotWriter writer, Notice notice)
    {
        writer.Byte((byte)notice.Channel);
        writer.Number(notice.Version);
        writer.Number(notice.Ordinal);
        writer.Byte((byte)notice.Status);
        writer.Date(notice.On);
    }

    private static Notice ReadNotice(ref SnapshotReader reader) =>
        new((MessageChannel)reader.Byte(), reader.Number(), reader.Int(), (NoticeStatus)reader.Byte(), reader.Date());

    private static void WriteMark(SnapshotWriter writer, EmailMark mark)
    {
        writer.Byte((byte)mark.Fault);
        writer.Text(mark.Reason);
        writer.Date(mark.On);
    }

    private static EmailMark ReadMark(ref SnapshotReader reader) => new((EmailFault)reader.Byte(), reader.OptionalText(), reader.Date());
}
