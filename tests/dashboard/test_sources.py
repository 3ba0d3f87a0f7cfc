"""Registering sources, and the commands that do and use it."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from dashboard.models import ImportRun, Source
from dashboard.services import runs, sources
from portal.clients.errors import AuthError, PermanentError
from tests.dashboard.factories import SourceFactory
from tests.dashboard.fake_importer import FakeImporter
from tests.dashboard.test_runs import raise_at, two_streams

pytestmark = pytest.mark.django_db


def problems(**values):
    SourceFactory(name="twin_source")
    given = {"service": "github", "name": "code", "options": {"org": "example"}, **values}
    with pytest.raises(ValidationError) as caught:
        sources.add_source(**given)
    assert not Source.objects.filter(name=given["name"]).exists()
    return caught.value.messages


def test_add_source_takes_the_usual_address():
    source = sources.add_source(service="github", name="code", options={"org": " example "})
    assert (source.base_url, source.options) == ("https://api.github.com", {"org": "example"})


def test_add_source_forum_is_the_communitys_own(settings):
    source = sources.add_source(service="discourse", name="forum")
    assert source.base_url == settings.COMMUNITY.links["forum"]


@pytest.mark.parametrize(
    ("values", "part"),
    [
        ({"service": "gitlab"}, "no service “gitlab”"),
        ({"service": "reddit", "options": {}}, "needs the option “subreddit”"),
        ({"service": "portal", "options": {}}, "need no source"),
        ({"options": {}}, "needs the option “org”"),
        ({"options": {"org": "x", "team": "y"}}, "no option “team”"),
        ({"name": "two words"}, "“two words” is no name"),
        ({"name": "x" * 41}, "longer than 40"),
        ({"base_url": "ftp://example.org"}, "no web address"),
        ({"name": "twin-source"}, "read the token of “twin_source”"),
        ({"base_url": "example.org"}, "no web address"),
        ({"base_url": "https://user:secret@example.org"}, "password"),
    ],
)
def test_add_source_says_what_is_wrong(values, part):
    (message,) = problems(**values)
    assert part in message


def test_reddit_starts_switched_off_and_runs_when_it_is_switched_on():
    out = StringIO()
    call_command("add_source", "reddit", name="sub", option=["subreddit=acme"], stdout=out)
    assert "Responsible Builder Policy" in out.getvalue()
    assert Source.objects.get(name="sub").is_enabled is False
    with pytest.raises(CommandError, match="is switched off"):
        call_command("import_activity", source="sub")
    Source.objects.update(is_enabled=True)
    source = Source.objects.get(name="sub")
    run = runs.run_import(runs.ask_for_run(source=source), now=timezone.now())
    assert (run.state, "as id:secret" in run.error) == ("failed", True)


def test_stack_exchange_is_due_a_day_after_its_last_good_import():
    source = sources.add_source(service="stackexchange", name="so", options={"site": "stackoverflow", "tag": "acme"})
    run = runs.ask_for_run(source=source)
    begun = timezone.now()
    ImportRun.objects.update(state="done", finished_at=begun)
    assert runs.queue_imports(now=begun + timedelta(hours=2)) == 0
    assert runs.queue_imports(now=begun + timedelta(hours=24)) == 1
    ImportRun.objects.exclude(pk=run.pk).delete()
    ImportRun.objects.update(state="failed")
    assert runs.queue_imports(now=begun + timedelta(hours=2)) == 1


def test_add_source_again_is_the_same_one_and_other_values_are_refused():
    first = sources.add_source(service="github", name="code", options={"org": "example"})
    assert sources.add_source(service="github", name="code", options={"org": "example"}) == first
    with pytest.raises(ValidationError):
        sources.add_source(service="github", name="code", options={"org": "other"})
    assert Source.objects.get().options == {"org": "example"}


def test_config_reads_the_token_from_the_environment_or_a_file(monkeypatch, tmp_path, settings):
    settings.ALLOWED_PRIVATE_HOSTS = ("127.0.0.1:9",)
    source = SourceFactory(name="my-forum")
    assert (sources.config_for(source).token, sources.has_token(source)) == ("", False)
    file = tmp_path / "token"
    file.write_text("from a file\n")
    monkeypatch.setenv("SOURCE_MY_FORUM_TOKEN_FILE", str(file))
    assert (sources.config_for(source).token, sources.has_token(source)) == ("from a file", True)
    monkeypatch.setenv("SOURCE_MY_FORUM_TOKEN", "direct")
    config = sources.config_for(source)
    assert (config.token, config.allowed_private_hosts) == ("direct", ("127.0.0.1:9",))


@pytest.mark.parametrize(
    ("service", "address", "options", "site"),
    [
        ("github", "https://api.github.com", {}, "github.com"),
        ("github", "https://git.example.org/api/v3", {}, "git.example.org"),
        ("discourse", "http://127.0.0.1:8080/forum", {}, "127.0.0.1:8080"),
        ("reddit", "https://oauth.reddit.com", {}, "reddit.com"),
        ("stackexchange", "https://api.stackexchange.com/2.3", {"site": "stackoverflow"}, "stackoverflow"),
    ],
)
def test_site_of_a_source_is_where_its_people_are(service, address, options, site):
    assert sources.site_of(Source(service=service, base_url=address, options=options)) == site


def run_command(*arguments, **options):
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=out, **options)
    return out.getvalue()


def test_add_source_command_twice_says_so():
    arguments = ("add_source", "github", "--name", "code", "--option", "org=example")
    assert "Added source “code”" in run_command(*arguments)
    assert run_command(*arguments) == "Source “code” is there already: nothing changed.\n"
    with pytest.raises(CommandError, match="needs the option"):
        run_command("add_source", "github", "--name", "other")
    with pytest.raises(CommandError, match="key=value"):
        run_command("add_source", "github", "--name", "other", "--option", "org")


@pytest.fixture
def importer(monkeypatch):
    fake = FakeImporter(two_streams())
    monkeypatch.setattr(runs.importers, "create", fake)
    return fake


@pytest.mark.usefixtures("weights")
def test_import_activity_ends_with_one_line_that_counts(importer):
    SourceFactory(name="code")
    first, second = run_command("import_activity"), run_command("import_activity", "--source", "code")
    assert first.splitlines()[-1] == "Imported “code”: 10 new, 0 updated, 0 skipped, 0 rejected."
    assert second.splitlines()[-1] == "Imported “code”: 0 new, 0 updated, 10 skipped, 0 rejected."


@pytest.mark.usefixtures("weights")
@pytest.mark.parametrize(
    ("error", "counted"),
    [(AuthError("The token is refused.", status=401), "0 new"), (PermanentError("Gone.", status=410), "5 new")],
)
def test_import_activity_failure_is_no_success(importer, error, counted):
    SourceFactory(name="code")
    importer.before_page = raise_at(("1", "issues", 0), error)
    out = StringIO()
    with pytest.raises(SystemExit) as caught:
        call_command("import_activity", stdout=out, stderr=out)
    assert caught.value.code == 1
    assert error.sentence in out.getvalue()
    assert counted in out.getvalue().splitlines()[-1]


@pytest.mark.usefixtures("weights")
def test_import_activity_stopped_by_hand_says_how_to_go_on_and_does(importer):
    SourceFactory(name="code")
    importer.before_page = raise_at(("1", "issues", 1), KeyboardInterrupt())
    with pytest.raises(CommandError, match="start the command again") as caught:
        run_command("import_activity")
    assert caught.value.returncode == 130
    importer.before_page = lambda *at: None
    assert run_command("import_activity").splitlines()[-1].startswith("Imported “code”: 10 new, ") is True


def test_import_activity_without_a_source_says_how_to_add_one():
    with pytest.raises(CommandError, match="add_source"):
        run_command("import_activity")
    SourceFactory(name="off", is_enabled=False)
    with pytest.raises(CommandError, match="switched off"):
        run_command("import_activity", "--source", "off")
    with pytest.raises(CommandError, match="known: off"):
        run_command("import_activity", "--source", "other")
    assert not ImportRun.objects.exists()
