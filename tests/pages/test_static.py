"""Names of collected files."""

from pathlib import Path

from django.core.files.base import ContentFile

from portal.pages.static import HashedStorage


def test_collected_file_is_named_by_its_content(tmp_path: Path, settings) -> None:
    settings.DEBUG = False
    storage = HashedStorage(location=tmp_path, base_url="/static/")
    storage.save("a.css", ContentFile(b"a{}"))
    assert storage.url("a.css").startswith("/static/a.") is True
    assert storage.url("a.css") != "/static/a.css"


def test_file_nobody_collected_keeps_its_name(tmp_path: Path, settings) -> None:
    settings.DEBUG = False
    assert HashedStorage(location=tmp_path, base_url="/static/").url("gone.css") == "/static/gone.css"
