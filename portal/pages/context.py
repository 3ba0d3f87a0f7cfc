"""What every page says about this installation."""

from django.conf import settings
from django.http import HttpRequest

from portal.pages.services import is_demo


def site(request: HttpRequest) -> dict[str, object]:
    """`is_demo`, `site_url` and `admin_path`."""
    return {"is_demo": is_demo(), "site_url": settings.SITE_URL, "admin_path": f"/{settings.ADMIN_PATH}"}
