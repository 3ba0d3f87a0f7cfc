"""Which services there are, what they need, and what is said when a source cannot be imported."""

import ast
from pathlib import Path

import pytest

import dashboard.importers
from dashboard.importers import SERVICES, InvalidSource, check_options, create
from dashboard.importers.discourse import DiscourseImporter
from dashboard.importers.github import GitHubImporter
from dashboard.importers.reddit import RedditImporter
from dashboard.importers.slack import SlackImporter
from dashboard.importers.stackexchange import StackExchangeImporter
from tests.dashboard.importers.factories import config


def test_every_service_has_its_own_colour() -> None:
    assert {service: info.series for service, info in SERVICES.items()} == {
        "github": 1,
        "slack": 2,
        "discourse": 3,
        "portal": 4,
        "reddit": 5,
        "stackexchange": 6,
    }


@pytest.mark.parametrize(
    ("service", "options", "sentence"),
    [
        (
            "gitlab",
            {},
            "There is no service “gitlab”: choose one of github, slack, discourse, reddit, stackexchange.",
        ),
        (
            "github",
            {},
            "GitHub needs the option “org”: login of the organisation (or person) whose repositories are imported.",
        ),
        ("github", {"org": "acme", "tag": "x"}, "GitHub has no option “tag”: it knows org, mirrors, starting_labels."),
        ("slack", {"chanels": "a"}, "Slack has no option “chanels”: it knows channels, addresses."),
    ],
)
def test_create_says_what_is_wrong(service: str, options: dict[str, str], sentence: str) -> None:
    assert check_options(service, options) == [sentence]
    with pytest.raises(InvalidSource) as raised:
        create(config(service, "https://a.example", **options))
    assert str(raised.value) == sentence


def test_portal_needs_no_source() -> None:
    assert check_options("portal", {}) == ["Meetups need no source: they are imported from the portal itself."]
    assert check_options("portal", {}, is_there=True) == []


def test_create_gives_the_importer_of_the_service() -> None:
    github = create(config("github", "https://api.github.com", org="acme"))
    forum = create(config("discourse", "https://forum.example"))
    chat = create(config("slack", "https://slack.com/api"))
    reddit = create(config("reddit", "https://oauth.reddit.com", subreddit="acme"))
    questions = create(config("stackexchange", "https://api.stackexchange.com/2.3", site="stackoverflow", tag="acme"))
    made = (github, forum, chat, reddit, questions)
    types = (GitHubImporter, DiscourseImporter, SlackImporter, RedditImporter, StackExchangeImporter)
    assert tuple(map(type, made)) == types
    for one in made:
        one.close()


def test_config_does_not_show_its_token() -> None:
    assert "hush" not in repr(config("github", "https://a.example", "hush"))


@pytest.mark.parametrize("folder", ["dashboard/importers", "portal/clients"])
def test_importers_and_clients_know_no_django(folder: str) -> None:
    root = Path(dashboard.importers.__file__).parents[2]
    sources = [path.read_text(encoding="utf-8") for path in sorted((root / folder).glob("*.py"))]
    imported = {
        name.partition(".")[0] for source in sources for node in ast.walk(ast.parse(source)) for name in _names(node)
    }
    assert "httpx" in imported or "dashboard" in imported
    assert "django" not in imported


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []
