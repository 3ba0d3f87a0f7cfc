"""What somebody would do at a place."""

from django import forms
from django.utils.translation import gettext_lazy as _

from meetups.models import Interest

I_WOULD = [
    (Interest.Kind.JOIN, _("I would join")),
    (Interest.Kind.ORGANISE, _("I would co-organise")),
    (Interest.Kind.HOST, _("I would host, I know a room")),
    (Interest.Kind.SPEAK, _("I would speak")),
    (Interest.Kind.SPONSOR, _("I would sponsor")),
]


class InterestForm(forms.Form):
    """Tick what fits; ticking nothing is a slip, not a wish."""

    kinds = forms.MultipleChoiceField(
        label=_("What would you do here?"), choices=I_WOULD, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one thing you would do.")},
    )  # fmt: skip
    wants_introduction = forms.BooleanField(
        label=_("Introduce me to the others"), required=False,
        help_text=_("Others who said something here, and are signed in, then see your name. Nobody else does."),
    )  # fmt: skip
