using System.Text.Json;
using IspBilling.Engine.StatementImports;
using Microsoft.AspNetCore.Http;

namespace IspBilling.Http.Problems;

/// <summary>What the clerk's desk refuses.</summary>
internal static class DeskProblem
{
    /// <param name="detail">The refusal's, in words that mean something outside.</param>
    /// <param name="field">Of the request: what says on what the entry is to be booked.</param>
    public static IResult Of(DeskRefused refused, string detail, string field)
    {
        const string title = "The entry cannot be moved so.";
        var type = JsonNamingPolicy.KebabCaseLower.ConvertName(refused.Reason.ToString());
        return refused.Reason switch
        {
            DeskRefusalReason.ReasonMissing => Problem.Invalid(type, title, detail, "reason"),
            DeskRefusalReason.NoParts or DeskRefusalReason.TooManyParts or DeskRefusalReason.PartNotPositive or DeskRefusalReason.SameAccountTwice
                or DeskRefusalReason.CurrencyDiffers or DeskRefusalReason.SumDiffers or DeskRefusalReason.SamePaymentTwice
                or DeskRefusalReason.NoPair => Problem.Invalid(type, title, detail, refused.AboutFee ? "fee" : field),
            DeskRefusalReason.UnknownEntry => Problem.Of(StatusCodes.Status404NotFound, type, title, detail),
            _ => Problem.Of(StatusCodes.Status409Conflict, type, title, detail),
        };
    }
}
