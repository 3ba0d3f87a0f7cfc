"""How forms are rendered."""

from django.forms.renderers import TemplatesSetting


class PortalRenderer(TemplatesSetting):
    """Django's forms with the portal's field template."""
