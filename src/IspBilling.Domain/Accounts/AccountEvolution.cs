using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>Folds events into state. Total: it never refuses, and no rule of billing is decided here.</summary>
public static class AccountEvolution
{
    public static AccountState Evolve(this AccountState state, AccountEvent happened)
    {
        var version = state.Version + 1;
        return (happened switch
        {
            ProfileChanged e => OnProfile(state, e),
            ServiceStarted e => state with { Services = state.Services.Add(Started(e, version)) },
            PushRevisionRaised { Service: null } e => state with { PushRevision = e.Revision },
            PushRevisionRaised { Service: { } number } e => state.OnAgreedService(number, service => service with { PushRevision = e.Revision }),
            ServiceTermsChanged e => state.OnService(e.Service, e, service => WithTerms(service, e, version)),
            ServiceEndSet e => state.OnService(e.Service, e, service => service with { End = e.End }),
            ServiceContractSet e => state.OnAgreedService(e.Service, service => service with { Contract = e.Contract }),
            ContractAgreed e => OnContract(state, e.Contract),
            ContractRemoved e => state with { Contracts = state.Contracts.RemoveAll(contract => contract.Reference == e.Reference) },
            ServicePaused e => state.OnService(e.Service, e, service => service with
            {
                Pauses = service.Pauses.RemoveAll(pause => pause.Id == e.Pause.Id).Add(e.Pause),
            }),
            PauseRemoved e => state.OnService(e.Service, e, service => service with { Pauses = service.Pauses.RemoveAll(pause => pause.Id == e.Pause) }),
            SpecialPriceAgreed e => state.OnService(e.Service, e, service => service with
            {
                SpecialPrices = service.SpecialPrices.RemoveAll(price => price.Id == e.Id)
                    .Add(new SpecialPrice(e.Id, e.From, e.To, e.MonthlyPrice, e.DiscountBasisPoints, e.Reason, version)),
            }),
            SpecialPriceReasonChanged e => state.OnAgreedService(e.Service, service => service with
            {
                SpecialPrices = [.. service.SpecialPrices.Select(price => price.Id == e.Id ? price with { Reason = e.Reason } : price)],
            }),
            SpecialPriceRemoved e => state.OnService(e.Service, e, service => service with
            {
                SpecialPrices = service.SpecialPrices.RemoveAll(price => price.Id == e.Id),
            }),
            OneOffAdded e => state with
            {
                OneOffs = state.OneOffs.Add(new OneOff(e.Id, e.Date, e.Text, e.Quantity, e.UnitPrice, e.PriceMode, e.VatCategory, version)),
            },
            OneOffCancelled e => OnOneOffCancelled(state, e),
            DocumentIssued e => OnDocument(state, e),
            PaymentBooked e => OnPayment(state, e),
            MoneyPaidBack e => OnPaidBack(state, e),
            PaymentReversed e => Release(state, e.Payment, PaymentStatus.Reversed, e.Entry, e.On),
            PaymentRestored e => OnRestored(state, e),
            ReversalFoundNothing => state,
            PaymentUnassigned e => Release(state, e.Payment, PaymentStatus.Unassigned, reversedBy: null, e.On),
            CreditUsed e => state.Settle(e.Settlements),
            DunningStepTaken e => state with { Dunning = state.Dunning.Take(e.Code, e.On, e.By ?? DunningActions.None) },
            ReminderReached e => state with { Dunning = state.Dunning.Know(e.Code, NoticeOf(e.Channel ?? MessageChannel.Email, e.Delivery, NoticeStatus.Accepted, e.On)) },
            ReminderLost e => state with { Dunning = state.Dunning.Know(e.Code, NoticeOf(e.Channel, e.Delivery, StatusOf(e.Why), e.On)) },
            ReminderRerouted e => state with { Dunning = state.Dunning.GoingBy(e.Code, e.StepOn, e.To) },
            DocumentRerouted => state,
            EmailMarked e => state with { EmailMark = new EmailMark(e.Fault, e.Reason, e.On) },
            EmailMarkCleared => state with { EmailMark = null },
            DunningCleared => state with { Dunning = state.Dunning.Clear() },
            ServiceLevelChanged e => state with { Level = e.Level },
            PromiseMade e => state with { Dunning = state.Dunning with { PromisedUntil = e.Until, PromisedFor = state.LastDocument } },
            DocumentDisputeSet e => state.OnDocument(e.Document, document => document with { Disputed = e.Disputed }),
            DunningExemptionSet e => state with { Dunning = state.Dunning with { Exempt = e.Exempt } },
            RestoredByHand e => state with { Dunning = state.Dunning with { RestoredOn = e.On } },
            AccountClosed => state with { Status = AccountStatus.Closed },
            AccountReopened => state with { Status = AccountStatus.Open },
            HistorySettled e => SettledHistory.Leave(state, e),
            _ => throw new InvariantBrokenException($"no evolution for {happened.GetType().Name}"),
        }) with
        { Version = version };
    }

    private static Notice NoticeOf(MessageChannel channel, string delivery, NoticeStatus status, DateOnly on)
    {
        _ = DeliveryId.TryParse(delivery, provider: null, out var id);
        return new Notice(channel, id.Version, id.Ordinal, status, on);
    }

    private static NoticeStatus StatusOf(ReminderLoss why) => why switch
    {
        ReminderLoss.Withdrawn or ReminderLoss.Readdressed => NoticeStatus.Withdrawn,
        ReminderLoss.Bounced => NoticeStatus.Bounced,
        _ => NoticeStatus.Failed,
    };

    /// <summary>
    /// The decided state with the numbers its new documents got: the same as folding <paramref name="numbered"/> from the
    /// beginning, since nothing else in a state knows a document's number.
    /// </summary>
    public static AccountState WithNumbers(this AccountState state, ImmutableArray<AccountEvent> numbered)
    {
        var documents = state.Documents;
        foreach (var happened in numbered)
        {
            if (happened is not DocumentIssued { Document: var issued }) continue;
            // What was just issued stands at the end.
            for (var i = documents.Length - 1; i >= 0; i--)
            {
                if (documents[i].Ordinal != issued.Ordinal) continue;
                documents = documents.SetItem(i, documents[i] with { Number = issued.Number, Symbol = issued.Symbol });
                break;
            }
        }

        return state with { Documents = documents };
    }

    private static AccountState OnProfile(AccountState state, ProfileChanged e) => state with
    {
        Profile = e.Profile,
        ProfileRevision = e.Revision,
        EmailMark = string.Equals(state.Profile?.Email, e.Profile.Email, StringComparison.OrdinalIgnoreCase) ? state.EmailMark : null,
        Status = state.Status == AccountStatus.New ? AccountStatus.Open : state.Status,
    };

    private static AccountState OnContract(AccountState state, Contract agreed)
    {
        for (var i = 0; i < state.Contracts.Length; i++)
        {
            if (state.Contracts[i].Reference == agreed.Reference) return state with { Contracts = state.Contracts.SetItem(i, agreed) };
        }

        return state with { Contracts = state.Contracts.Add(agreed) };
    }

    private static Service Started(ServiceStarted e, long version) => new(
        e.Number, e.Reference, e.Start, e.End,
        [new ServiceTerms(e.Start, e.Tariff, e.Quantity, e.Cycle, e.Timing, version)], [], [], []);

    private static Service WithTerms(Service service, ServiceTermsChanged e, long version) => service with
    {
        Terms = service.Terms.RemoveAll(terms => terms.From >= e.From)
            .Add(new ServiceTerms(e.From, e.Tariff, e.Quantity, e.Cycle, e.Timing, version)),
    };

