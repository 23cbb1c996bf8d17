namespace IspBilling.Banking.Camt;

/// <summary>What is read of a camt.053 or camt.054 document, whatever its version.</summary>
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
    EntryCharge,
    BatchReference,
    BatchCount,

    ServicerReference,
    EndToEndId,
    TransactionId,
    ProprietaryType,
    ProprietaryValue,
    Amount,
    DetailsAmount,
    InstructedAmount,
    Charge,
    Direction,
    DebtorName,
    DebtorIban,
    DebtorOther,
    DebtorBank,
    CreditorName,
    CreditorIban,
    CreditorOther,
    CreditorBank,
    DebtorBic,
    CreditorBic,
    UltimateDebtorName,
    UltimateCreditorName,
    Unstructured,
    StructuredReference,
    StructuredText,
    TransactionText,
    ReturnInformation,
}

/// <summary>The table of the places that are read. Where versions differ, a field has a place for each.</summary>
internal static class CamtPlaces
{
    public static readonly CamtPath Document = CamtPath.Document([
        .. Within("Document/BkToCstmrStmt/Stmt"),
        .. Within("Document/BkToCstmrDbtCdtNtfctn/Ntfctn"),
    ]);

    /// <summary>A statement and a notification hold entries of the same kind.</summary>
    /// <param name="stmt">The element that tells of one account.</param>
    private static (string Path, CamtField Field)[] Within(string stmt)
    {
        var ntry = $"{stmt}/Ntry";
        var tx = $"{ntry}/NtryDtls/TxDtls";
        return
        [
            (stmt, CamtField.Statement),
            ($"{stmt}/Id", CamtField.StatementId),
            ($"{stmt}/ElctrncSeqNb", CamtField.ElectronicNumber),
            ($"{stmt}/LglSeqNb", CamtField.LegalNumber),
            ($"{stmt}/Acct/Id/IBAN", CamtField.AccountIban),
            ($"{stmt}/Acct/Id/Othr/Id", CamtField.AccountOther),
            ($"{stmt}/Acct/Ccy", CamtField.AccountCurrency),

            ($"{stmt}/Bal", CamtField.Balance),
            ($"{stmt}/Bal/Tp/CdOrPrtry/Cd", CamtField.BalanceType),
            ($"{stmt}/Bal/Amt", CamtField.BalanceAmount),
            ($"{stmt}/Bal/CdtDbtInd", CamtField.BalanceDirection),
            ($"{stmt}/Bal/Dt/Dt", CamtField.BalanceDate),
            ($"{stmt}/Bal/Dt/DtTm", CamtField.BalanceDate),

            (ntry, CamtField.Entry),
            ($"{ntry}/Amt", CamtField.EntryAmount),
            ($"{ntry}/CdtDbtInd", CamtField.EntryDirection),
            ($"{ntry}/RvslInd", CamtField.EntryReversal),
            ($"{ntry}/Sts", CamtField.EntryStatus), // to .06
            ($"{ntry}/Sts/Cd", CamtField.EntryStatus), // from .07
            ($"{ntry}/Sts/Prtry", CamtField.EntryStatus),
            ($"{ntry}/BookgDt/Dt", CamtField.BookingDate),
            ($"{ntry}/BookgDt/DtTm", CamtField.BookingDate),
            ($"{ntry}/ValDt/Dt", CamtField.ValueDate),
            ($"{ntry}/ValDt/DtTm", CamtField.ValueDate),
            ($"{ntry}/AcctSvcrRef", CamtField.EntryServicerReference),
            ($"{ntry}/AddtlNtryInf", CamtField.EntryText),
            ($"{ntry}/Chrgs/Amt", CamtField.EntryCharge), // to .03
            ($"{ntry}/Chrgs/Rcrd/Amt", CamtField.EntryCharge), // from .04
            ($"{ntry}/NtryDtls", CamtField.EntryDetails),
            ($"{ntry}/NtryDtls/Btch/PmtInfId", CamtField.BatchReference),
            ($"{ntry}/NtryDtls/Btch/NbOfTxs", CamtField.BatchCount),

            (tx, CamtField.Transaction),
            ($"{tx}/Refs/AcctSvcrRef", CamtField.ServicerReference),
            ($"{tx}/Refs/EndToEndId", CamtField.EndToEndId),
            ($"{tx}/Refs/TxId", CamtField.TransactionId),
            ($"{tx}/Refs/Prtry", CamtField.ProprietaryReference),
            ($"{tx}/Refs/Prtry/Tp", CamtField.ProprietaryType),
            ($"{tx}/Refs/Prtry/Ref", CamtField.ProprietaryValue),
            ($"{tx}/Amt", CamtField.Amount), // from .03
            ($"{tx}/AmtDtls/TxAmt/Amt", CamtField.DetailsAmount), // in .02 the only one
            ($"{tx}/AmtDtls/InstdAmt/Amt", CamtField.InstructedAmount),
            ($"{tx}/Chrgs/Amt", CamtField.Charge),
            ($"{tx}/Chrgs/Rcrd/Amt", CamtField.Charge),
            ($"{tx}/CdtDbtInd", CamtField.Direction),
            ($"{tx}/RltdPties/Dbtr/Nm", CamtField.DebtorName), // to .06
            ($"{tx}/RltdPties/Dbtr/Pty/Nm", CamtField.DebtorName), // from .07
            ($"{tx}/RltdPties/DbtrAcct/Id/IBAN", CamtField.DebtorIban),
            ($"{tx}/RltdPties/DbtrAcct/Id/Othr/Id", CamtField.DebtorOther),
            ($"{tx}/RltdAgts/DbtrAgt/FinInstnId/ClrSysMmbId/MmbId", CamtField.DebtorBank),
            ($"{tx}/RltdAgts/DbtrAgt/FinInstnId/Othr/Id", CamtField.DebtorBank),
            ($"{tx}/RltdPties/Cdtr/Nm", CamtField.CreditorName),
            ($"{tx}/RltdPties/Cdtr/Pty/Nm", CamtField.CreditorName),
            ($"{tx}/RltdPties/CdtrAcct/Id/IBAN", CamtField.CreditorIban),
            ($"{tx}/RltdPties/CdtrAcct/Id/Othr/Id", CamtField.CreditorOther),
            ($"{tx}/RltdAgts/CdtrAgt/FinInstnId/ClrSysMmbId/MmbId", CamtField.CreditorBank),
            ($"{tx}/RltdAgts/CdtrAgt/FinInstnId/Othr/Id", CamtField.CreditorBank),
            ($"{tx}/RltdAgts/DbtrAgt/FinInstnId/BIC", CamtField.DebtorBic), // to .03
            ($"{tx}/RltdAgts/DbtrAgt/FinInstnId/BICFI", CamtField.DebtorBic), // from .04
            ($"{tx}/RltdAgts/CdtrAgt/FinInstnId/BIC", CamtField.CreditorBic),
            ($"{tx}/RltdAgts/CdtrAgt/FinInstnId/BICFI", CamtField.CreditorBic),
            ($"{tx}/RltdPties/UltmtDbtr/Nm", CamtField.UltimateDebtorName),
            ($"{tx}/RltdPties/UltmtDbtr/Pty/Nm", CamtField.UltimateDebtorName),
            ($"{tx}/RltdPties/UltmtCdtr/Nm", CamtField.UltimateCreditorName),
            ($"{tx}/RltdPties/UltmtCdtr/Pty/Nm", CamtField.UltimateCreditorName),
            ($"{tx}/RmtInf/Ustrd", CamtField.Unstructured),
            ($"{tx}/RmtInf/Strd/CdtrRefInf/Ref", CamtField.StructuredReference),
            ($"{tx}/RmtInf/Strd/AddtlRmtInf", CamtField.StructuredText),
            ($"{tx}/AddtlTxInf", CamtField.TransactionText),
            ($"{tx}/RtrInf", CamtField.ReturnInformation),
        ];
    }
}
