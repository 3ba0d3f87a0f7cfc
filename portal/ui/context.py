"""What every template knows about the community."""

from django.conf import settings
from django.http import HttpRequest


def community(request: HttpRequest) -> dict[str, object]:
    """`community`: the settings block."""
    return {"community": settings.COMMUNITY}
