"""The one place that names the community this portal serves; every value comes from the environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import environ

#: key: (words on the page, address). An empty address hides the link.
LINK_DEFAULTS: Mapping[str, tuple[str, str]] = {
    "website": ("Website", "https://www.mautic.org"),
    "forum": ("Forum", "https://forum.mautic.org"),
    "chat": ("Chat invite", "https://www.mautic.org/slack"),
    "code": ("Source code of the software", "https://github.com/mautic/mautic"),
    "handbook": ("Community handbook", "https://contribute.mautic.org"),
    "code_of_conduct": ("Code of Conduct", "https://www.mautic.org/code-of-conduct"),
    "partner_programme": ("Partner programme", "https://www.mautic.org/become-a-partner"),
    "meetups_forum": ("Meetups on the forum", "https://forum.mautic.org/c/mautic-meetups/7"),
    "international_forum": ("International forum, by country", "https://forum.mautic.org/c/international-by-country"),
    "portal_code": ("Source code of this site", ""),
}


@dataclass(frozen=True, slots=True)
class Community:
    """Who the portal belongs to. Colours are CSS colours or empty for the design system's own."""

    name: str
    software: str
    tagline: str
    tagline_accent: str
    description: str
    contact_email: str
    colour_brand: str
    colour_accent: str
    links: Mapping[str, str] = field(default_factory=dict)

    @property
    def link_list(self) -> list[tuple[str, str, str]]:
        """(key, words, address) of each link that is set, in a fixed order."""
        return [(key, words, self.links[key]) for key, (words, _) in LINK_DEFAULTS.items() if self.links.get(key)]


def community_from_env(env: environ.Env) -> Community:
    """Read the block: `COMMUNITY_NAME`, ..., and one `<KEY>_URL` for each link (`FORUM_URL`, `CHAT_URL`, ...)."""
    return Community(
        name=env.str("COMMUNITY_NAME", default="Mautic Community"),
        software=env.str("COMMUNITY_SOFTWARE", default="Mautic"),
        tagline=env.str("COMMUNITY_TAGLINE", default="Marketing software, made by neighbours everywhere."),
        tagline_accent=env.str("COMMUNITY_TAGLINE_ACCENT", default="neighbours"),
        description=env.str(
            "COMMUNITY_DESCRIPTION",
            default="People build Mautic together, and meet in libraries, offices and living rooms to help each other.",
        ),
        contact_email=env.str("COMMUNITY_EMAIL", default="coc@mautic.org"),
        colour_brand=env.str("COMMUNITY_COLOUR_BRAND", default=""),
        colour_accent=env.str("COMMUNITY_COLOUR_ACCENT", default=""),
        links={key: env.str(f"{key.upper()}_URL", default=address) for key, (_, address) in LINK_DEFAULTS.items()},
    )
