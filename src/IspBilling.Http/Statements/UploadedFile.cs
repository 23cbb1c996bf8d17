using System.Text;
using IspBilling.Http.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace IspBilling.Http.Statements;

/// <summary>Receives the file in a request: the body itself, whatever its type says, or the one file of a form.</summary>
internal static class UploadedFile
{
    public const string FileNameHeader = "X-File-Name";
    private const int FileNameMax = 200;
    private const int BoundaryMax = 200;

    /// <summary>The whole file on disk; or why there is none.</summary>
    public static async Task<(SpooledUpload? Upload, IResult? Problem)> Receive(HttpRequest request, string? fileName, CancellationToken cancellation)
    {
        var named = fileName ?? request.Headers[FileNameHeader].ToString();
        // `curl --data-binary` calls every file a form, and a CRM its export text/csv: the content tells what it is.
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
            return (await SpooledUpload.Receive(request.Body, NameOf(named), cancellation), null);
        if (!type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            return (null, Unsupported("multipart/form-data, or the file as the body, expected"));
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        return boundary.Length is 0 or > BoundaryMax
            ? (null, Problem.Invalid("body", "a form without a boundary"))
            : await OfForm(new MultipartReader(boundary, request.Body), named, cancellation);
    }

    /// <summary>Reads the form to its end: a second file that nobody looked at would pass for booked.</summary>
    private static async Task<(SpooledUpload? Upload, IResult? Problem)> OfForm(MultipartReader form, string named, CancellationToken cancellation)
    {
        SpooledUpload? upload = null;
        try
        {
            while (await NextSection(form, cancellation) is { } section)
            {
                if (section.AsFileSection() is not { FileStream: { } stream } file) continue;
                if (upload is not null)
                {
                    await upload.DisposeAsync();
                    return (null, Problem.Invalid("body", "one file expected, and the form has several; nothing was booked"));
                }

                upload = await SpooledUpload.Receive(stream, NameOf(named.Length > 0 ? named : file.FileName), cancellation);
            }
        }
        catch
        {
            if (upload is not null) await upload.DisposeAsync();
            throw;
        }

        return upload is null ? (null, Problem.Invalid("body", "a form with a file expected")) : (upload, null);
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
