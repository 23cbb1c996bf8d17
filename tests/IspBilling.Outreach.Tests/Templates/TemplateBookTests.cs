using IspBilling.Domain;
using IspBilling.Engine.Outgoing;
using IspBilling.Engine.Wording;
using IspBilling.Outreach.Composing;
using IspBilling.Outreach.Templates;

namespace IspBilling.Outreach.Tests.Templates;

public sealed class TemplateBookTests
{
    private readonly Rendered.Source _source = new();

    private TemplateBook Book => new(_source, Rendered.Clock);

    [Fact]
    public void The_steps_own_template_comes_first_then_the_general_then_the_programs()
    {
        var facts = Rendered.Usual(Occasions.Reminder);
        Assert.Equal("reminder/email/cs@default", Name());

        Put(Occasions.Reminder, 7);
        Assert.Equal("reminder/email/cs@7", Name());

        Put(Occasions.OfStep("block"), 9);
        Assert.Equal("reminder:block/email/cs@9", Name());

        string Name() => Rendered.Written(Book.Write(Occasions.OfStep("block"), MessageChannel.Email, facts)).Template;
    }

    [Fact]
    public void A_new_version_is_what_is_written_from_then_on()
    {
        var book = Book;
        Put(Occasions.Thanks, 1, "one");
        Assert.Equal("one", Rendered.Written(book.Write(Occasions.Thanks, MessageChannel.Email, Rendered.Usual(Occasions.Thanks))).Text);
        Put(Occasions.Thanks, 2, "two");
        Assert.Equal("two", Rendered.Written(book.Write(Occasions.Thanks, MessageChannel.Email, Rendered.Usual(Occasions.Thanks))).Text);
    }

    [Fact]
    public void A_template_that_breaks_stops_its_messages_and_says_why()
    {
        Put(Occasions.Thanks, 3, "{{ document.number }}");

        var impossible = Assert.IsType<Composition.Impossible>(Book.Write(Occasions.Thanks, MessageChannel.Email, Rendered.Usual(Occasions.Thanks)));

        Assert.StartsWith("template thanks/email/cs@3: text: ", impossible.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_of_no_known_language_is_written_to_in_czech() => Assert.Equal(
        "cs", Rendered.Written(Book.Write(Occasions.Thanks, MessageChannel.Email, Rendered.Usual(Occasions.Thanks) with { Language = "de" })).Language);

    [Theory]
    [InlineData(typeof(NotifyCollections))]
    [InlineData(typeof(DeliverDocument))]
    public async Task What_clients_are_not_written_to_about_is_impossible(Type kind)
    {
        OutgoingMessage message = kind == typeof(DeliverDocument) ? new DeliverDocument(4, DeliveryPreference.Email) : new NotifyCollections(Money.Czk(1m));
        var delivery = new Delivery(new DeliveryId(new AccountId(1), 1, 0), MessageChannel.Email, message, DeliveryStatus.Claimed, default);

        Assert.IsType<Composition.Impossible>(await Book.Compose(delivery, Rendered.Usual(Occasions.Thanks), CancellationToken.None));
    }

    [Theory]
    [InlineData("1/thanks/email/cs")]
    [InlineData("12/reminder:a/b/sms/sk")]
    public void A_key_is_read_as_it_is_written(string key) => Assert.Equal(key, TemplateKey.Read(key)?.ToString());

    [Fact]
    public void Brand_is_in_the_head_and_the_foot()
    {
        _source.Brand = new MessageBrand("Rychlá <síť>", "#8a1538", "https://example.com/logo.png") { FooterInCzech = "Zapsáno & <hotovo>" };

        var html = Rendered.Written(Book.Write(Occasions.Thanks, MessageChannel.Email, Rendered.Usual(Occasions.Thanks))).Html!;

        Assert.Contains("#8a1538", html, StringComparison.Ordinal);
        Assert.Contains("<img src=\"https://example.com/logo.png\" alt=\"Rychlá &lt;síť&gt;\">", html, StringComparison.Ordinal);
        Assert.Contains("Zapsáno &amp; &lt;hotovo&gt;", html, StringComparison.Ordinal);
    }

    private void Put(string occasion, long revision, string text = "text") =>
        _source.Templates[new TemplateKey(Rendered.Issuer, occasion, MessageChannel.Email, "cs")] = new StoredTemplate(new MessageTemplate("s", text), revision);
}
