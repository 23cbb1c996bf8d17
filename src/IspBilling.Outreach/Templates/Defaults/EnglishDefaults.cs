namespace IspBilling.Outreach.Templates.Defaults;

/// <summary>Plain English of a provider that wants to be paid and to keep the client.</summary>
internal static class EnglishDefaults
{
    private const string Account =
        """
        {% if pay.account -%}
        Account number: {{ pay.account }}
        {% if pay.symbol -%}
        Variable symbol: {{ pay.symbol }}
        {% endif -%}
        {% endif %}
        """;

    private const string Overdue =
        """
        {% for document in overdue -%}
        - {{ document.kind }} No. {{ document.number }}, due {{ document.due }}: {{ document.open }} outstanding{% unless pay.symbol %}, variable symbol {{ document.symbol }}{% endunless %}
        {% endfor -%}
        {% if more_overdue -%}
        - and further documents
        {% endif %}
        """;

    private const string SmsPay = "{% if pay.account %} Account {{ pay.account }}{% if pay.symbol %}, VS {{ pay.symbol }}{% endif %}.{% endif %}";

    private const string SmsReach = "{% if sender.phone %} Phone {{ sender.phone }}{% endif %}";

    public static readonly DefaultLanguage All = new(
        Salutation: "Hello,",
        Closing:
        """
        If you have a question, {% if sender.phone %}call us on {{ sender.phone }}{% if sender.email %} or {% endif %}{% endif %}{% if sender.email %}write to {{ sender.email }}{% endif %}{% unless sender.phone or sender.email %}please get in touch{% endunless %}. Your client number is {{ client.reference }}.

        Kind regards,
        {{ sender.brand }}{% if sender.web %}
        {{ sender.web }}{% endif %}
        """,
        LetterClosing:
        """
        If you have a question, {% if sender.phone %}call us on {{ sender.phone }}{% if sender.email %} or {% endif %}{% endif %}{% if sender.email %}write to {{ sender.email }}{% endif %}{% unless sender.phone or sender.email %}please write to the address at the top{% endunless %}. Your client number is {{ client.reference }}.

        Kind regards,
        {{ sender.brand }}
        """,
        Invoice: new(
            Subject: "{{ document.kind }} No. {{ document.number }}{% unless document.is_paid %}, due {{ document.due }}{% endunless %}",
            Body:
            $$$"""
            {% if document.is_paid -%}
            Here is the document for our services. It has already been paid, so there is nothing to pay.

            Document: {{ document.kind }} No. {{ document.number }}
            Total: {{ document.total }}
            {% else -%}
            Here is the bill for our services.

            Document: {{ document.kind }} No. {{ document.number }}
            {% if document.is_partly_paid -%}
            Total: {{ document.total }}
            {% endif -%}
            Amount due: {{ document.open }}
            Due date: {{ document.due }}
            {{{Account}}}
            {%- endif %}
            """,
            Sms: $$$"""{{ sender.brand }}: {{ document.kind }} {{ document.number }}, {% if document.is_paid %}amount {{ document.total }}, already paid.{% else %}please pay {{ document.open }} by {{ document.due }}.{{{SmsPay}}}{% endif %}"""),
        Credit: new(
            Subject: "{{ document.kind }} No. {{ document.number }}",
            Body:
            """
            Here is a corrective document that lowers an amount we billed earlier.

            Document: {{ document.kind }} No. {{ document.number }}
            Issued: {{ document.issued }}
            In your favour: {{ document.total }}

            We will set the amount off against your open or future documents, so there is nothing you need to do.
            """,
            Sms: "{{ sender.brand }}: {{ document.kind }} {{ document.number }}, {{ document.total }} in your favour. It will be set off against your further documents."),
        Reminder: new(
            Subject: "{% if has_debt %}{% if reminder.does == 'block' or reminder.does == 'throttle' %}Service restricted: {% elsif reminder.next.does == 'block' or reminder.next.does == 'throttle' %}Notice before we restrict your service: {% elsif reminder.next.does == 'collections' %}Notice before collection: {% else %}Reminder: {% endif %}{{ debt }} outstanding{% else %}Nothing is overdue{% endif %}",
            Body:
            $$$"""
            {% if has_debt -%}
            We would like to let you know that as of today ({{ today }}) we have not received your payment of {{ debt }}. {% if overdue.size > 1 %}The oldest document{% else %}It{% endif %} is now {{ days_overdue | days }} overdue.

            {{{Overdue}}}

            Please pay{% if reminder.next %} by {{ reminder.next.pay_by }} at the latest{% else %} without delay{% endif %}.

            Amount due: {{ debt }}
            {{{Account}}}

            {% if reminder.does == 'block' -%}
            Because of the unpaid amount we have suspended your service. We will restore it as soon as your payment arrives.

            {% elsif reminder.does == 'throttle' -%}
            Because of the unpaid amount we have reduced your connection speed. We will restore full speed as soon as your payment arrives.

            {% elsif reminder.does == 'collections' -%}
            We are handing the claim over for collection.

            {% endif -%}
            {% if reminder.fee -%}
            For this reminder we charge {{ reminder.fee }}; the amount will be part of your next bill.

            {% endif -%}
            {% if reminder.next -%}
            What happens next: if your payment has not arrived by {{ reminder.next.pay_by }}, we will {% if reminder.next.does == 'block' %}suspend your service{% elsif reminder.next.does == 'throttle' %}reduce your connection speed{% elsif reminder.next.does == 'collections' %}hand the claim over for collection{% elsif reminder.next.does == 'fee' %}send you another reminder, for which we charge a fee{% else %}send you another reminder{% endif %}.

            {% endif -%}
            If you have paid within the last few days, please disregard this message. If you cannot pay in time, get in touch and we will find a solution.
            {% else -%}
            Everything that was overdue has been paid, so there is nothing to pay.
            {% endif %}
            """,
            Sms: $$$"""{{ sender.brand }}: {% if has_debt %}{% if reminder.does == 'block' %}your service is suspended, you owe {{ debt }}.{% elsif reminder.does == 'throttle' %}your speed is reduced, you owe {{ debt }}.{% else %}{{ debt }} is overdue.{% endif %}{{{SmsPay}}}{% if reminder.next %}{% if reminder.next.does == 'block' %} If you do not pay by {{ reminder.next.pay_by }}, we will suspend your service.{% elsif reminder.next.does == 'throttle' %} If you do not pay by {{ reminder.next.pay_by }}, we will reduce your speed.{% elsif reminder.next.does == 'collections' %} If you do not pay by {{ reminder.next.pay_by }}, we will hand the debt over for collection.{% else %} Please pay by {{ reminder.next.pay_by }}.{% endif %}{% endif %}{{{SmsReach}}}{% else %}everything is paid, there is nothing to pay.{% endif %}"""),
        Thanks: new(
            Subject: "Thank you for your payment",
            Body:
            """
            Thank you, we have received your payment.

            {% if has_debt -%}
            Still overdue: {{ debt }}.
            {% else -%}
            Everything that was overdue is now settled and there is nothing more you need to do.
            {% endif %}
            """,
            Sms: "{{ sender.brand }}: thank you, we have received your payment.{% if has_debt %}  Still overdue: {{ debt }}.{% else %}  Nothing is overdue now.{% endif %}"),
        Restricted: new(
            Subject: "{% if level == 'blocked' %}We have suspended your service{% else %}We have reduced your connection speed{% endif %}",
            Body:
            $$$"""
            Because of an unpaid amount we have {% if level == 'blocked' %}suspended your service{% else %}reduced your connection speed{% endif %}. We will lift the restriction as soon as your payment arrives.

            {{{Overdue}}}

            {% if has_debt -%}
            Amount due: {{ debt }}
            {{{Account}}}
            {%- endif %}

            If you have already paid or would like to agree on another arrangement, please get in touch.
            """,
            Sms: $$$"""{{ sender.brand }}: {% if level == 'blocked' %}we have suspended your service{% else %}we have reduced your connection speed{% endif %} because of the unpaid {{ debt }}.{{{SmsPay}}} We will lift this as soon as you pay.{{{SmsReach}}}"""),
        Restored: new(
            Subject: "Your service is fully restored",
            Body:
            """
            We have lifted the restriction of your service and everything should be working in full again. If your connection does not come back within a few minutes, please restart your router.

            {% if has_debt -%}
            Still overdue: {{ debt }}.
            {% else -%}
            Thank you.
            {% endif %}
            """,
            Sms: $$$"""{{ sender.brand }}: the restriction of your service is lifted.{% if has_debt %}  Still overdue: {{ debt }}.{% endif %} If your connection does not work, restart your router.{{{SmsReach}}}"""),
        Statement: new(
            Subject: "Your account as of {{ today }}",
            Body:
            $$$"""
            Here is an overview of your documents and payments as of {{ today }}.

            {% if has_open -%}
            {% for document in open -%}
            - {{ document.kind }} No. {{ document.number }}, due {{ document.due }}: {{ document.open }} outstanding{% if document.is_overdue %}, overdue by {{ document.days_overdue | days }}{% endif %}
            {% endfor -%}
            {% if more_open -%}
            - and further documents
            {% endif %}

            Total outstanding: {{ open_sum }}
            Of which overdue: {{ debt }}
            {% if has_credit -%}
            Your credit: {{ credit }}
            {% endif -%}
            {{{Account}}}
            {% else -%}
            You have no unpaid documents.{% if has_credit %} Your account has a credit of {{ credit }}, which we will use for your next document.{% endif %}
            {% endif %}
            """,
            Sms: $$$"""{{ sender.brand }}: as of {{ today }} {% if has_open %}outstanding {{ open_sum }}, of which overdue {{ debt }}.{{{SmsPay}}}{% else %}you have no unpaid documents.{% endif %}"""));
}
