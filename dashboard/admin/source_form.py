"""The form of a source: one field for each thing its service has to know."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from dashboard import importers
from dashboard.models import Source
from dashboard.services import sources

_PREFIX = "option_"


def option_fields(service: str) -> dict[str, str]:
    """Name of the form's field -> name of the option."""
    info = importers.SERVICES.get(service)
    return {f"{_PREFIX}{name}": name for name in info.options} if info else {}


def form_for(service: str, source: Source | None) -> type["SourceForm"]:
    """The form of one service, for a new source or one that is there."""
    info = importers.SERVICES.get(service)
    fields: dict[str, Any] = {}
    for field, name in option_fields(service).items():
        option = info.options[name]  # type: ignore[union-attr]
        fields[field] = forms.CharField(
            label=name.replace("_", " ").capitalize(),
            help_text=option.help,
            widget=AdminTextInputWidget,
            required=option.is_required,
            max_length=500,
            error_messages={"required": f"{info.label} needs the option “{name}”: {option.help}."},  # type: ignore[union-attr]
        )
    if source is None:
        fields["service"] = forms.CharField(widget=forms.HiddenInput, initial=service)
        fields["base_url"] = forms.CharField(
            label=_("Address"),
            required=False,
            widget=AdminTextInputWidget,
            help_text=sources.default_address(service)
            and _("Empty: %(address)s") % {"address": sources.default_address(service)},
        )
    return type("ServiceForm", (SourceForm,), {**fields, "chosen": service})


class SourceForm(forms.ModelForm):
    """Checks what `add_source` checks."""

    chosen = ""

    class Meta:
        model = Source
        fields = ("name", "base_url", "is_enabled")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        info = importers.SERVICES.get(self.chosen)
        for field, name in option_fields(self.chosen).items():
            if field in self.fields:
                self.fields[field].initial = self.instance.options.get(name, "")
        self.instance.service = self.instance.service or self.chosen
        if self.instance.pk is None and info is not None and "is_enabled" in self.fields:
            self.fields["is_enabled"].initial = info.starts_enabled
            self.fields["name"].initial = self.chosen

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.instance.is_demo or self.errors:
            return cleaned
        is_there = self.instance.pk is not None
        given: Mapping[str, Any] = vars(self.instance) if is_there else cleaned
        address = (given.get("base_url") or sources.default_address(self.chosen)).rstrip("/")
        options = {
            name: text
            for field, name in option_fields(self.chosen).items()
            if (text := str(cleaned.get(field) or "").strip())
        }
        try:
            sources.check(
                service=self.chosen, name=given.get("name", ""), base_url=address, options=options, is_there=is_there
            )
        except ValidationError as problem:
            self._show(problem)
        self.instance.service, self.instance.options = self.chosen, options
        return {**cleaned, **({} if is_there else {"base_url": address, "service": self.chosen})}

    def _show(self, problem: ValidationError) -> None:
        """Each sentence at its field, or above the form where it is about none of them."""
        for name, errors in problem.error_dict.items():
            field = f"{_PREFIX}{name}" if f"{_PREFIX}{name}" in self.fields else name
            self.add_error(field if field in self.fields else None, errors)