    /// <summary>An item that no document charges just disappears; one on a document stays until a credit note takes it back.</summary>
    private static AccountState OnOneOffCancelled(AccountState state, OneOffCancelled e)
    {
        if (state.FindOneOff(e.Id) is not { } item) return state;
        return item.Billed is null
            ? state with { OneOffs = state.OneOffs.Remove(item), PastItems = state.PastItems.With(PastItem.OfCancelled(item.Id)) }
            : state with { OneOffs = state.OneOffs.Replace(item, item with { Cancelled = true }) };
    }

    private static AccountState OnDocument(AccountState state, DocumentIssued e)
    {
        var document = e.Document;
        var remembered = new OpenDocument(
            document.Ordinal, document.Kind, document.IsNumbered ? document.Number : "", document.IssuedOn, document.DueOn, document.Symbol,
            document.Total, Money.Zero(document.Currency), Disputed: false, []);
        var issued = ChargedLines.Apply(state, document, e.Recharged) with
        {
            TaxRemainders = TaxLeft.TakesBack(document) ? state.ChargedSoFar.TaxLeft.After(document) : state.TaxRemainders,
            Documents = state.Documents.Add(remembered),
            LastDocument = document.Ordinal,
            Balance = state.BalanceIn(document.Currency) + document.Total,
        };
        return e.Settlements.IsEmpty ? issued : issued.Settle(e.Settlements);
    }

    private static AccountState OnPayment(AccountState state, PaymentBooked e)
    {
        var payment = e.Payment;
        var documents = state.Documents;
        foreach (var allocation in payment.Allocations) documents = documents.AddSettled(allocation.Document, allocation.Amount);
        return state with
        {
            Payments = state.Payments.Add(payment),
            Documents = documents,
            LastPayment = payment.Ordinal,
            Balance = state.BalanceIn(payment.Amount.Currency) - payment.Amount,
        };
    }

    private static AccountState OnPaidBack(AccountState state, MoneyPaidBack e)
    {
        var uses = e.Payment.Uses ?? [];
        foreach (var released in e.Released) state = state.ReleasePart(uses[0].Ordinal, released);
        foreach (var use in uses) state = state.PayBack(use);
        return state with { Payments = state.Payments.Add(e.Payment), LastPayment = e.Payment.Ordinal, Balance = state.Balance - e.Payment.Amount };
    }

    private static AccountState OnRestored(AccountState state, PaymentRestored e)
    {
        if (state.Payments.FirstOrDefault(payment => payment.Ordinal == e.Payment) is not { } payment) return state;
        foreach (var use in payment.Uses ?? []) state = state.PayBack(use);
        return state with
        {
            Payments = state.Payments.Replace(payment, payment with { Status = PaymentStatus.Booked, ReversedBy = null, ChangedOn = e.On }),
            Balance = state.Balance - payment.Amount,
        };
    }

    private static AccountState Release(AccountState state, int ordinal, PaymentStatus status, string? reversedBy, DateOnly on)
    {
        if (state.Payments.FirstOrDefault(payment => payment.Ordinal == ordinal) is not { } payment) return state;
        var documents = state.Documents;
        foreach (var allocation in payment.Allocations) documents = documents.AddSettled(allocation.Document, -allocation.Amount);
        state = state with
        {
            Payments = state.Payments.Replace(payment, payment with { Status = status, Allocations = [], ReversedBy = reversedBy, ChangedOn = on }),
            Documents = documents,
            Balance = state.Balance + payment.Amount,
        };
        foreach (var use in payment.Uses ?? []) state = state.PayBack(use with { Amount = -use.Amount });
        return state;
    }

    /// <summary>Part of a credit went out to the client or, negative, came back.</summary>
    private static AccountState PayBack(this AccountState state, CreditUse use)
    {
        if (use.Source == CreditSource.CreditNote) return state with { Documents = state.Documents.AddSettled(use.Ordinal, use.Amount) };
        if (state.Payments.FirstOrDefault(payment => payment.Ordinal == use.Ordinal) is not { } payment) return state;
        var paidBack = (payment.PaidBack ?? Money.Zero(use.Amount.Currency)) + use.Amount;
        return state with { Payments = state.Payments.Replace(payment, payment with { PaidBack = paidBack.IsZero ? null : paidBack }) };
    }

