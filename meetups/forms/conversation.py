"""A line of the conversation about an application."""

from django import forms
from django.utils.translation import gettext_lazy as _


class LineForm(forms.Form):
    text = forms.CharField(
        label=_("Write to the team"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write something first.")},
        help_text=_("The team and your co-organisers read it, and get it by mail. Nobody else does."),
    )
