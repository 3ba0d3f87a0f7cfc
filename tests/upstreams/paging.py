"""Pages and Link headers as GitHub makes them."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from tests.upstreams.server import Request


def number(text: str | None, default: int, most: int) -> int:
    return min(max(int(text), 1), most) if text and text.isdigit() else default


def page_of(request: Request, items: Sequence[Any], *, default: int = 30) -> tuple[list[Any], str]:
    """The asked page and the Link header that leads on from it, "" when there is but one page."""
    size = number(request.query.get("per_page"), default, 100)
    page = number(request.query.get("page"), 1, 10**6)
    last = max((len(items) + size - 1) // size, 1)
    links = []
    if page < last:
        links = [_link(request, page + 1, "next"), _link(request, last, "last")]
    if page > 1:
        links = [_link(request, page - 1, "prev"), *links, _link(request, 1, "first")]
    return list(items[(page - 1) * size : page * size]), ", ".join(links)


def _link(request: Request, page: int, rel: str) -> str:
    query = urlencode({**request.query, "page": str(page)})
    return f'<{request.base}{request.path}?{query}>; rel="{rel}"'