    /// <summary>A payment settles less of a document than before.</summary>
    private static AccountState ReleasePart(this AccountState state, int ordinal, Allocation released)
    {
        if (state.Payments.FirstOrDefault(payment => payment.Ordinal == ordinal) is not { } payment) return state;
        var (allocations, left) = (payment.Allocations, released.Amount);
        for (var i = allocations.Length - 1; i >= 0 && left.IsPositive; i--)
        {
            if (allocations[i].Document != released.Document) continue;
            var part = Money.Min(left, allocations[i].Amount);
            allocations = part == allocations[i].Amount ? allocations.RemoveAt(i) : allocations.SetItem(i, allocations[i] with { Amount = allocations[i].Amount - part });
            left -= part;
        }

        return state with
        {
            Payments = state.Payments.Replace(payment, payment with { Allocations = allocations }),
            Documents = state.Documents.AddSettled(released.Document, -released.Amount),
        };
    }

    private static AccountState Settle(this AccountState state, ImmutableArray<Settlement> settlements)
    {
        var (documents, payments) = (state.Documents, state.Payments);
        foreach (var settlement in settlements)
        {
            documents = documents.AddSettled(settlement.Document, settlement.Amount);
            var allocation = new Allocation(settlement.Document, settlement.Amount);
            if (settlement.Source == CreditSource.Payment)
            {
                if (payments.FirstOrDefault(payment => payment.Ordinal == settlement.SourceOrdinal) is not { } payment) continue;
                payments = payments.Replace(payment, payment with { Allocations = payment.Allocations.Add(allocation) });
            }
            else if (documents.FirstOrDefault(document => document.Ordinal == settlement.SourceOrdinal) is { } note)
            {
                documents = documents.Replace(note, note with
                {
                    Settled = note.Settled + settlement.Amount,
                    Allocations = note.Allocations.Add(allocation),
                });
            }
        }

        return state with { Documents = documents, Payments = payments };
    }

    /// <summary>A new account has no currency yet; its first document or payment brings it.</summary>
    private static Money BalanceIn(this AccountState state, Currency currency) =>
        state.Balance == default ? Money.Zero(currency) : state.Balance;

    private static ImmutableArray<OpenDocument> AddSettled(this ImmutableArray<OpenDocument> documents, int ordinal, Money amount)
    {
        for (var i = 0; i < documents.Length; i++)
        {
            if (documents[i].Ordinal == ordinal) return documents.SetItem(i, documents[i] with { Settled = documents[i].Settled + amount });
        }

        // Settled history has left the state: it is paid, and its payments have left with it.
        return documents;
    }

    /// <summary>What changes may change what is owed.</summary>
    private static AccountState OnService(this AccountState state, int number, AccountEvent happened, Func<Service, Service> change) =>
        state.OnAgreedService(number, service =>
        {
            var changed = change(service);
            return changed with { ChangedSinceBilled = true, Changes = ServiceChanges.With(service, changed, happened, state.Version + 1) };
        });

    /// <summary>What changes leaves alone what is owed.</summary>
    private static AccountState OnAgreedService(this AccountState state, int number, Func<Service, Service> change)
    {
        for (var i = 0; i < state.Services.Length; i++)
        {
            if (state.Services[i].Number == number) return state with { Services = state.Services.SetItem(i, change(state.Services[i])) };
        }

        return state;
    }

    private static AccountState OnDocument(this AccountState state, int ordinal, Func<OpenDocument, OpenDocument> change)
    {
        for (var i = 0; i < state.Documents.Length; i++)
        {
            if (state.Documents[i].Ordinal == ordinal)
                return state with { Documents = state.Documents.SetItem(i, change(state.Documents[i])) };
        }

        return state;
    }
}
