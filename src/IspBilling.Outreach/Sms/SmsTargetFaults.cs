using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace IspBilling.Outreach.Sms;

/// <summary>What is wrong with a target, told before anything is sent by it.</summary>
public static class SmsTargetFaults
{
    /// <summary>Characters of a template.</summary>
    public const int MaxTemplate = 4_000;

    /// <summary>Characters of a pattern or a place.</summary>
    public const int MaxPattern = 500;

    private const int MaxHeaders = 20;
    private const int MaxNetworks = 20;
    private const int MaxName = 40;

    /// <summary>The characters that networks carry in the name of a sender; a number has up to 15 digits.</summary>
    private const int MaxSender = 16;

    private const int MaxTimeout = 120;

    /// <summary>Each with the path of the member that it is about, such as <c>answer.idAt</c>.</summary>
    public static IReadOnlyList<(string Field, string Reason)> Of(SmsTarget target)
    {
        var faults = new List<(string, string)>();
        if (target.Name.Length is 0 or > MaxName || !target.Name.All(letter => letter is >= 'a' and <= 'z' or >= '0' and <= '9' or '-')) faults.Add(("name", $"1 to {MaxName} lower-case letters, digits and hyphens"));
        if (target.Sender.Length > MaxSender || !target.Sender.All(letter => letter is ' ' or '+' or '-' or '.' || char.IsAsciiLetterOrDigit(letter))) faults.Add(("sender", $"at most {MaxSender} letters and digits"));
        if (target.MaxParts is < 1 or > SmsText.MaxParts) faults.Add(("maxParts", $"1 to {SmsText.MaxParts}"));
        if (target.TimeoutSeconds is < 1 or > MaxTimeout) faults.Add(("timeoutSeconds", $"1 to {MaxTimeout}"));
        if (target.PriceOfHundred is { } price && price.ToMoney() is null) faults.Add(("priceOfHundred", "an amount such as 89.50 of a currency such as CZK"));
        if (target.AllowedNetworks.Length > MaxNetworks) faults.Add(("allowedNetworks", $"at most {MaxNetworks}"));
        else if (!target.AllowedNetworks.All(network => IPNetwork.TryParse(network, out _))) faults.Add(("allowedNetworks", "networks such as 10.1.0.0/16"));
        Request("request", target.Request, target.Token is not null, hasReceipt: false, faults);
        if (target.Token is { } token) Request("token.request", token.Request, hasToken: false, hasReceipt: false, faults);
        Answer(target.Answer, faults);
        if (target.Callback is { } callback) Receipt("callback", callback, faults);
        if (target.Poll is { } poll)
        {
            Request("poll.request", poll.Request, target.Token is not null, hasReceipt: true, faults);
            Receipt("poll.receipt", poll.Receipt, faults);
        }

        return faults;
    }

    private static void Request(string field, SmsRequest request, bool hasToken, bool hasReceipt, List<(string, string)> faults)
    {
        if (request.Method is not ("GET" or "POST" or "PUT")) faults.Add(($"{field}.method", "GET, POST or PUT"));
        if ((request.BodyForm == SmsBodyForm.None) != (request.Body.Length == 0)) faults.Add(($"{field}.body", "expected exactly where bodyForm says that there is one"));
        if (request.Method == "GET" && request.Body.Length > 0) faults.Add(($"{field}.method", "GET has no body"));
        if (request.Headers.Count > MaxHeaders) faults.Add(($"{field}.headers", $"at most {MaxHeaders}"));
        if (request.Headers.Values.Append(request.Url).Append(request.Body).Any(template => template.Length > MaxTemplate)) faults.Add((field, $"templates of at most {MaxTemplate} characters"));
        foreach (var name in RequestTemplate.Placeholders(request))
        {
            var isKnown = name.StartsWith(RequestTemplate.SecretPrefix, StringComparison.Ordinal) || RequestTemplate.Names.Contains(name);
            if (!isKnown || (name == "token" && !hasToken) || (name == "receipt" && !hasReceipt)) faults.Add((field, $"nothing is known for {{{name}}}"));
        }

        if (!IsAddress(request.Url)) faults.Add(($"{field}.url", "an address of http or https, whose host is no placeholder and without a password"));
        if (request.BodyForm == SmsBodyForm.Json && !IsJson(request.Body)) faults.Add(($"{field}.body", "JSON"));
    }

