"""How static files are named when they are collected."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Names with a content hash, so that browsers may keep them for ever.

    A page that names a file nobody collected still answers: the file is missing then, not the page.
    """

    manifest_strict = False
    #: Modules name each other by their hashed names too, or a browser would keep an old part of a new script.
    support_js_module_import_aggregation = True

    def hashed_name(self, name: str, content: object = None, filename: str | None = None) -> str:
        try:
            return str(super().hashed_name(name, content, filename))
        except ValueError:
            return name
