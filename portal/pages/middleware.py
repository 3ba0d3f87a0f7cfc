"""What every request must be, and the headers every answer carries."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from portal.pages import errors

Answer = Callable[[HttpRequest], HttpResponse]

_OFF = (
    *(
        "accelerometer",
        "autoplay",
        "camera",
        "display-capture",
        "encrypted-media",
        "fullscreen",
        "gyroscope",
    ),
    *("hid", "idle-detection", "magnetometer", "microphone", "midi", "payment", "picture-in-picture"),
    *("screen-wake-lock", "serial", "usb", "xr-spatial-tracking"),
)
_PERMISSIONS = ", ".join(f"{feature}=()" for feature in _OFF)
#: Our own pages may ask for a position (on click, "near me") and use passkeys; nobody else may.
PERMISSIONS_POLICY = (
    f"{_PERMISSIONS}, geolocation=(self), publickey-credentials-get=(self), publickey-credentials-create=(self)"
)


class SecurityHeadersMiddleware:
    """Permissions-Policy and Cross-Origin-Resource-Policy; private pages are never stored."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        user = getattr(request, "user", None)
        # `_wrapped` is only filled when the view looked at the user: do not open a session just for this header.
        if user is not None and "_cached_user" in request.__dict__ and user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


#: PostgreSQL keeps neither NUL nor half of a surrogate pair in a text, so no query may ask for one.
_UNREADABLE = re.compile("[\x00\ud800-\udfff]")


class ReadableAddressMiddleware:
    """400 for a path, question or cookie with signs that no text of ours can hold; what is posted the forms look at."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = (text for key, values in request.GET.lists() for text in (key, *values))
        if any(_UNREADABLE.search(text) for text in (request.path_info, *asked, *request.COOKIES.values())):
            return errors.bad_request(request)
        return self.get_response(request)
