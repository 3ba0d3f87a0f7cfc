"""Forms about people."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SignupForm(forms.Form):
    """What sign-up asks beside e-mail and password."""

    name = forms.CharField(label=_("Your name"), max_length=120, help_text=_("Shown to others; you can change or hide it."))

    def signup(self, request: object, user: object) -> None:
        """allauth calls this after it made the account."""
