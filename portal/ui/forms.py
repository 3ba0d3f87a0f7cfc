"""How Django forms are drawn: one renderer, so that every field of every app looks and reads the same."""

from django import forms
from django.forms.renderers import TemplatesSetting


class PortalRenderer(TemplatesSetting):
    """Labels, hints, controls and errors by the project's own templates; widgets stay Django's."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"


def control_kind(widget: forms.Widget) -> str:
    """How a field lays out its control: one box, tiles to choose from, a row of boxes, or a box to fill in."""
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checks"
    if isinstance(widget, forms.RadioSelect):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "box"
