"""What is asked about work that is added by hand."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.models import Grant
from dashboard.services.grants import Proposal
from meetups.forms.clocks import DayField
from meetups.forms.communities import OpenAddressField
from portal.members.fields import CleanCharField
from portal.members.models import Member


class PersonField(CleanCharField):
    """Somebody who may be named: by handle, or by the address of their page here. Cleans to a member or None."""

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value) or "").strip()
        if not text:
            return None
        found = _shown(text)
        if not found:
            raise ValidationError(_("Nobody here is called that. Copy the address of their page from your browser."))
        if len(found) > 1:
            raise ValidationError(_("Several people are called that. Copy the address of the right one's page."))
        return found[0]


def _shown(text: str) -> list[Member]:
    """Who is meant, at most two; people who are named nowhere are not found."""
    people = Member.objects.people().exclude(visibility=Member.Visibility.HIDDEN)
    _before, is_page, after = text.partition("/people/")
    rows = people.filter(public_id=after.partition("/")[0]) if is_page else people.filter(handle=text.lstrip("@"))
    return list(rows.order_by("pk")[:2])


class GrantForm(forms.Form):
    """`website` is a trap that people do not see."""

    work = forms.ChoiceField(
        label=gettext_lazy("What is it?"),
        choices=[("", gettext_lazy("Choose one")), *Grant.Work.choices],
        error_messages={"required": gettext_lazy("Choose what it is.")},
    )
    title = CleanCharField(
        label=gettext_lazy("What is it called?"), max_length=200, min_length=3,
        help_text=gettext_lazy("The title of the article or talk; of a role the name of the team."),
        error_messages={
            "required": gettext_lazy("Write what it is called."),
            "min_length": gettext_lazy("Write all of its title: this is too short to know it by."),
        },
    )  # fmt: skip
    url = OpenAddressField(
        label=gettext_lazy("Where can it be seen?"),
        help_text=gettext_lazy("A page that everybody can open, beginning with https://."),
        error_messages={"required": gettext_lazy("Copy the address of a page that shows it.")},
    )
    done_on = DayField(
        label=gettext_lazy("When was it done?"),
        help_text=gettext_lazy("The day it was published or held; for a role any day of the month."),
        error_messages={"required": gettext_lazy("Choose the day.")},
    )
    person = PersonField(
        label=gettext_lazy("Who did it?"), required=False, max_length=300,
        help_text=gettext_lazy("Leave it empty if it was you. Otherwise their handle, or the address of their page."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    website = forms.CharField(
        required=False,
        label=gettext_lazy("Leave this empty"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(_("A field that people do not see was filled in, by a program perhaps."))
        return ""

    def proposal(self) -> Proposal:
        answers = self.cleaned_data
        return Proposal(answers["work"], answers["title"], answers["url"], answers["done_on"], answers["person"])
