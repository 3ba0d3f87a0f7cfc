"""Form fields about people."""

from typing import Any

from django import forms

from portal.members.names import clean_name


class CleanCharField(forms.CharField):
    """A name on one line: control characters, zero-width and direction marks are left out before anything is checked.

    What is left blank by that is refused when the field is required.
    """

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        if self.max_length is not None:
            text = text[: 4 * self.max_length]  # still too long to pass, and quick to clean
        return clean_name(text)
