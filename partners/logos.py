"""A logo becomes a small picture of our own: looked at, decoded, drawn anew. No file is kept as it came."""

from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST_FILE = 2 * 1024 * 1024
LARGEST_SIDE = 4096
SMALLEST_SIDE = 48
SIZE = (480, 240)
LARGEST_RESULT = 120_000
FORMATS = ("PNG", "JPEG", "WEBP")


class LogoRefused(ValueError):
    """The sentence says what is wrong and what to do."""


def clean_logo(data: bytes) -> bytes:
    """A WebP of at most 480 × 240 points from a PNG, JPEG or WebP; raises LogoRefused."""
    if len(data) > LARGEST_FILE:
        raise LogoRefused(_("This file is larger than 2 MB. Save a smaller one."))
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as picture:
            # The size is read from the head of the file, before a single point is decoded.
            if max(picture.size) > LARGEST_SIDE:
                raise LogoRefused(_("This picture is larger than 4096 points on a side. Save a smaller one."))
            if min(picture.size) < SMALLEST_SIDE:
                raise LogoRefused(_("This picture is smaller than 48 points on a side. Send a larger one."))
            return _drawn(picture)
    except LogoRefused:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise LogoRefused(_("This is no picture we can read. Send a PNG, JPEG or WebP.")) from error


def _drawn(picture: Image.Image) -> bytes:
    upright = ImageOps.exif_transpose(picture).convert("RGBA")
    upright.thumbnail(SIZE)
    # A new picture with the points alone: notes, places and profiles of the file stay behind.
    clean = Image.new("RGBA", upright.size)
    clean.paste(upright)
    for quality in (90, 70, 40):
        out = BytesIO()
        clean.save(out, format="WEBP", quality=quality, method=4)
        if out.tell() <= LARGEST_RESULT:
            return out.getvalue()
    raise LogoRefused(_("This picture has too many details for a logo. Send a simpler one."))
