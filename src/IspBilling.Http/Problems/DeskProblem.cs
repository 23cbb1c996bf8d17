using System.Text.Json;
using IspBilling.Engine.StatementImports;
using Microsoft.AspNetCore.Http;

namespace IspBilling.Http.Problems;

/// <summary>What the clerk's desk refuses.</summary>
internal static class DeskProblem
{
    /// <param name="detail">The refusal's, in words that mean something outside.</param>
    public static IResult Of(DeskRefused refused, string detail) => Problem.Of(
        refused.Reason switch
        {
            DeskRefusalReason.UnknownEntry => StatusCodes.Status404NotFound,
            DeskRefusalReason.NoParts or DeskRefusalReason.TooManyParts or DeskRefusalReason.PartNotPositive or DeskRefusalReason.SameAccountTwice
                or DeskRefusalReason.CurrencyDiffers or DeskRefusalReason.SumDiffers
                or DeskRefusalReason.SamePaymentTwice or DeskRefusalReason.ReasonMissing or DeskRefusalReason.NoPair => StatusCodes.Status400BadRequest,
            _ => StatusCodes.Status409Conflict,
        },
        JsonNamingPolicy.KebabCaseLower.ConvertName(refused.Reason.ToString()),
        "The entry cannot be moved so.",
        detail);
}
