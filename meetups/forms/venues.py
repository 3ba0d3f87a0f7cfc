"""What a host answers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

ANSWERS = [("yes", _("Yes, the group may meet here")), ("no", _("No")), ("unknown", _("I do not know these people"))]


class HostForm(forms.Form):
    """Yes, no, or "who are you?", with a few words."""

    note = forms.CharField(
        label=_("A few words to the organisers"),
        required=False,
        max_length=900,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Such as hours, keys, how many people fit in. The organisers and the team read it, nobody else."),
    )
    answer = forms.ChoiceField(
        choices=ANSWERS,
        widget=forms.HiddenInput,
        error_messages={
            "required": _("Choose one of the answers below."),
            "invalid_choice": _("Choose one of the answers below."),
        },
    )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        for problem in self.errors.pop("answer", []):
            self.add_error(None, problem)
        return answers
