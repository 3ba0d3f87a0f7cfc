"""The services that activity comes from, and the way to an importer for each: no ORM and no settings in here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from dashboard.importers.records import Importer, SourceConfig

__all__ = ["ADDABLE", "PORTAL", "SERVICES", "InvalidSource", "OptionInfo", "ServiceInfo", "check_options", "create"]

#: The site itself: its source comes by itself, once there is something to count.
PORTAL: Final = "portal"

_LATER = "{label} is read by a later version of the portal: the source is kept, but not imported yet."

_REDDIT_CAUTION = (
    "Since November 2025 Reddit gives a key only to applications that it has approved (Responsible Builder Policy), so "
    "this source starts switched off: set its token (id:secret) when you have one, and switch it on in the admin."
)

_GITHUB_ACCESS = (
    "A fine-grained personal token or a GitHub App, with read access to metadata, contents, issues, pull requests and "
    "discussions of the public repositories. Without one GitHub allows 60 calls an hour, and reviews stay out."
)
_SLACK_ACCESS = (
    "The bot token (xoxb-…) of an app made inside the community's own workspace, not distributed, with the scopes "
    "channels:read, channels:history and users:read. Invite the app to the channels that are to be read."
)
_FORUM_ACCESS = (
    "Only needed where the forum is not public: an API key of its admin, for one user, with the scope “read-only”."
)
_REDDIT_ACCESS = "The id and the secret of an approved application, as id:secret."
_STACK_ACCESS = (
    "The key of an application registered at stackapps.com: it allows 10,000 calls a day. Without one 300 are shared "
    "with everybody at this server's address."
)


class InvalidSource(ValueError):
    """A source that cannot be imported as configured; the text is a sentence for the person who set it up."""


@dataclass(frozen=True, slots=True)
class OptionInfo:
    """One `--option name=value` of a source."""

    help: str
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class ServiceInfo:
    """What the portal knows of a service. `series` (1 to 6) is its fixed colour; an empty `default_base_url` means
    that the address belongs to the community (its forum) or that there is none (the portal itself). `every` is how
    long an import is good for where that is longer than usual; a source with a `caution` starts switched off.
    `token_help` says where a token comes from and what it has to be allowed; empty where none is ever needed."""

    label: str
    default_base_url: str
    series: int
    options: Mapping[str, OptionInfo] = field(default_factory=dict)
    is_available: bool = True
    is_addable: bool = True
    every: timedelta | None = None
    caution: str = ""
    token_help: str = ""
    needs_token: bool = False

    @property
    def starts_enabled(self) -> bool:
        """Whether a new source is imported from the beginning."""
        return self.is_available and not self.caution

    @property
    def unavailable_reason(self) -> str:
        """Why it cannot be imported yet, as a sentence; empty when it can."""
        return "" if self.is_available else _LATER.format(label=self.label)


SERVICES: Final[Mapping[str, ServiceInfo]] = {
    "github": ServiceInfo(
        "GitHub",
        "https://api.github.com",
        1,
        {
            "org": OptionInfo(
                "login of the organisation (or person) whose repositories are imported", is_required=True
            ),
            "mirrors": OptionInfo("names of repositories that only mirror others, separated by commas: left out"),
            "starting_labels": OptionInfo(
                "labels of issues for somebody new, separated by commas; without it, the usual (good first issue …)"
            ),
        },
        token_help=_GITHUB_ACCESS,
    ),
    "slack": ServiceInfo(
        "Slack",
        "https://slack.com/api",
        2,
        {
            "channels": OptionInfo(
                "names of the public channels to import, separated by commas, or “all”; "
                "without it, those the app was invited to"
            ),
            "addresses": OptionInfo(
                "“match” reads confirmed e-mail addresses, to find out that accounts are one person's "
                "(the app needs the scope users:read.email); without it, none is read"
            ),
        },
        token_help=_SLACK_ACCESS,
        needs_token=True,
    ),
    "discourse": ServiceInfo(
        "Forum",
        "",
        3,
        {
            "support": OptionInfo(
                "slugs or ids of the categories where topics are questions, separated by commas; "
                "without it, those with 'support' in their slug"
            ),
            "username": OptionInfo("user the API key acts as, when the forum needs a key (default: system)"),
        },
        token_help=_FORUM_ACCESS,
    ),
    PORTAL: ServiceInfo("Meetups", "", 4, is_addable=False),
    "reddit": ServiceInfo(
        "Reddit",
        "https://oauth.reddit.com",
        5,
        {
            "subreddit": OptionInfo("name of the subreddit, without r/", is_required=True),
            "username": OptionInfo("Reddit name of whoever answers for the application; Reddit wants it in each call"),
            "auth_url": OptionInfo("address that gives tokens, where it is not Reddit's own"),
        },
        caution=_REDDIT_CAUTION,
        token_help=_REDDIT_ACCESS,
        needs_token=True,
    ),
    "stackexchange": ServiceInfo(
        "Stack Overflow",
        "https://api.stackexchange.com/2.3",
        6,
        {
            "site": OptionInfo("site of the network, such as stackoverflow", is_required=True),
            "tag": OptionInfo("tag whose questions are imported", is_required=True),
        },
        every=timedelta(hours=23),
        token_help=_STACK_ACCESS,
    ),
}

#: What `add_source` takes.
ADDABLE: Final = tuple(name for name, info in SERVICES.items() if info.is_addable)


def check_options(service: str, options: Mapping[str, str], *, is_there: bool = False) -> list[str]:
    """Sentences that say what is wrong with a source before it is stored; empty when it can be added, or be changed
    where it is there already."""
    info = SERVICES.get(service)
    if info is None:
        return [f"There is no service “{service}”: choose one of {', '.join(ADDABLE)}."]
    if not info.is_addable and not is_there:
        return [f"{info.label} need no source: they are imported from the portal itself."]
    known = ", ".join(info.options)
    problems = [
        f"{info.label} has no option “{name}”: it knows {known}." for name in options if name not in info.options
    ]
    missing = [
        name for name, option in info.options.items() if option.is_required and not options.get(name, "").strip()
    ]
    return problems + [f"{info.label} needs the option “{name}”: {info.options[name].help}." for name in missing]


def create(config: SourceConfig) -> Importer:
    """The importer of a source; raises InvalidSource with a sentence when the source cannot be imported."""
    problems = check_options(config.service, config.options, is_there=True)
    if not problems and SERVICES[config.service].unavailable_reason:
        problems = [SERVICES[config.service].unavailable_reason]
    if problems:
        raise InvalidSource(" ".join(problems))
    # Imported here so that pages which only need the labels above never load an HTTP client.
    if config.service == PORTAL:
        from dashboard.importers.portal import PortalImporter

        return PortalImporter(config)
    if config.service == "github":
        from dashboard.importers.github import GitHubImporter

        return GitHubImporter(config)
    if config.service == "slack":
        from dashboard.importers.slack import SlackImporter

        return SlackImporter(config)
    if config.service == "reddit":
        from dashboard.importers.reddit import RedditImporter

        return RedditImporter(config)
    if config.service == "stackexchange":
        from dashboard.importers.stackexchange import StackExchangeImporter

        return StackExchangeImporter(config)
    from dashboard.importers.discourse import DiscourseImporter

    return DiscourseImporter(config)
