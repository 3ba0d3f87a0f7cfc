"""Forms about people."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.members.fields import CleanCharField
from portal.members.models import User
from portal.members.services import member_of


class SignupForm(forms.Form):
    """What sign-up asks beside e-mail and password; allauth's own sign-up forms are built on it."""

    name = CleanCharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("Shown to others; you can change or hide it."),
    )

    def signup(self, request: HttpRequest, user: User) -> None:
        """allauth calls this after it made the account: the person gets their member, under the name they gave."""
        name = self.cleaned_data["name"]
        member = member_of(user, name=name)
        if member.name != name:
            member.name = name
            member.save(update_fields=["name"])
