"""Template context that every page has, whatever app it belongs to."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def community(request: HttpRequest) -> dict[str, Any]:
    """Who the portal belongs to: name, words, links (portal.community)."""
    return {"community": settings.COMMUNITY}
