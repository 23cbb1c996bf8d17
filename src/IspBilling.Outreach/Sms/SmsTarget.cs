using System.Collections.Immutable;
using System.Globalization;
using IspBilling.Domain;

namespace IspBilling.Outreach.Sms;

/// <summary>How a request carries its parameters.</summary>
public enum SmsBodyForm
{
    /// <summary>There is no body: everything stands in the address.</summary>
    None,

    /// <summary>As a form of a web page.</summary>
    Form,

    Json,
}

/// <summary>How something that a gateway says is read, and what a place in it looks like.</summary>
public enum SmsAnswerForm
{
    /// <summary>A place is a JSON pointer: <c>/data/sms_id</c> (RFC 6901).</summary>
    Json,

    /// <summary>A place is a path of elements: <c>/result/sms_id</c>.</summary>
    Xml,

    /// <summary>A place is a regular expression whose first group is the value.</summary>
    Text,

    /// <summary>A place is a parameter's name; of a callback alone, in its address or in its body.</summary>
    Parameters,
}

/// <summary>How to ask a gateway for something, by templates.</summary>
/// <remarks>
/// In templates stand <c>{id}</c> (the delivery), <c>{to}</c> (E.164), <c>{digits}</c> (the same without its plus), <c>{text}</c>, <c>{sender}</c>,
/// <c>{encoding}</c> (the target's own word for it), <c>{callback}</c> (where receipts go), <c>{receipt}</c> (what the gateway calls the message),
/// <c>{token}</c> and <c>{secret:name}</c>. Values are escaped as their place demands. A string of JSON that is one placeholder with
/// <c>:number</c> before its brace becomes a number.
/// </remarks>
public sealed record SmsRequest
{
    public string Method { get; init; } = "POST";

    /// <summary>A template, <c>http</c> or <c>https</c>; its host is literal.</summary>
    public string Url { get; init; } = "";

    /// <summary>Templates by name. <c>Basic {secret:a}:{secret:b}</c> is encoded as basic authentication demands.</summary>
    public ImmutableSortedDictionary<string, string> Headers { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public SmsBodyForm BodyForm { get; init; }

    /// <summary>A template; empty where there is no body.</summary>
    public string Body { get; init; } = "";
}

/// <summary>What a gateway's answer to a message means.</summary>
public sealed record SmsAnswer
{
    public SmsAnswerForm Form { get; init; }

    /// <summary>Where the gateway's name of the message stands; null when it says none.</summary>
    public string? IdAt { get; init; }

    /// <summary>A regular expression whose first group is the name within what stands there; null when the whole is.</summary>
    public string? IdPattern { get; init; }

    /// <summary>Where it stands whether the message was accepted; null when the status of the answer says so alone.</summary>
    public string? AcceptedAt { get; init; }

    /// <summary>The whole value that stands there then, as a regular expression.</summary>
    public string Accepted { get; init; } = ".+";

    /// <summary>
    /// Where an error stands; null when it is told by the status of the answer alone. Where something stands there nothing was accepted, unless
    /// it is the place of <see cref="AcceptedAt"/>.
    /// </summary>
    public string? ErrorAt { get; init; }

    /// <summary>Where it is told to people; null when nowhere.</summary>
    public string? ErrorTextAt { get; init; }

    /// <summary>Errors that another attempt would meet again, the whole value as a regular expression; null when none is.</summary>
    public string? PermanentErrors { get; init; }

    /// <summary>Statuses of answers that another attempt would meet again.</summary>
    public ImmutableArray<int> PermanentStatuses { get; init; } = [];
}

/// <summary>A key that a gateway gives for some time.</summary>
public sealed record SmsToken
{
    public SmsRequest Request { get; init; } = new();

    /// <summary>JSON pointer.</summary>
    public string TokenAt { get; init; } = "/access_token";

    /// <summary>JSON pointer to the seconds for which it is good.</summary>
    public string SecondsAt { get; init; } = "/expires_in";
}

/// <summary>How a gateway tells what became of a message.</summary>
public sealed record SmsReceiptForm
{
    public SmsAnswerForm Form { get; init; }

    /// <summary>JSON pointer to the list when one callback may tell of several; empty for the whole, null when there is one alone.</summary>
    public string? ListAt { get; init; }

