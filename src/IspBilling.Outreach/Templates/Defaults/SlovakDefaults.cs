namespace IspBilling.Outreach.Templates.Defaults;

/// <summary>Slovak declines names, so none stands in a sentence; days are counted as 1 deň, 2 dni, 5 dní.</summary>
internal static class SlovakDefaults
{
    private const string Account =
        """
        {% if pay.account -%}
        Číslo účtu: {{ pay.account }}
        {% if pay.symbol -%}
        Variabilný symbol: {{ pay.symbol }}
        {% endif -%}
        {% endif %}
        """;

    private const string Overdue =
        """
        {% for document in overdue -%}
        - {{ document.kind }} č. {{ document.number }}, splatnosť {{ document.due }}: zostáva uhradiť {{ document.open }}{% unless pay.symbol %}, variabilný symbol {{ document.symbol }}{% endunless %}
        {% endfor -%}
        {% if more_overdue -%}
        - a ďalšie doklady
        {% endif %}
        """;

    private const string SmsPay = "{% if pay.account %} Ucet {{ pay.account }}{% if pay.symbol %}, VS {{ pay.symbol }}{% endif %}.{% endif %}";

    private const string SmsReach = "{% if sender.phone %} Tel. {{ sender.phone }}{% endif %}";

    public static readonly DefaultLanguage All = new(
        Salutation: "Dobrý deň,",
        Closing:
        """
        Ak máte otázku, {% if sender.phone %}zavolajte nám na {{ sender.phone }}{% if sender.email %} alebo {% endif %}{% endif %}{% if sender.email %}napíšte na {{ sender.email }}{% endif %}{% unless sender.phone or sender.email %}ozvite sa nám{% endunless %}. Vaše klientske číslo je {{ client.reference }}.

        S pozdravom
        {{ sender.brand }}{% if sender.web %}
        {{ sender.web }}{% endif %}
        """,
        LetterClosing:
        """
        Ak máte otázku, {% if sender.phone %}zavolajte nám na {{ sender.phone }}{% if sender.email %} alebo {% endif %}{% endif %}{% if sender.email %}napíšte na {{ sender.email }}{% endif %}{% unless sender.phone or sender.email %}ozvite sa nám písomne na adresu uvedenú v záhlaví{% endunless %}. Vaše klientske číslo je {{ client.reference }}.

        S pozdravom
        {{ sender.brand }}
        """,
        Invoice: new(
            Subject: "{{ document.kind }} č. {{ document.number }}{% unless document.is_paid %}, splatnosť {{ document.due }}{% endunless %}",
            Body:
            $$$"""
            {% if document.is_paid -%}
            zasielame Vám doklad za naše služby. Je už uhradený, prosím, nič neplaťte.

            Doklad: {{ document.kind }} č. {{ document.number }}
            Celková suma: {{ document.total }}
            {% else -%}
            zasielame Vám vyúčtovanie našich služieb.

            Doklad: {{ document.kind }} č. {{ document.number }}
            {% if document.is_partly_paid -%}
            Celková suma: {{ document.total }}
            {% endif -%}
            Na úhradu: {{ document.open }}
            Splatnosť: {{ document.due }}
            {{{Account}}}
            {%- endif %}
            """,
            Sms: $$$"""{{ sender.brand }}: {{ document.kind }} {{ document.number }}, {% if document.is_paid %}suma {{ document.total }}, je uz uhradena.{% else %}na uhradu {{ document.open }} do {{ document.due }}.{{{SmsPay}}}{% endif %}"""),
        Credit: new(
            Subject: "{{ document.kind }} č. {{ document.number }}",
            Body:
            """
            zasielame Vám opravný doklad, ktorým znižujeme skôr vyúčtovanú sumu.

            Doklad: {{ document.kind }} č. {{ document.number }}
            Vystavené: {{ document.issued }}
            Vo Váš prospech: {{ document.total }}

            Sumu započítame na Vaše neuhradené alebo budúce doklady, nemusíte teda nič robiť.
            """,
            Sms: "{{ sender.brand }}: {{ document.kind }} {{ document.number }}, vo Vas prospech {{ document.total }}. Sumu zapocitame na Vase dalsie doklady."),
        Reminder: new(
            Subject: "{% if has_debt %}{% if reminder.does == 'block' or reminder.does == 'throttle' %}Obmedzenie služieb: {% elsif reminder.next.does == 'block' or reminder.next.does == 'throttle' %}Upozornenie pred obmedzením služieb: {% elsif reminder.next.does == 'collections' %}Upozornenie pred vymáhaním: {% else %}Upomienka: {% endif %}neuhradená suma {{ debt }}{% else %}Všetko po splatnosti je uhradené{% endif %}",
            Body:
            $$$"""
            {% if has_debt -%}
            dovoľujeme si Vás upozorniť, že k dnešnému dňu ({{ today }}) od Vás neevidujeme úhradu sumy {{ debt }}. {% if overdue.size > 1 %}Najstarší doklad{% else %}Doklad{% endif %} je po splatnosti už {{ days_overdue | days }}.

            {{{Overdue}}}

            Prosíme o úhradu{% if reminder.next %} najneskôr do {{ reminder.next.pay_by }}{% else %} bez odkladu{% endif %}.

            Na úhradu: {{ debt }}
            {{{Account}}}

            {% if reminder.does == 'block' -%}
            Z dôvodu neuhradenej sumy sme poskytovanie služieb prerušili. Obnovíme ho, len čo platbu prijmeme.

            {% elsif reminder.does == 'throttle' -%}
            Z dôvodu neuhradenej sumy sme znížili rýchlosť pripojenia. Plnú rýchlosť obnovíme, len čo platbu prijmeme.

            {% elsif reminder.does == 'collections' -%}
            Pohľadávku odovzdávame na vymáhanie.

            {% endif -%}
            {% if reminder.fee -%}
            Za túto upomienku účtujeme {{ reminder.fee }}; suma bude súčasťou Vášho budúceho vyúčtovania.

            {% endif -%}
            {% if reminder.next -%}
            Čo bude nasledovať: ak platbu do {{ reminder.next.pay_by }} nedostaneme, {% if reminder.next.does == 'block' %}prerušíme poskytovanie služieb{% elsif reminder.next.does == 'throttle' %}znížime rýchlosť pripojenia{% elsif reminder.next.does == 'collections' %}odovzdáme pohľadávku na vymáhanie{% elsif reminder.next.does == 'fee' %}zašleme Vám ďalšiu upomienku, ktorá bude spoplatnená{% else %}zašleme Vám ďalšiu upomienku{% endif %}.

            {% endif -%}
            Ak ste platbu odoslali v posledných dňoch, považujte, prosím, túto správu za bezpredmetnú. Ak nemôžete zaplatiť včas, ozvite sa nám, nájdeme riešenie.
            {% else -%}
            Vaše záväzky po splatnosti sú uhradené, prosím, nič neplaťte.
            {% endif %}
            """,
            Sms: $$$"""{{ sender.brand }}: {% if has_debt %}{% if reminder.does == 'block' %}sluzby sme prerusili, dlzite {{ debt }}.{% elsif reminder.does == 'throttle' %}znizili sme rychlost, dlzite {{ debt }}.{% else %}po splatnosti je {{ debt }}.{% endif %}{{{SmsPay}}}{% if reminder.next %}{% if reminder.next.does == 'block' %} Ak nezaplatite do {{ reminder.next.pay_by }}, sluzby prerusime.{% elsif reminder.next.does == 'throttle' %} Ak nezaplatite do {{ reminder.next.pay_by }}, znizime rychlost.{% elsif reminder.next.does == 'collections' %} Ak nezaplatite do {{ reminder.next.pay_by }}, odovzdame dlh na vymahanie.{% else %} Zaplatte, prosim, do {{ reminder.next.pay_by }}.{% endif %}{% endif %}{{{SmsReach}}}{% else %}vsetko je uhradene, prosim, nic neplatte.{% endif %}"""),
        Thanks: new(
            Subject: "Ďakujeme za úhradu",
            Body:
            """
            ďakujeme, Vašu platbu sme prijali.

            {% if has_debt -%}
            Po splatnosti zostáva uhradiť {{ debt }}.
            {% else -%}
            Všetky záväzky po splatnosti sú tým vyrovnané a nič ďalšie netreba robiť.
            {% endif %}
            """,
            Sms: "{{ sender.brand }}: dakujeme, platbu sme prijali.{% if has_debt %} Po splatnosti zostava {{ debt }}.{% else %} Vsetko po splatnosti je vyrovnane.{% endif %}"),
        Restricted: new(
            Subject: "{% if level == 'blocked' %}Prerušili sme poskytovanie služieb{% else %}Znížili sme rýchlosť pripojenia{% endif %}",
            Body:
            $$$"""
            z dôvodu neuhradenej sumy sme {% if level == 'blocked' %}prerušili poskytovanie služieb{% else %}znížili rýchlosť Vášho pripojenia{% endif %}. Obmedzenie zrušíme, len čo platbu prijmeme.

            {{{Overdue}}}

            {% if has_debt -%}
            Na úhradu: {{ debt }}
            {{{Account}}}
            {%- endif %}

            Ak ste už zaplatili alebo chcete dohodnúť iný postup, ozvite sa nám, prosím.
            """,
            Sms: $$$"""{{ sender.brand }}: {% if level == 'blocked' %}sluzby sme prerusili{% else %}znizili sme rychlost pripojenia{% endif %} pre neuhradenu sumu {{ debt }}.{{{SmsPay}}} Po zaplateni obmedzenie zrusime.{{{SmsReach}}}"""),
        Restored: new(
            Subject: "Služby sú opäť v plnom rozsahu",
            Body:
            """
            obmedzenie Vašich služieb sme zrušili a všetko by malo opäť fungovať v plnom rozsahu. Ak sa pripojenie do niekoľkých minút neobnoví, reštartujte, prosím, svoj router.

            {% if has_debt -%}
            Po splatnosti stále zostáva uhradiť {{ debt }}.
            {% else -%}
            Ďakujeme.
            {% endif %}
            """,
            Sms: $$$"""{{ sender.brand }}: obmedzenie sluzieb sme zrusili.{% if has_debt %} Po splatnosti zostava {{ debt }}.{% endif %} Ak pripojenie nefunguje, restartujte router.{{{SmsReach}}}"""),
        Statement: new(
            Subject: "Prehľad Vašich platieb ku dňu {{ today }}",
            Body:
            $$$"""
            posielame Vám prehľad dokladov a platieb ku dňu {{ today }}.

            {% if has_open -%}
            {% for document in open -%}
            - {{ document.kind }} č. {{ document.number }}, splatnosť {{ document.due }}: zostáva uhradiť {{ document.open }}{% if document.is_overdue %}, po splatnosti {{ document.days_overdue | days }}{% endif %}
            {% endfor -%}
            {% if more_open -%}
            - a ďalšie doklady
            {% endif %}

            Spolu na úhradu: {{ open_sum }}
            Z toho po splatnosti: {{ debt }}
            {% if has_credit -%}
            Váš preplatok: {{ credit }}
            {% endif -%}
            {{{Account}}}
            {% else -%}
            Nemáte žiadne neuhradené doklady.{% if has_credit %} Na Vašom účte evidujeme preplatok {{ credit }}, ktorý použijeme na budúci doklad.{% endif %}
            {% endif %}
            """,
            Sms: $$$"""{{ sender.brand }}: ku dnu {{ today }} {% if has_open %}zostava uhradit {{ open_sum }}, z toho po splatnosti {{ debt }}.{{{SmsPay}}}{% else %}nemate ziadne neuhradene doklady.{% endif %}"""));
}
