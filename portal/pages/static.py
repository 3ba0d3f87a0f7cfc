"""How static files are named when they are collected."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Names with a content hash, so that browsers may keep them; a page whose file was not collected still answers."""

    manifest_strict = False
