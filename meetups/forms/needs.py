"""What organisers say about what their group needs."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetups import money
from meetups.choices import capitalised
from meetups.forms.addresses import OnceField
from meetups.forms.clocks import DayField
from meetups.models import Event, Group, SponsorshipNeed


class EventChoice(forms.ModelChoiceField):
    """Dates by day and title."""

    def label_from_instance(self, event: Event) -> str:
        return f"{event.starts_local:%Y-%m-%d} · {event.title}"


class NeedForm(forms.Form):
    """One thing: what, for which date, until when, in kind or how much."""

    key = OnceField()
    title = forms.CharField(
        label=gettext_lazy("What do you need?"), max_length=120,
        help_text=gettext_lazy("In a few words a company understands: pizza for thirty people."),
        error_messages={"required": gettext_lazy("Say in a few words what you need.")},
    )  # fmt: skip
    category = forms.ChoiceField(
        label=gettext_lazy("What kind of thing?"),
        choices=[("", gettext_lazy("Choose one")), *capitalised(SponsorshipNeed.Category.choices)],
        error_messages={"required": gettext_lazy("Choose what comes nearest.")},
    )
    event = EventChoice(
        label=gettext_lazy("For which date?"), queryset=Event.objects.none(), required=False,
        empty_label=gettext_lazy("For the group, not one date"),
    )  # fmt: skip
    needed_by_on = DayField(
        label=gettext_lazy("Needed by"),
        error_messages={"required": gettext_lazy("Choose the day by which you have to know.")},
    )
    amount = forms.DecimalField(
        label=gettext_lazy("Amount"), required=False, min_value=Decimal(1), max_value=Decimal(1_000_000),
        decimal_places=2, help_text=gettext_lazy("Leave it open when somebody should bring the thing itself."),
    )  # fmt: skip
    currency = forms.CharField(
        label=gettext_lazy("Currency"), required=False, max_length=3,
        widget=forms.TextInput(attrs={"list": "currencies", "autocomplete": "off", "spellcheck": "false", "size": "4"}),
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("More about it"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What it is for, and what a sponsor can expect: a thank-you on the page, a few words."),
    )  # fmt: skip

    def __init__(self, *args: Any, group: Group, events: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["event"].queryset = events  # type: ignore[attr-defined]
        country = group.place.country_code if group.place else ""
        self.fields["currency"].initial = money.currency_of(country, today)

    def clean_currency(self) -> str:
        code = str(self.cleaned_data["currency"]).strip().upper()
        if code and code not in money.currencies():
            raise ValidationError(_("“%(code)s” is no currency. Write its three letters: EUR."), params={"code": code})
        return code

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if answers.get("amount") and not answers.get("currency") and "currency" not in self.errors:
            self.add_error("currency", _("Say in which currency."))
        return answers

    def answers(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "key"}


class CloseNeedForm(forms.Form):
    """Why something is no longer needed."""

    reason = forms.CharField(
        label=gettext_lazy("Why is it no longer needed?"),
        max_length=300,
        help_text=gettext_lazy("A sponsor who promised it may read this."),
        error_messages={"required": gettext_lazy("Say why, in a sentence people can read.")},
    )
