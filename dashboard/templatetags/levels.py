"""Levels as badges, and the way from an organisation's number to its people."""

from typing import Any, Final

from django import template
from django.urls import reverse

from dashboard import words
from dashboard.scope import Scope

register = template.Library()

#: The shape that goes with a level's word.
_SHAPES: Final = {"core": "new", "contributor": "good", "contributing": "good"}


@register.inclusion_tag("components/badge.html")
def level_badge(key: str) -> dict[str, Any]:
    """A person's level by shape and word."""
    return {"state": _SHAPES.get(key, "off"), "text": words.level(key)}


@register.inclusion_tag("components/badge.html")
def organisation_level_badge(key: str) -> dict[str, Any]:
    """An organisation's level by shape and word."""
    return {"state": _SHAPES.get(key, "off"), "text": words.organisation_level(key)}


@register.simple_tag
def people_of_organisation(scope: Scope, slug: str) -> str:
    """The address of the people behind an organisation's number."""
    return reverse("dashboard:people") + scope.but(organisation=slug).address(people="active")
