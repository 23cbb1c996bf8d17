namespace IspBilling.Domain;

/// <summary>
/// What an account does about a command: a pure function of state, command and context. The same command on the state after
/// it decides nothing more, except that a reversal which finds no payment says so again. A refusal is a reply; an exception means a
/// broken reference or a bug, and parks the account.
/// </summary>
public static class AccountDecider
{
    public static Decision Decide(AccountState state, AccountCommand command, DecisionContext context)
    {
        var turn = new Turn(state, context);
        if (command is SetProfile profile) return ProfileDecisions.Set(turn, profile);
        if (state.Status == AccountStatus.New) return turn.Refuse(RefusalReason.UnknownAccount, "this client has no particulars yet; push the client first");
        return command switch
        {
            PutService c => ServiceDecisions.Put(turn, c),
            PutContract c => ContractDecisions.Put(turn, c),
            RemoveContract c => ContractDecisions.Remove(turn, c),
            PutPause c => ServiceDecisions.PutPause(turn, c),
            RemovePause c => ServiceDecisions.RemovePause(turn, c),
            PutSpecialPrice c => PriceDecisions.Put(turn, c),
            RemoveSpecialPrice c => PriceDecisions.Remove(turn, c),
            AddOneOff c => PriceDecisions.AddOneOff(turn, c),
            CancelOneOff c => PriceDecisions.CancelOneOff(turn, c),
            Bill c => BillingDecisions.Bill(turn, c),
            BookPayment c => PaymentDecisions.Book(turn, c),
            BookRefund c => PaybackDecisions.Refund(turn, c),
            ReturnPayment c => PaybackDecisions.Return(turn, c),
            ReversePayment c => PaymentDecisions.Reverse(turn, c),
            UnassignPayment c => PaymentDecisions.Unassign(turn, c),
            Review => DunningDecisions.Review(turn),
            PromiseToPay c => DunningDecisions.Promise(turn, c),
            SetDispute c => DunningDecisions.SetDispute(turn, c),
            SetDunningExemption c => DunningDecisions.SetExemption(turn, c),
            RestoreByHand c => DunningDecisions.Restore(turn, c),
            RecordDelivery c => DunningDecisions.Record(turn, c),
            ConfirmMessage c => MessageDecisions.Confirm(turn, c),
            TakeBackDelivery c => DunningDecisions.TakeBack(turn, c),
            MarkEmail c => EmailDecisions.Mark(turn, c),
            ClearEmailMark c => EmailDecisions.Clear(turn, c),
            SendAnotherWay c => EmailDecisions.SendAnotherWay(turn, c),
            CloseAccount => ProfileDecisions.Close(turn),
            ReopenAccount => ProfileDecisions.Reopen(turn),
            _ => throw new InvariantBrokenException($"no decision for {command.GetType().Name}"),
        };
    }
}
