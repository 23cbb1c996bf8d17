using System.Text;
using IspBilling.Http.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace IspBilling.Http.Statements;

/// <summary>Finds the file in a request: the body itself, or the first file of a form.</summary>
internal static class UploadedFile
{
    public const string FileNameHeader = "X-File-Name";
    private const int FileNameMax = 200;
    private const int BoundaryMax = 200;

    /// <summary>The file's bytes, still on their way; or why there are none.</summary>
    public static async Task<(Stream? Body, string FileName, IResult? Problem)> Of(HttpRequest request, string? fileName, CancellationToken cancellation)
    {
        var named = fileName ?? request.Headers[FileNameHeader].ToString();
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
            return (request.Body, NameOf(named), null);
        if (!type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            return (null, "", Unsupported("multipart/form-data, or the file as the body, expected"));

        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        if (boundary.Length is 0 or > BoundaryMax) return (null, "", Problem.Invalid("body", "a form without a boundary"));
        var form = new MultipartReader(boundary, request.Body);
        while (await NextSection(form, cancellation) is { } section)
        {
            if (section.AsFileSection() is { FileStream: { } stream } file) return (stream, NameOf(named.Length > 0 ? named : file.FileName), null);
        }

        return (null, "", Problem.Invalid("body", "a form with a file expected"));
    }

    private static async Task<MultipartSection?> NextSection(MultipartReader form, CancellationToken cancellation)
    {
        try
        {
            return await form.ReadNextSectionAsync(cancellation);
        }
        catch (Exception broken) when (broken is InvalidDataException or (IOException and not BadHttpRequestException))
        {
            throw new BadHttpRequestException("The form cannot be read.", StatusCodes.Status400BadRequest, broken);
        }
    }

    /// <summary>Only what is behind the last separator, printable and bounded: it is shown and stored, never opened.</summary>
    private static string NameOf(string text)
    {
        var last = text[(text.LastIndexOfAny(['/', '\\']) + 1)..];
        // Counted in whole characters: half a surrogate pair has no UTF-8 form.
        var name = string.Concat(last.EnumerateRunes().Where(rune => !Rune.IsControl(rune)).Take(FileNameMax)).Trim();
        return name.Length == 0 ? "statement" : name;
    }

    private static IResult Unsupported(string detail) =>
        Problem.Of(StatusCodes.Status415UnsupportedMediaType, "unsupported-media-type", "The body is not of a type expected here.", detail);
}
