"""Files that are drawn on demand (covers, mark, the community's colours) and the style guide."""

import base64
import hashlib
import re
from functools import lru_cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.cache import patch_response_headers
from django.views.decorators.http import condition, require_safe

from portal.ui import covers, styleguide

KINDS = {"group", "organisation", "event"}
YEAR = 31_536_000
#: What is allowed in community.css: hex, rgb() and names; nothing that could close the rule.
COLOUR = re.compile(r"[#a-zA-Z0-9(),.% /-]{1,60}")

#: The brand's own colour on sparks, the mark and date tiles; darker (in dark mode lighter) for links and buttons.
BRAND_RULES = (
    "--brand:BRAND;--mark:BRAND;--tile-head:color-mix(in oklab,BRAND,black 20%);"
    "--deep:light-dark(color-mix(in oklab,BRAND,black 25%),color-mix(in oklab,BRAND,white 55%));"
    "--btn:light-dark(color-mix(in oklab,BRAND,black 25%),color-mix(in oklab,BRAND,white 55%));"
    "--btn-hover:light-dark(color-mix(in oklab,BRAND,black 35%),color-mix(in oklab,BRAND,white 65%));"
)


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _drawn(body: str, content_type: str, policy: str, max_age: int) -> HttpResponse:
    response = HttpResponse(body, content_type=content_type)
    response["Cache-Control"] = f"public, max-age={max_age}" + (", immutable" if max_age == YEAR else "")
    response["Content-Security-Policy"] = policy
    response["X-Content-Type-Options"] = "nosniff"
    return response


@lru_cache(maxsize=512)
def _cover(kind: str, seed: str) -> str:
    return covers.cover_svg(seed, kind)


def _cover_etag(request: HttpRequest, kind: str, seed: str) -> str:
    return f'"{hashlib.sha256(f"{covers.VERSION}:{kind}:{seed}".encode()).hexdigest()[:20]}"'


@login_not_required
@require_safe
@condition(etag_func=_cover_etag)
def cover(request: HttpRequest, kind: str, seed: str) -> HttpResponse:
    """A cover as an SVG file, cached for a year: its address carries the version of the drawing."""
    if kind not in KINDS:
        raise Http404
    palette, _pattern = covers.choose(seed, kind)
    policy = f"default-src 'none'; style-src {_hash(covers.stylesheet(palette))}; sandbox"
    return _drawn(_cover(kind, seed), "image/svg+xml", policy, YEAR)


@login_not_required
@require_safe
def mark(request: HttpRequest) -> HttpResponse:
    """The community's mark as a favicon."""
    body = render_to_string("components/mark_file.svg", {"initial": settings.COMMUNITY.name[:1].upper()})
    return _drawn(body, "image/svg+xml", "default-src 'none'; sandbox", 86_400)


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """What a phone needs to keep the site on its first screen."""
    icons = [
        {"src": static(f"icons/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size, purpose in ((192, "any"), (512, "any"), (512, "maskable"))
    ]
    response = JsonResponse(
        {
            "name": settings.COMMUNITY.name,
            "short_name": settings.COMMUNITY.name.partition(" ")[0],
            "description": settings.COMMUNITY.description,
            "start_url": "/",
            "display": "minimal-ui",
            "background_color": "#FAF6EE",
            "theme_color": "#FAF6EE",
            "icons": icons,
        },
        content_type="application/manifest+json",
    )
    response["Cache-Control"] = "public, max-age=86400"
    return response


@login_not_required
@require_safe
def community_css(request: HttpRequest) -> HttpResponse:
    """The community's own colours over the tokens, where they are set."""
    brand, accent = settings.COMMUNITY.colour_brand, settings.COMMUNITY.colour_accent
    rules = BRAND_RULES.replace("BRAND", brand) if brand and COLOUR.fullmatch(brand) else ""
    rules += f"--amber:{accent};" if accent and COLOUR.fullmatch(accent) else ""
    response = _drawn(f"@layer tokens{{:root{{{rules}}}}}", "text/css", "default-src 'none'", 3600)
    patch_response_headers(response, 3600)
    return response


@login_not_required
@require_safe
def style_guide(request: HttpRequest) -> HttpResponse:
    """Every component in every state, on invented data; only while developing."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "styleguide/index.html", styleguide.context())
