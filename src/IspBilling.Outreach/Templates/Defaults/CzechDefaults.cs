namespace IspBilling.Outreach.Templates.Defaults;

/// <summary>Czech declines names, so none stands in a sentence; days are counted as 1 den, 2 dny, 5 dní.</summary>
internal static class CzechDefaults
{
    private const string Account =
        """
        {% if pay.account -%}
        Číslo účtu: {{ pay.account }}
        {% if pay.symbol -%}
        Variabilní symbol: {{ pay.symbol }}
        {% endif -%}
        {% endif %}
        """;

    private const string Overdue =
        """
        {% for document in overdue -%}
        - {{ document.kind }} č. {{ document.number }}, splatnost {{ document.due }}: zbývá uhradit {{ document.open }}{% unless pay.symbol %}, variabilní symbol {{ document.symbol }}{% endunless %}
        {% endfor -%}
        {% if more_overdue -%}
        - a další doklady
        {% endif %}
        """;

    private const string SmsPay = "{% if pay.account %} Ucet {{ pay.account }}{% if pay.symbol %}, VS {{ pay.symbol }}{% endif %}.{% endif %}";

    private const string SmsReach = "{% if sender.phone %} Tel. {{ sender.phone }}{% endif %}";

    public static readonly DefaultLanguage All = new(
        Salutation: "Dobrý den,",
        Closing:
        """
        Máte-li dotaz, {% if sender.phone %}zavolejte nám na {{ sender.phone }}{% if sender.email %} nebo {% endif %}{% endif %}{% if sender.email %}napište na {{ sender.email }}{% endif %}{% unless sender.phone or sender.email %}ozvěte se nám{% endunless %}. Vaše klientské číslo je {{ client.reference }}.

        S pozdravem
        {{ sender.brand }}{% if sender.web %}
        {{ sender.web }}{% endif %}
        """,
        LetterClosing:
        """
        Máte-li dotaz, {% if sender.phone %}zavolejte nám na {{ sender.phone }}{% if sender.email %} nebo {% endif %}{% endif %}{% if sender.email %}napište na {{ sender.email }}{% endif %}{% unless sender.phone or sender.email %}ozvěte se nám písemně na adresu uvedenou v záhlaví{% endunless %}. Vaše klientské číslo je {{ client.reference }}.

        S pozdravem
        {{ sender.brand }}
        """,
        Invoice: new(
            Subject: "{{ document.kind }} č. {{ document.number }}{% unless document.is_paid %}, splatnost {{ document.due }}{% endunless %}",
            Body:
            $$$"""
            {% if document.is_paid -%}
            zasíláme Vám doklad za naše služby. Je již uhrazen, nic prosím neplaťte.

            Doklad: {{ document.kind }} č. {{ document.number }}
            Celková částka: {{ document.total }}
            {% else -%}
            zasíláme Vám vyúčtování našich služeb.

            Doklad: {{ document.kind }} č. {{ document.number }}
            {% if document.is_partly_paid -%}
            Celková částka: {{ document.total }}
            {% endif -%}
            K úhradě: {{ document.open }}
            Splatnost: {{ document.due }}
            {{{Account}}}
            {%- endif %}
            """,
            Sms: $$$"""{{ sender.brand }}: {{ document.kind }} {{ document.number }}, {% if document.is_paid %}castka {{ document.total }}, je jiz uhrazena.{% else %}k uhrade {{ document.open }} do {{ document.due }}.{{{SmsPay}}}{% endif %}"""),
        Credit: new(
            Subject: "{{ document.kind }} č. {{ document.number }}",
            Body:
            """
            zasíláme Vám opravný doklad, kterým snižujeme dříve vyúčtovanou částku.

            Doklad: {{ document.kind }} č. {{ document.number }}
            Vystaveno: {{ document.issued }}
            Ve Váš prospěch: {{ document.total }}

            Částku započteme na Vaše neuhrazené nebo příští doklady, nic tedy nemusíte dělat.
            """,
            Sms: "{{ sender.brand }}: {{ document.kind }} {{ document.number }}, ve Vas prospech {{ document.total }}. Castku zapocteme na Vase dalsi doklady."),
        Reminder: new(
            Subject: "{% if has_debt %}{% if reminder.does == 'block' or reminder.does == 'throttle' %}Omezení služeb: {% elsif reminder.next.does == 'block' or reminder.next.does == 'throttle' %}Upozornění před omezením služeb: {% elsif reminder.next.does == 'collections' %}Upozornění před vymáháním: {% else %}Upomínka: {% endif %}neuhrazená částka {{ debt }}{% else %}Vše po splatnosti je uhrazeno{% endif %}",
            Body:
            $$$"""
            {% if has_debt -%}
            dovolujeme si Vás upozornit, že k dnešnímu dni ({{ today }}) od Vás neevidujeme úhradu částky {{ debt }}. {% if overdue.size > 1 %}Nejstarší doklad{% else %}Doklad{% endif %} je po splatnosti již {{ days_overdue | days }}.

            {{{Overdue}}}

            Prosíme o úhradu{% if reminder.next %} nejpozději do {{ reminder.next.pay_by }}{% else %} bez odkladu{% endif %}.

            K úhradě: {{ debt }}
            {{{Account}}}

            {% if reminder.does == 'block' -%}
            Z důvodu neuhrazené částky jsme poskytování služeb přerušili. Obnovíme je, jakmile platbu přijmeme.

            {% elsif reminder.does == 'throttle' -%}
            Z důvodu neuhrazené částky jsme snížili rychlost připojení. Plnou rychlost obnovíme, jakmile platbu přijmeme.

            {% elsif reminder.does == 'collections' -%}
            Pohledávku předáváme k vymáhání.

            {% endif -%}
            {% if reminder.fee -%}
            Za tuto upomínku účtujeme {{ reminder.fee }}; částka bude součástí Vašeho příštího vyúčtování.

            {% endif -%}
            {% if reminder.next -%}
            Co bude následovat: pokud platbu do {{ reminder.next.pay_by }} neobdržíme, {% if reminder.next.does == 'block' %}přerušíme poskytování služeb{% elsif reminder.next.does == 'throttle' %}snížíme rychlost připojení{% elsif reminder.next.does == 'collections' %}předáme pohledávku k vymáhání{% elsif reminder.next.does == 'fee' %}zašleme Vám další upomínku, která bude zpoplatněna{% else %}zašleme Vám další upomínku{% endif %}.

            {% endif -%}
            Pokud jste platbu odeslali v posledních dnech, považujte prosím tuto zprávu za bezpředmětnou. Nemůžete-li zaplatit včas, ozvěte se nám, najdeme řešení.
            {% else -%}
            Vaše závazky po splatnosti jsou uhrazeny, nic prosím neplaťte.
            {% endif %}
            """,
            Sms: $$$"""{{ sender.brand }}: {% if has_debt %}{% if reminder.does == 'block' %}sluzby jsme prerusili, dluzite {{ debt }}.{% elsif reminder.does == 'throttle' %}snizili jsme rychlost, dluzite {{ debt }}.{% else %}po splatnosti je {{ debt }}.{% endif %}{{{SmsPay}}}{% if reminder.next %}{% if reminder.next.does == 'block' %} Nezaplatite-li do {{ reminder.next.pay_by }}, sluzby prerusime.{% elsif reminder.next.does == 'throttle' %} Nezaplatite-li do {{ reminder.next.pay_by }}, snizime rychlost.{% elsif reminder.next.does == 'collections' %} Nezaplatite-li do {{ reminder.next.pay_by }}, predame dluh k vymahani.{% else %} Zaplatte prosim do {{ reminder.next.pay_by }}.{% endif %}{% endif %}{{{SmsReach}}}{% else %}vse je uhrazeno, nic prosim neplatte.{% endif %}"""),
        Thanks: new(
            Subject: "Děkujeme za úhradu",
            Body:
            """
            děkujeme, Vaši platbu jsme přijali.

            {% if has_debt -%}
            Po splatnosti zbývá uhradit {{ debt }}.
            {% else -%}
            Všechny závazky po splatnosti jsou tím vyrovnány a nic dalšího není třeba dělat.
            {% endif %}
            """,
            Sms: "{{ sender.brand }}: dekujeme, platbu jsme prijali.{% if has_debt %} Po splatnosti zbyva {{ debt }}.{% else %} Vse po splatnosti je vyrovnano.{% endif %}"),
        Restricted: new(
            Subject: "{% if level == 'blocked' %}Přerušili jsme poskytování služeb{% else %}Snížili jsme rychlost připojení{% endif %}",
            Body:
            $$$"""
            z důvodu neuhrazené částky jsme {% if level == 'blocked' %}přerušili poskytování služeb{% else %}snížili rychlost Vašeho připojení{% endif %}. Omezení zrušíme, jakmile platbu přijmeme.

            {{{Overdue}}}

            {% if has_debt -%}
            K úhradě: {{ debt }}
            {{{Account}}}
            {%- endif %}

            Pokud jste již zaplatili nebo chcete domluvit jiný postup, ozvěte se nám prosím.
            """,
            Sms: $$$"""{{ sender.brand }}: {% if level == 'blocked' %}sluzby jsme prerusili{% else %}snizili jsme rychlost pripojeni{% endif %} pro neuhrazenou castku {{ debt }}.{{{SmsPay}}} Po zaplaceni omezeni zrusime.{{{SmsReach}}}"""),
        Restored: new(
            Subject: "Služby jsou opět v plném rozsahu",
            Body:
            """
            omezení Vašich služeb jsme zrušili a vše by mělo opět fungovat v plném rozsahu. Pokud se připojení do několika minut neobnoví, restartujte prosím svůj router.

            {% if has_debt -%}
            Po splatnosti stále zbývá uhradit {{ debt }}.
            {% else -%}
            Děkujeme.
            {% endif %}
            """,
            Sms: $$$"""{{ sender.brand }}: omezeni sluzeb jsme zrusili.{% if has_debt %} Po splatnosti zbyva {{ debt }}.{% endif %} Nefunguje-li pripojeni, restartujte router.{{{SmsReach}}}"""),
        Statement: new(
            Subject: "Přehled Vašich plateb ke dni {{ today }}",
            Body:
            $$$"""
            posíláme Vám přehled dokladů a plateb ke dni {{ today }}.

            {% if has_open -%}
            {% for document in open -%}
            - {{ document.kind }} č. {{ document.number }}, splatnost {{ document.due }}: zbývá uhradit {{ document.open }}{% if document.is_overdue %}, po splatnosti {{ document.days_overdue | days }}{% endif %}
            {% endfor -%}
            {% if more_open -%}
            - a další doklady
            {% endif %}

            Celkem k úhradě: {{ open_sum }}
            Z toho po splatnosti: {{ debt }}
            {% if has_credit -%}
            Váš přeplatek: {{ credit }}
            {% endif -%}
            {{{Account}}}
            {% else -%}
            Nemáte žádné neuhrazené doklady.{% if has_credit %} Na Vašem účtu evidujeme přeplatek {{ credit }}, který použijeme na příští doklad.{% endif %}
            {% endif %}
            """,
            Sms: $$$"""{{ sender.brand }}: ke dni {{ today }} {% if has_open %}zbyva uhradit {{ open_sum }}, z toho po splatnosti {{ debt }}.{{{SmsPay}}}{% else %}nemate zadne neuhrazene doklady.{% endif %}"""));
}
