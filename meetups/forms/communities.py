"""What is asked about a community elsewhere, and what organisers say about their group."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetups.forms.addresses import WebAddressField
from meetups.languages import language_choices
from meetups.links import origin
from meetups.models import Group
from meetups.services.communities import Answers
from portal.places.forms import PlaceField

lazy_languages = lazy(language_choices, list)


class OpenAddressField(WebAddressField):
    """An https address on the usual port, without a user name: what a reader may safely be sent to."""

    def clean(self, value: Any) -> str:
        url = str(super().clean(value) or "")
        if not url:
            return url
        scheme, host, port = origin(url)
        if scheme != "https":
            raise ValidationError(_("The address has to begin with https://, so that nobody reads along."))
        if port != 443 or "@" in url.partition("//")[2].partition("/")[0] or "." not in host:
            raise ValidationError(_("This does not look like the address of a page that everybody can open."))
        return url


class SuggestForm(forms.Form):
    """A community to list. `website` is a trap that people do not see."""

    name = forms.CharField(
        label=gettext_lazy("What is it called?"), max_length=120, min_length=3,
        error_messages={"required": gettext_lazy("Type its name as people know it.")},
    )  # fmt: skip
    platform = forms.ChoiceField(
        label=gettext_lazy("Where does it live?"),
        choices=[("", gettext_lazy("Choose one")), *Group.Platform.choices],
        error_messages={"required": gettext_lazy("Choose where it lives.")},
    )
    url = OpenAddressField(
        label=gettext_lazy("Its address"),
        help_text=gettext_lazy("The page where people join or read, beginning with https://."),
        error_messages={"required": gettext_lazy("Copy its address from your browser.")},
    )
    place = PlaceField(
        label=gettext_lazy("Which town?"), required=False,
        help_text=gettext_lazy("The town it meets in, or the nearest bigger one. Leave it open if it has none."),
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Which languages are spoken?"), choices=lazy_languages, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("Anything the team should know?"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For the team only: how you know it, whether it is active."),
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

    def answers(self) -> Answers:
        values = {name: value for name, value in self.cleaned_data.items() if name != "website"}
        return Answers(**values)


class DescribeForm(forms.Form):
    """What the organisers of any group say about it."""

    about = forms.CharField(
        label=gettext_lazy("What is the group about?"), max_length=5000, required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Two or three sentences for somebody who never heard of it. Markdown works."),
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Which languages do you speak?"), choices=lazy_languages, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip


class ElsewhereForm(DescribeForm):
    """Who claimed a community elsewhere also keeps its name and address."""

    name = forms.CharField(label=gettext_lazy("What is it called?"), max_length=120, min_length=3)
    platform = forms.ChoiceField(label=gettext_lazy("Where does it live?"), choices=Group.Platform.choices)
    external_url = OpenAddressField(
        label=gettext_lazy("Its address"), help_text=gettext_lazy("We look at a new address at once.")
    )
    field_order = ["name", "platform", "external_url", "about", "languages"]


class ClaimForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("How can we see that it is yours?"), max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Such as: “I am the admin of the group, my name stands there.”"),
        error_messages={"required": gettext_lazy("Tell the team how it can see that you run it.")},
    )  # fmt: skip
