"""Asking for a seat where an application was sent on to."""

from django import forms
from django.utils.translation import gettext_lazy as _

from meetups.services.seat_offers import LONGEST_NOTE


class SeatForm(forms.Form):
    note = forms.CharField(
        label=_("A few words to them"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "They read these words and your name. When they say yes, they see your e-mail address too, and you are "
            "asked once more."
        ),
    )