    /// <summary>The host is literal: no value of a message decides where it goes.</summary>
    private static bool IsAddress(string template)
    {
        var path = template.IndexOf('/', Math.Min(template.Length, 8));
        var host = path < 0 ? template : template[..path];
        return !host.Contains('{', StringComparison.Ordinal) && Uri.TryCreate(host, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0;
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void Answer(SmsAnswer answer, List<(string, string)> faults)
    {
        if (answer.Form == SmsAnswerForm.Parameters) faults.Add(("answer.form", "Json, Xml or Text"));
        Place("answer.idAt", answer.Form, answer.IdAt, faults);
        Place("answer.acceptedAt", answer.Form, answer.AcceptedAt, faults);
        Place("answer.errorAt", answer.Form, answer.ErrorAt, faults);
        Place("answer.errorTextAt", answer.Form, answer.ErrorTextAt, faults);
        Pattern("answer.idPattern", answer.IdPattern, faults);
        Pattern("answer.accepted", answer.Accepted, faults);
        Pattern("answer.permanentErrors", answer.PermanentErrors, faults);
        if (!answer.PermanentStatuses.All(status => status is >= 400 and < 500 and not (408 or 429))) faults.Add(("answer.permanentStatuses", "statuses from 400 to 499, without 408 and 429"));
    }

    private static void Receipt(string field, SmsReceiptForm receipt, List<(string, string)> faults)
    {
        if (receipt.StatusAt.Length == 0) faults.Add(($"{field}.statusAt", "expected"));
        if (receipt.ListAt is not null && receipt.Form != SmsAnswerForm.Json) faults.Add(($"{field}.listAt", "of JSON alone"));
        if (receipt.ListAt is not null && receipt.IdAt is null) faults.Add(($"{field}.idAt", "expected where a callback may tell of several messages"));
        if (receipt.Delivered.Length == 0) faults.Add(($"{field}.delivered", "expected"));
        Place($"{field}.listAt", receipt.Form, receipt.ListAt, faults);
        Place($"{field}.idAt", receipt.Form, receipt.IdAt, faults);
        Place($"{field}.statusAt", receipt.Form, receipt.StatusAt, faults);
        Place($"{field}.reasonAt", receipt.Form, receipt.ReasonAt, faults);
        Pattern($"{field}.delivered", receipt.Delivered, faults);
        Pattern($"{field}.undelivered", receipt.Undelivered, faults);
    }

    private static void Place(string field, SmsAnswerForm form, string? place, List<(string, string)> faults)
    {
        if (place is null) return;
        if (form == SmsAnswerForm.Text) Pattern(field, place, faults);
        else if (place.Length > MaxPattern) faults.Add((field, $"at most {MaxPattern} characters"));
        else if (form is SmsAnswerForm.Json or SmsAnswerForm.Xml && place.Length > 0 && place[0] != '/') faults.Add((field, "a path that begins with a slash"));
    }

    private static void Pattern(string field, string? pattern, List<(string, string)> faults)
    {
        if (pattern is null) return;
        if (pattern.Length > MaxPattern)
        {
            faults.Add((field, $"at most {MaxPattern} characters"));
            return;
        }

        try
        {
            _ = new Regex(pattern, RegexOptions.CultureInvariant, GatewayText.PatternTime);
        }
        catch (ArgumentException)
        {
            faults.Add((field, "a regular expression"));
        }
    }
}
