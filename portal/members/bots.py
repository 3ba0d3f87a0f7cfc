"""Names that programs go by: hints for a human to look at, never a verdict."""

#: User names of programs that many communities run, in small letters.
KNOWN = (
    "allcontributors",
    "codecov",
    "codecov-commenter",
    "coveralls",
    "crowdin",
    "dependabot",
    "dependabot-preview",
    "discobot",
    "github-actions",
    "greenkeeper",
    "mergify",
    "netlify",
    "renovate",
    "semantic-release",
    "slackbot",
    "snyk",
    "stale",
    "system",
    "transifex",
    "travis",
    "vercel",
    "weblate",
    "zapier",
)
#: A user name that ends in "bot", "[bot]" or begins with "bot-"; for PostgreSQL, on small letters.
PATTERN = r"(\[bot\]|[-_.]bot)$|^bot[-_.]|[a-z]bot[0-9]*$"
