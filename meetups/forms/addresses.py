"""Fields for what a form is told but nobody reads twice: web addresses, and the key that makes a form count once."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from meetups.links import origin

__all__ = ["INVALID", "OnceField", "WebAddressField", "origin"]

INVALID = _("This is no web address. It looks like https://example.org/page.")


class WebAddressField(forms.URLField):
    """An address that a browser opens: http or https, nothing else."""

    default_validators = [URLValidator(schemes=["http", "https"], message=INVALID)]
    default_error_messages = {"invalid": INVALID}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(assume_scheme="https", max_length=500, **kwargs)


class OnceField(forms.UUIDField):
    """A hidden key, new for each form that is drawn: sent twice, it makes one thing. A broken one counts as none."""

    def __init__(self) -> None:
        super().__init__(required=False, initial=uuid.uuid4, widget=forms.HiddenInput)

    def clean(self, value: Any) -> uuid.UUID | None:
        try:
            return super().clean(value) or None
        except ValidationError:
            return None
