"""What the team says when it moves an application: one form per target state."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetups.criteria import CRITERIA
from meetups.forms.clocks import DayField
from meetups.models import Application, Group
from meetups.services.applications import Words

State = Application.State


def _public(label: Any, *, required: bool) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6, "cols": 80}),
        help_text=gettext_lazy("The organisers read this in their mail and on the page of the application."),
    )


class MoveForm(forms.Form):
    """A move that needs nothing but an optional note for the team."""

    private_note = forms.CharField(
        label=gettext_lazy("Note for the team"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        help_text=gettext_lazy("Never shown to the organisers."),
    )

    def words(self) -> Words:
        known = {name: value for name, value in self.cleaned_data.items() if name in Words.__dataclass_fields__}
        return Words(**known)


class ApproveForm(MoveForm):
    public_note = _public(gettext_lazy("A few words to the organisers"), required=False)


class ChangesForm(MoveForm):
    criteria = forms.MultipleChoiceField(
        label=gettext_lazy("About which criteria?"),
        choices=[(key, titles[0]) for key, titles in CRITERIA.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    public_note = _public(gettext_lazy("What do you ask for?"), required=True)


class HoldForm(MoveForm):
    private_note = forms.CharField(
        label=gettext_lazy("Why does it wait?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        help_text=gettext_lazy("For the team only."),
    )
    review_by_on = DayField(label=gettext_lazy("Look at it again on"))

    def clean_review_by_on(self) -> Any:
        day = self.cleaned_data["review_by_on"]
        if day <= timezone.localdate():
            raise ValidationError(_("Choose a day that is still to come."))
        return day


class DeclineForm(MoveForm):
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=Application.Decline.choices)
    public_note = _public(gettext_lazy("What do you tell the organisers, and what would change it?"), required=True)


class RedirectForm(MoveForm):
    target = forms.CharField(
        label=gettext_lazy("Which group?"),
        max_length=500,
        help_text=gettext_lazy("The address of its page, or its last part."),
    )
    public_note = _public(gettext_lazy("A few words to the organisers"), required=False)

    def clean_target(self) -> Group:
        slug = urlsplit(self.cleaned_data["target"].strip()).path.strip("/").rpartition("/")[2]
        group = Group.objects.listed().filter(slug=slug).first()
        if group is None:
            raise ValidationError(_("We know no group “%(slug)s”."), params={"slug": slug})
        return group


FORMS: dict[str, type[MoveForm]] = {
    State.APPROVED: ApproveForm,
    State.CHANGES_REQUESTED: ChangesForm,
    State.ON_HOLD: HoldForm,
    State.DECLINED: DeclineForm,
    State.REDIRECTED: RedirectForm,
}


def move_form(to: str) -> type[MoveForm]:
    """The form that asks for what this move needs."""
    return FORMS.get(to, MoveForm)
