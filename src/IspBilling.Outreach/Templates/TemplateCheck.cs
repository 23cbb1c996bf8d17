using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.Wording;

namespace IspBilling.Outreach.Templates;

/// <param name="Parts">How many parts the operator would count for a text.</param>
/// <param name="MaxParts">With more the gateway's settings refuse it.</param>
public sealed record SmsMeasure(Func<string, int> Parts, int MaxParts);

/// <summary>Whether a template may be saved: it must make a message of every sample, and an SMS of so few parts that it is sent whole.</summary>
public sealed class TemplateCheck(TemplateLimits limits, TimeProvider clock)
{
    /// <param name="sms">By which an SMS is measured.</param>
    /// <returns>Why it may not be saved; null when it may.</returns>
    public string? Problem(TemplateKey key, MessageTemplate template, MessageBrand brand, SmsMeasure sms)
    {
        ReadTemplate read;
        try
        {
            read = ReadTemplate.Of(template, key.Channel, key.Language, limits);
        }
        catch (TemplateException fault)
        {
            return fault.Message;
        }

        foreach (var sample in SampleFacts.For(key.Occasion, key.Issuer, key.Language))
        {
            try
            {
                var text = read.Render(sample.Facts, brand, "draft", clock).Text;
                if (key.Channel == MessageChannel.Sms && sms.Parts(text) is var needed && needed > sms.MaxParts)
                    return string.Create(CultureInfo.InvariantCulture, $"sample {sample.Name}: an SMS of at most {sms.MaxParts} parts expected, got {needed}; it would be cut");
            }
            catch (TemplateException fault)
            {
                return $"sample {sample.Name}: {fault.Message}";
            }
        }

        return null;
    }
}
