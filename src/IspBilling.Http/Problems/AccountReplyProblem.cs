using System.Text.Json;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using Microsoft.AspNetCore.Http;

namespace IspBilling.Http.Problems;

/// <summary>What an account answers when it will not, or cannot, do what was asked.</summary>
public static class AccountReplyProblem
{
    /// <summary>Null when the account did it.</summary>
    public static IResult? Of(AccountReply reply) => reply switch
    {
        Refused refused => Problem.Of(
            StatusOf(refused.Reason),
            JsonNamingPolicy.KebabCaseLower.ConvertName(refused.Reason.ToString()),
            "The account refuses.",
            refused.Detail),
        Parked parked => Problem.Of(
            StatusCodes.Status409Conflict, "account-parked", "The account cannot decide until something is mended.", parked.Reason),
        _ => null,
    };

    public static int StatusOf(RefusalReason reason) => reason switch
    {
        RefusalReason.UnknownAccount or RefusalReason.UnknownService or RefusalReason.UnknownDocument
            or RefusalReason.UnknownPayment or RefusalReason.UnknownItem => StatusCodes.Status404NotFound,

        // What no account could accept.
        RefusalReason.EndBeforeStart or RefusalReason.DateInThePast or RefusalReason.AmountNotPositive
            or RefusalReason.InvalidValue => StatusCodes.Status400BadRequest,

        // What this account, as it now stands, does not accept.
        RefusalReason.AccountIsClosed or RefusalReason.StartCannotChange or RefusalReason.PeriodIsSettledHistory
            or RefusalReason.ServiceStillRuns or RefusalReason.CurrencyDiffers or RefusalReason.TooMany
            or RefusalReason.AlreadyExistsDifferently or RefusalReason.IssuerCannotChange
            or RefusalReason.IssueDateBeforeSeries or RefusalReason.CannotBePrinted => StatusCodes.Status409Conflict,

        _ => StatusCodes.Status409Conflict,
    };
}
