namespace IspBilling.Banking.Camt;

/// <summary>What is read of a camt.053 document, whatever its version.</summary>
internal enum CamtField
{
    None,

    // Structures: their end completes something.
    Statement,
    Balance,
    Entry,
    EntryDetails,
    Transaction,
    ProprietaryReference,

    StatementId,
    ElectronicNumber,
    LegalNumber,
    AccountIban,
    AccountOther,
    AccountCurrency,

    BalanceType,
    BalanceAmount,
    BalanceDirection,
    BalanceDate,

    EntryAmount,
    EntryDirection,
    EntryReversal,
    EntryStatus,
    BookingDate,
    ValueDate,
    EntryServicerReference,
    EntryText,

    ServicerReference,
    EndToEndId,
    TransactionId,
    ProprietaryType,
    ProprietaryValue,
    Amount,
    DetailsAmount,
    Direction,
    DebtorName,
    DebtorIban,
    DebtorOther,
    DebtorBank,
    CreditorName,
    CreditorIban,
    CreditorOther,
    CreditorBank,
    Unstructured,
    StructuredReference,
    StructuredText,
    TransactionText,
    ReturnInformation,
}

/// <summary>The table of the places that are read. Where versions differ, a field has a place for each.</summary>
internal static class CamtPlaces
{
    public static readonly CamtPath Document = CamtPath.Document(
        (Stmt, CamtField.Statement),
        ($"{Stmt}/Id", CamtField.StatementId),
        ($"{Stmt}/ElctrncSeqNb", CamtField.ElectronicNumber),
        ($"{Stmt}/LglSeqNb", CamtField.LegalNumber),
        ($"{Stmt}/Acct/Id/IBAN", CamtField.AccountIban),
        ($"{Stmt}/Acct/Id/Othr/Id", CamtField.AccountOther),
        ($"{Stmt}/Acct/Ccy", CamtField.AccountCurrency),

        ($"{Stmt}/Bal", CamtField.Balance),
        ($"{Stmt}/Bal/Tp/CdOrPrtry/Cd", CamtField.BalanceType),
        ($"{Stmt}/Bal/Amt", CamtField.BalanceAmount),
        ($"{Stmt}/Bal/CdtDbtInd", CamtField.BalanceDirection),
        ($"{Stmt}/Bal/Dt/Dt", CamtField.BalanceDate),
        ($"{Stmt}/Bal/Dt/DtTm", CamtField.BalanceDate),

        (Ntry, CamtField.Entry),
        ($"{Ntry}/Amt", CamtField.EntryAmount),
        ($"{Ntry}/CdtDbtInd", CamtField.EntryDirection),
        ($"{Ntry}/RvslInd", CamtField.EntryReversal),
        ($"{Ntry}/Sts", CamtField.EntryStatus), // to .06
        ($"{Ntry}/Sts/Cd", CamtField.EntryStatus), // from .07
        ($"{Ntry}/Sts/Prtry", CamtField.EntryStatus),
        ($"{Ntry}/BookgDt/Dt", CamtField.BookingDate),
        ($"{Ntry}/BookgDt/DtTm", CamtField.BookingDate),
        ($"{Ntry}/ValDt/Dt", CamtField.ValueDate),
        ($"{Ntry}/ValDt/DtTm", CamtField.ValueDate),
        ($"{Ntry}/AcctSvcrRef", CamtField.EntryServicerReference),
        ($"{Ntry}/AddtlNtryInf", CamtField.EntryText),
        ($"{Ntry}/NtryDtls", CamtField.EntryDetails),

        (Tx, CamtField.Transaction),
        ($"{Tx}/Refs/AcctSvcrRef", CamtField.ServicerReference),
        ($"{Tx}/Refs/EndToEndId", CamtField.EndToEndId),
        ($"{Tx}/Refs/TxId", CamtField.TransactionId),
        ($"{Tx}/Refs/Prtry", CamtField.ProprietaryReference),
        ($"{Tx}/Refs/Prtry/Tp", CamtField.ProprietaryType),
        ($"{Tx}/Refs/Prtry/Ref", CamtField.ProprietaryValue),
        ($"{Tx}/Amt", CamtField.Amount), // from .03
        ($"{Tx}/AmtDtls/TxAmt/Amt", CamtField.DetailsAmount), // in .02 the only one
        ($"{Tx}/CdtDbtInd", CamtField.Direction),
        ($"{Tx}/RltdPties/Dbtr/Nm", CamtField.DebtorName), // to .06
        ($"{Tx}/RltdPties/Dbtr/Pty/Nm", CamtField.DebtorName), // from .07
        ($"{Tx}/RltdPties/DbtrAcct/Id/IBAN", CamtField.DebtorIban),
        ($"{Tx}/RltdPties/DbtrAcct/Id/Othr/Id", CamtField.DebtorOther),
        ($"{Tx}/RltdAgts/DbtrAgt/FinInstnId/ClrSysMmbId/MmbId", CamtField.DebtorBank),
        ($"{Tx}/RltdAgts/DbtrAgt/FinInstnId/Othr/Id", CamtField.DebtorBank),
        ($"{Tx}/RltdPties/Cdtr/Nm", CamtField.CreditorName),
        ($"{Tx}/RltdPties/Cdtr/Pty/Nm", CamtField.CreditorName),
        ($"{Tx}/RltdPties/CdtrAcct/Id/IBAN", CamtField.CreditorIban),
        ($"{Tx}/RltdPties/CdtrAcct/Id/Othr/Id", CamtField.CreditorOther),
        ($"{Tx}/RltdAgts/CdtrAgt/FinInstnId/ClrSysMmbId/MmbId", CamtField.CreditorBank),
        ($"{Tx}/RltdAgts/CdtrAgt/FinInstnId/Othr/Id", CamtField.CreditorBank),
        ($"{Tx}/RmtInf/Ustrd", CamtField.Unstructured),
        ($"{Tx}/RmtInf/Strd/CdtrRefInf/Ref", CamtField.StructuredReference),
        ($"{Tx}/RmtInf/Strd/AddtlRmtInf", CamtField.StructuredText),
        ($"{Tx}/AddtlTxInf", CamtField.TransactionText),
        ($"{Tx}/RtrInf", CamtField.ReturnInformation));

    private const string Stmt = "Document/BkToCstmrStmt/Stmt";
    private const string Ntry = $"{Stmt}/Ntry";
    private const string Tx = $"{Ntry}/NtryDtls/TxDtls";
}
