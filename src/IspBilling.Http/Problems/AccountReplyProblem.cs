using System.Text.Json;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using Microsoft.AspNetCore.Http;

namespace IspBilling.Http.Problems;

/// <summary>What an account answers when it will not, or cannot, do what was asked.</summary>
public static class AccountReplyProblem
{
    private const string Title = "The account refuses.";

    /// <summary>Null when the account did it.</summary>
    public static IResult? Of(AccountReply reply) => reply switch
    {
        Refused { Member: { } member } refused => Problem.Invalid(TypeOf(refused.Reason), Title, refused.Detail, Field(member)),
        Refused refused => Problem.Of(StatusOf(refused.Reason), TypeOf(refused.Reason), Title, refused.Detail),
        Parked parked => Problem.Of(
            StatusCodes.Status409Conflict, "account-parked", "The account cannot decide until something is mended.", parked.Reason),
        _ => null,
    };

    public static int StatusOf(RefusalReason reason) => reason switch
    {
        RefusalReason.UnknownAccount or RefusalReason.UnknownService or RefusalReason.UnknownDocument
            or RefusalReason.UnknownPayment or RefusalReason.UnknownItem or RefusalReason.UnknownPause or RefusalReason.UnknownSpecialPrice
            or RefusalReason.UnknownContract => StatusCodes.Status404NotFound,

        // What no account could accept.
        RefusalReason.EndBeforeStart or RefusalReason.DateInThePast or RefusalReason.AmountNotPositive
            or RefusalReason.InvalidValue => StatusCodes.Status400BadRequest,

        // What this account, as it now stands, does not accept.
        RefusalReason.AccountIsClosed or RefusalReason.StartCannotChange or RefusalReason.PeriodIsSettledHistory
            or RefusalReason.ServiceStillRuns or RefusalReason.ContractStillRuns or RefusalReason.ContractHasServices or RefusalReason.CurrencyDiffers or RefusalReason.TooMany
            or RefusalReason.AlreadyExistsDifferently or RefusalReason.IssuerCannotChange
            or RefusalReason.IssueDateBeforeSeries or RefusalReason.CannotBePrinted => StatusCodes.Status409Conflict,

        _ => StatusCodes.Status409Conflict,
    };

    private static string TypeOf(RefusalReason reason) => JsonNamingPolicy.KebabCaseLower.ConvertName(reason.ToString());

    /// <summary>Members are called in requests as they are in commands, but for their first letter.</summary>
    private static string Field(string member) => string.Join('.', member.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));
}