    /// <summary>Where the gateway's name of the message stands; null when the address that was called says which it is.</summary>
    public string? IdAt { get; init; }

    public string StatusAt { get; init; } = "";

    /// <summary>The statuses that mean it is on the handset, the whole value as a regular expression.</summary>
    public string Delivered { get; init; } = "";

    /// <summary>The statuses that mean it will never be.</summary>
    public string Undelivered { get; init; } = "";

    /// <summary>Where the reason stands; null when nowhere.</summary>
    public string? ReasonAt { get; init; }
}

/// <summary>How to ask a gateway what became of a message.</summary>
public sealed record SmsPoll
{
    public SmsRequest Request { get; init; } = new() { Method = "GET" };

    public SmsReceiptForm Receipt { get; init; } = new();
}

/// <summary>An amount of money as it is entered.</summary>
/// <param name="Amount">With a decimal point: <c>89.50</c>.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed record SmsPrice(string Amount, string Currency)
{
    /// <summary>Null when it is none.</summary>
    public Money? ToMoney()
    {
        if (!decimal.TryParse(Amount, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var major) || major > 1_000_000) return null;
        try
        {
            return Money.FromMajor(major, Domain.Currency.Parse(Currency));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}

/// <summary>A gateway that takes short messages over HTTP. Presets are values of this; any other gateway is one as well.</summary>
public sealed record SmsTarget
{
    /// <summary>Lower-case letters, digits and hyphens.</summary>
    public string Name { get; init; } = "";

    public SmsRequest Request { get; init; } = new();

    /// <summary>Null when the gateway knows us without.</summary>
    public SmsToken? Token { get; init; }

    public SmsAnswer Answer { get; init; } = new();

    /// <summary>Null when the gateway calls nobody.</summary>
    public SmsReceiptForm? Callback { get; init; }

    /// <summary>Null when the gateway cannot be asked.</summary>
    public SmsPoll? Poll { get; init; }

    /// <summary>What receivers see as the sender; empty for what the gateway has set.</summary>
    public string Sender { get; init; } = "";

    /// <summary>The gateway's words for the encoding of a message.</summary>
    public string Gsm7Word { get; init; } = "gsm7";

    /// <inheritdoc cref="Gsm7Word"/>
    public string Ucs2Word { get; init; } = "ucs2";

    /// <summary>Whether accents that the alphabet of GSM lacks are taken away, which makes most messages one part.</summary>
    public bool PlainLetters { get; init; } = true;

    /// <summary>Parts of a message at most; a longer one is refused and never cut.</summary>
    public int MaxParts { get; init; } = 4;

    /// <summary>What a hundred parts cost, since one costs less than the smallest coin in some currencies; null when not known.</summary>
    public SmsPrice? PriceOfHundred { get; init; }

    /// <summary>How long an answer is waited for.</summary>
    public int TimeoutSeconds { get; init; } = 30;

    /// <summary>Networks that are reached although they are not public: <c>10.1.0.0/16</c>.</summary>
    public ImmutableArray<string> AllowedNetworks { get; init; } = [];
}

/// <summary>What a text costs, told before it is sent.</summary>
/// <param name="Text">As it is sent.</param>
/// <param name="Units">Septets or UTF-16 units.</param>
/// <param name="Price">Null when the target's price is not known.</param>
/// <param name="Refusal">Why it cannot be sent; null when it can.</param>
public sealed record SmsQuote(string Text, SmsEncoding Encoding, int Units, int Parts, Money? Price, string? Refusal)
{
    /// <summary>What a text would be and cost at a target.</summary>
    public static SmsQuote Of(string text, SmsTarget target)
    {
        var sent = target.PlainLetters ? PlainLetters.Of(text) : text;
        var measured = SmsText.Of(sent);
        var parts = measured.Parts.Length;
        var refusal = sent.Length == 0 ? "the message is empty"
            : parts > target.MaxParts ? $"the message has {parts} parts, and {target.MaxParts} are allowed"
            : null;
        return new SmsQuote(sent, measured.Encoding, measured.Units, parts, target.PriceOfHundred?.ToMoney() is { } hundred ? new PriceOfHundred(hundred).Of(parts) : null, refusal);
    }
}
