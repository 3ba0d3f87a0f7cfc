"""What a contribution is called: as a deed of a person, as a heap of many, and as a line of credit."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dashboard import importers, kinds
from dashboard.weights import STATE_CAMP, STATE_CONFERENCE, STATE_SELF, STATE_SELF_ACCEPTED

Words = str | Promise

#: "Amara ..." and then the title.
DEEDS: dict[tuple[str, str], Words] = {
    (kinds.ISSUE, ""): _("opened an issue"),
    (kinds.CHANGE, ""): _("proposed a change"),
    (kinds.CHANGE, kinds.STATE_MERGED): _("had a first change merged"),
    (kinds.CHANGE, kinds.STATE_MERGED_TRIVIAL): _("had a first change merged"),
    (kinds.COMMENT, ""): _("joined a discussion"),
    (kinds.REVIEW, ""): _("reviewed a change"),
    (kinds.REVIEW_COMMENT, ""): _("reviewed a change"),
    (kinds.DISCUSSION, ""): _("started a discussion"),
    (kinds.DISCUSSION_REPLY, ""): _("joined a discussion"),
    (kinds.COMMIT, ""): _("pushed a commit"),
    (kinds.MESSAGE, ""): _("said something in chat"),
    (kinds.REPLY, ""): _("replied in chat"),
    (kinds.TOPIC, ""): _("started a topic"),
    (kinds.QUESTION, ""): _("asked a question"),
    (kinds.POST, ""): _("wrote in the forum"),
    (kinds.ANSWER, ""): _("answered a question"),
    (kinds.SUBMISSION, ""): _("posted something"),
    (kinds.ORGANISED, ""): _("organised a meetup"),
    (kinds.SPOKE, ""): _("gave a talk"),
    (kinds.ATTENDED, ""): _("came to a meetup"),
    (kinds.APPLIED, ""): _("applied to found a group"),
    (kinds.APPLIED, kinds.STATE_PRIVATE): _("contributed something"),
    (kinds.REVIEWED, ""): _("reviewed an application"),
    ("translation", ""): _("translated something"),
    ("article", ""): _("wrote an article"),
    ("tutorial", ""): _("made a tutorial"),
    ("video", ""): _("made a video"),
    ("design", ""): _("designed something"),
    ("role_lead", ""): _("led a team for a month"),
    ("role_assistant", ""): _("assisted a team's lead for a month"),
    ("role_member", ""): _("was in a team for a month"),
}

#: Rows of the table of weights, and lines of credit.
LINES: dict[tuple[str, str], Words] = {
    (kinds.CHANGE, ""): _("Changes"),
    (kinds.CHANGE, kinds.STATE_MERGED): _("Changes merged"),
    (kinds.CHANGE, kinds.STATE_MERGED_TRIVIAL): _("Small changes merged"),
    (kinds.CHANGE, kinds.STATE_MERGED_BY_SELF): _("Changes merged by their author, unreviewed"),
    (kinds.CHANGE, kinds.STATE_OPEN): _("Changes still open"),
    (kinds.CHANGE, kinds.STATE_CLOSED): _("Changes closed without a merge"),
    (kinds.REVIEW, ""): _("Reviews and test reports"),
    (kinds.REVIEW, STATE_SELF): _("Reviews of one's own change"),
    (kinds.REVIEW_COMMENT, ""): _("Reviews in comments on the code"),
    (kinds.REVIEW_COMMENT, STATE_SELF): _("Comments on one's own change"),
    (kinds.ISSUE, ""): _("Issues and bug reports"),
    (kinds.ANSWER, ""): _("Answers"),
    (kinds.ANSWER, kinds.STATE_ACCEPTED): _("Accepted answers"),
    (kinds.ANSWER, STATE_SELF_ACCEPTED): _("Accepted answers to one's own question"),
    (kinds.COMMENT, ""): _("Comments"),
    (kinds.DISCUSSION, ""): _("Discussions started"),
    (kinds.DISCUSSION_REPLY, ""): _("Replies in discussions"),
    (kinds.COMMIT, ""): _("Commits without a change request"),
    (kinds.MESSAGE, ""): _("Chat messages"),
    (kinds.REPLY, ""): _("Replies in chat"),
    (kinds.TOPIC, ""): _("Topics started"),
    (kinds.QUESTION, ""): _("Questions"),
    (kinds.POST, ""): _("Forum posts"),
    (kinds.POST, kinds.STATE_ACCEPTED): _("Accepted answers in other categories"),
    (kinds.POST, STATE_SELF_ACCEPTED): _("Accepted answers to one's own topic"),
    (kinds.SUBMISSION, ""): _("Posts and links"),
    (kinds.ORGANISED, ""): _("Meetups organised"),
    (kinds.ORGANISED, STATE_CAMP): _("Camps organised"),
    (kinds.ORGANISED, STATE_CONFERENCE): _("Conferences organised"),
    (kinds.SPOKE, ""): _("Talks at meetups"),
    (kinds.SPOKE, STATE_CAMP): _("Talks at camps"),
    (kinds.SPOKE, STATE_CONFERENCE): _("Talks at conferences"),
    (kinds.ATTENDED, ""): _("Visits to meetups"),
    (kinds.APPLIED, ""): _("Applications to found a group"),
    (kinds.REVIEWED, ""): _("Applications reviewed"),
    ("translation", ""): _("Translations"),
    ("article", ""): _("Articles"),
    ("tutorial", ""): _("Tutorials"),
    ("video", ""): _("Videos"),
    ("design", ""): _("Design work"),
    ("role_lead", ""): _("Months as lead of a team"),
    ("role_assistant", ""): _("Months as assistant lead"),
    ("role_member", ""): _("Months as member of a team"),
    ("sponsored", ""): _("Events sponsored"),
    ("sponsored", STATE_CONFERENCE): _("Conferences sponsored"),
}


def deed(kind: str, state: str = "") -> Words:
    """ "opened an issue": what somebody did, after their name."""
    return DEEDS.get((kind, state)) or DEEDS.get((kind, "")) or _("contributed something")


def line(kind: str, state: str = "") -> Words:
    """ "Changes merged": many of a kind."""
    return LINES.get((kind, state)) or LINES.get((kind, "")) or kind.replace("_", " ").capitalize()


#: Levels of people by their key in an address.
LEVELS: dict[str, Words] = {
    "core": _("Core"),
    "contributor": _("Contributor"),
    "participant": _("Participant"),
    "visitor": _("Visitor"),
    "quiet": _("Quiet"),
}


def level(key: str) -> Words:
    """ "Core": the name of a level."""
    return LEVELS.get(key, key)


#: Levels of organisations by their key in an address.
ORGANISATION_LEVELS: dict[str, Words] = {
    "core": _("Core"),
    "contributing": _("Contributing"),
    "participating": _("Participating"),
    "quiet": _("Quiet"),
}
#: Sorts of places: many of them, and one.
PLACES: dict[str, Words] = {
    "repository": _("Repositories"),
    "channel": _("Channels"),
    "category": _("Categories"),
    "subreddit": _("Subreddits"),
    "tag": _("Tags"),
}
PLACE: dict[str, Words] = {
    "repository": _("repository"),
    "channel": _("channel"),
    "category": _("category"),
    "subreddit": _("subreddit"),
    "tag": _("tag"),
    "portal": _("meetups"),
}


def organisation_level(key: str) -> Words:
    """ "Contributing": the name of an organisation's level."""
    return ORGANISATION_LEVELS.get(key, key)


def service_label(service: str) -> str:
    """The name of a service, as in the legend of a chart."""
    info = importers.SERVICES.get(service)
    return info.label if info else service
