"""What the demo's people write about: titles put together from phrases of marketing automation."""

import random
from collections.abc import Mapping

# word of a template | what it may become
_WORDS = """\
part|the campaign builder|the segment filter|the contact import|the form builder|the e-mail editor|\
the landing page editor|the asset download|the webhook queue|the points trigger|the report widget|\
the company merge|the dynamic content slot|the preference centre|the focus item|the stage action|\
the calendar view|the tag manager|the API token page
thing|segments|campaigns|webhooks|forms|landing pages|contact imports|e-mail batches|cron jobs|\
dynamic content|tags|lead scores|UTM fields|unsubscribe links|bounce rules|reports|custom fields|\
company records|assets|stages|translations
field|date of birth|last active|company size|preferred language|time zone|country|multi-select tags|\
consent date|a custom boolean|postal code|lead source|owner
fault|stops after 1,000 rows|forgets its order on save|shows the wrong time zone|counts some contacts twice|\
ends in a blank page|times out behind a proxy|ignores the owner filter|loses accents|\
returns 500 for an empty list|does not send after midnight|keeps deleted rows|breaks on a very long name|\
fails with read replicas|is off by one day near the date line|cannot be reached by keyboard|\
overlaps on small screens
where|on PHP 8.3|after the upgrade|with MariaDB 11|behind a load balancer|on shared hosting|\
in right-to-left languages|in Safari|with more than 50,000 contacts|when cron runs twice|on a phone|\
in dark mode|with two-factor sign-in|for imported contacts|in a fresh install|with a custom theme
tool|an online shop|a CRM|a spreadsheet|a booking system|a survey tool|a help desk|a chat widget|\
an event page|a membership site|a payment form|a learning platform|a fundraising page
goal|welcome new subscribers|win back quiet contacts|remind people of a webinar|ask for consent again|\
score trial users|split a list by language|send birthday mails|clean old contacts|warm up a new domain|\
hand leads to sales|follow up after an event|thank donors
who|museums|small charities|language schools|bike shops|universities|co-operatives|theatres|farm shops|\
clinics|housing associations|publishers|software start-ups
doc|cron set-up|the webhook payload|segment operators|e-mail bounces|the upgrade path|local development|\
theme slots|tracking consent|queue workers|the REST API|plugin events|import limits
n|2|3|4|5|10|12|40|100|250|1,000
"""
# kind | templates; a capitalised word starts with a capital letter
_TEMPLATES = """\
issue|{Part} {fault}|{Part} {fault} {where}|Allow {field} in {part}|Filter on {field} {fault}|\
{Part}: say why nothing was sent|Import of {field} {fault}|Sorting by {field} {fault}|\
Make {part} usable by keyboard|It does not work {where}|Warn before {thing} are deleted|\
Show the time zone beside {part}|Export of {thing} {fault}|Search in {thing} {fault}
change|Fix {part}: {fault}|Keep {field} when {thing} are cloned|Speed up {part} {where}|Add {field} to {part}|\
Test {part} {where}|Cache counts of {thing}|Index {field} for {thing}|Refactor {part} into a service|\
Escape {field} in {part}|Batch {thing} in steps of {n}|Add a command that checks {thing}|\
Support {thing} {where}|Docs: explain {doc}|Docs: an example for {doc}|Retry {thing} that failed|\
Drop dead code behind {part}
trivial|Fix a typo in {doc}|Correct a link in {doc}|Spelling in {part}|Align spacing in {part}|\
Readme: newer screenshot of {part}|Update the year in {doc}|Rename a variable in {part}
bot|Bump a library used by {part}|Bump the test image to {n}|Bump build tools, {n} packages|\
Refresh translations of {thing}|Update locked versions behind {part}
question|How do I {goal} without a plugin?|Why does {part} look different {where}?|{Part} {fault}: known?|\
How to connect {tool} with {thing}|Which cron order for {thing}?|How many {thing} are too many?|\
Can {field} start a campaign?|Best way to {goal} {where}|Stuck: {part} {fault}|Moving {thing} from {tool}|\
What do you use to {goal}?|Segment by {field} and {field}: how?
topic|Show and tell: how we {goal} for {who}|Idea: {thing} that explain themselves|Who wants to review {doc}?|\
Monthly thread: what did you build with {thing}?|A small recipe to {goal}|\
Lessons from {n} campaigns for {who}|Call for testers: {part}|Meetup notes: {thing} for {who}|\
Translation week: {doc}|Proposal: better words for {thing}|Looking for people near me who work with {who}|\
Release candidate: please try {part}
submission|We moved {who} from {tool} to self-hosted: notes|How I {goal} with {n} contacts|\
Anyone using {thing} with {tool}?|{Part} is better than I remembered|Free template to {goal}|\
Ask: {thing} or {thing} for {who}?|My {n} favourite tricks for {thing}|Rant turned guide: {part}
event|Segments that survive January|First-Thursday help session|From spreadsheet to campaign in a day|\
{Who} and their {thing}|Bring a broken campaign|How we {goal}|{Thing}: what we learned|\
Contributor sprint: docs|Contributor sprint: testing|Cron, queues and quiet nights|\
E-mail that reaches the inbox|Translation evening|Open table: ask anything|Consent without tears|\
{Thing} for {who}|Show your dashboard|Small automations, big relief|Accessible landing pages|\
Work together, one table|Lightning talks|Planning the year
"""


def _table(text: str) -> Mapping[str, list[str]]:
    rows = (line.split("|") for line in text.splitlines())
    return {key: values for key, *values in rows}


WORDS = _table(_WORDS)
TEMPLATES = _table(_TEMPLATES)


class _Chosen(dict[str, str]):
    """Draws a word only when a template asks for it; `{Thing}` is `{thing}` with a capital."""

    def __init__(self, rng: random.Random) -> None:
        super().__init__()
        self._rng = rng

    def __missing__(self, key: str) -> str:
        word = self._rng.choice(WORDS[key.lower()])
        return word if key[0].islower() else word[0].upper() + word[1:]


#: How often a title of these kinds also says where it was seen.
_WHERE = {"issue": 0.55, "question": 0.5, "change": 0.3}


def title(rng: random.Random, kind: str) -> str:
    """One title of a kind of `TEMPLATES`."""
    template = rng.choice(TEMPLATES[kind])
    if "{where}" not in template and ":" not in template and rng.random() < _WHERE.get(kind, 0):
        template = template.removesuffix("?") + " {where}" + ("?" if template.endswith("?") else "")
    return template.format_map(_Chosen(rng))
