"""The demo's organisations: invented partners and what the directory says of them, and other employers."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Company:
    """An invented organisation; `people` is its share of the affiliated, `effort` how busy they are here."""

    name: str
    town: str
    people: float = 1.0
    effort: float = 1.0
    tier: str = ""
    kind: str = ""
    services: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()


# name | town | people | effort | tier | kind | services | languages | countries
_PARTNERS = """\
Nordlicht Digital|Kiel|9|1.7|gold|agency|migration campaigns training|de en|DE AT CH
Ember & Oak|Bristol|7|1.6|silver|agency|strategy campaigns e-mail|en|GB IE
Sávia Studio|Recife|10|1.4|gold|agency|campaigns design training|pt-br es|BR PT
Uwezo Labs|Nairobi|8|1.5|bronze|product|plugins hosting integration|en sw|KE UG RW
Atelier Boréal|Montréal|6|1.5|silver|agency|design landing-pages training|fr en|CA FR
Kaveri Systems|Bengaluru|14|1.2|platinum|product|plugins integration support|en hi|IN LK SG
Harbour Lane|Melbourne|6|1.1|bronze|agency|strategy campaigns|en|AU NZ
Open Sender|Utrecht|12|1.5|diamond|vendor|hosting support deliverability|nl en de|NL BE DE
Colectivo Brújula|Medellín|7|1.2|community|freelancers|campaigns content training|es|CO EC PE
Fjordmail|Bergen|4|1.3|bronze|product|deliverability hosting|nb en|NO SE DK
Pracownia Siedem|Wrocław|6|1.3|silver|agency|migration integration|pl en|PL CZ
Quinta Onda|Porto|5|1.2|community|freelancers|content design|pt en|PT ES
Baobab Reach|Dakar|4|1.0|community|agency|campaigns training|fr|SN CM
Lagoon Works|Lagos|8|1.2|bronze|agency|campaigns integration support|en|NG GH
Mistral Conseil|Lyon|5|0.9|bronze|agency|strategy migration|fr|FR BE
Tramontana Web|Valencia|5|1.0|community|agency|design landing-pages|es|ES
Sakura Relay|Osaka|4|0.9|bronze|product|integration support|ja en|JP TW
Praha Kolektiv|Prague|5|1.1|community|freelancers|plugins support|cs sk en|CZ SK
Twin Rivers Marketing|Pittsburgh|6|0.8|silver|agency|strategy campaigns|en|US
Cordillera Datos|Santiago|4|0.9|community|product|reports integration|es|CL AR UY
Bosphorus Click|Istanbul|5|0.8|community|agency|campaigns e-mail|tr en|TR
Merah Studio|Bandung|5|0.9|community|agency|design content|id en|ID MY
Prairie Signal|Minneapolis|4|1.0|bronze|product|plugins reports|en|US CA
Cape Current|Cape Town|5|1.1|bronze|agency|training campaigns|en|ZA BW
Lumen Cooperativa|Bologna|4|1.2|community|freelancers|accessibility content|it en|IT"""
# name | town | people | effort
_OTHERS = """\
Stadtbücherei Leipzig-West|Leipzig|2|0.7
Havelland Solar|Berlin|3|0.6
Alpenvelo|Graz|2|0.6
Penrose Language School|Leeds|2|0.6
Clyde Community Energy|Glasgow|2|0.8
Shamrock Seeds|Cork|2|0.5
Lakefront Credit Union|Chicago|3|0.6
Bluebonnet Clinics|Austin|3|0.5
Cascadia Trails|Portland|2|0.7
Musée des Marées|Nantes|2|0.6
Grachten Fietsen|Rotterdam|2|0.5
Universidad del Valle Norte|Guadalajara|3|0.7
Teatro Rosario|Rosario|2|0.6
Escola Horizonte|Porto Alegre|3|0.6
Ponte Livros|São Paulo|2|0.6
Aarhus Havn Museum|Aarhus|2|0.6
Karpaty Outdoor|Kraków|2|0.6
Danube Data School|Budapest|2|0.7
Agora Press|Athens|2|0.6
Lviv Tech Bakery|Lviv|3|0.8
Rift Valley Coffee Union|Nairobi|3|0.7
Coromandel Textiles|Chennai|3|0.6
Pune Robotics Club|Pune|3|0.7
Mekong Green Tours|Ho Chi Minh City|2|0.6
Wellington Harbour Trust|Wellington|2|0.6"""
_ABOUT = {
    "agency": (
        "We are an agency of {people} people in {town}. We plan, build and look after marketing automation "
        "for {clients}, and we give what we learn back: bug reports, tests and a meetup every month."
    ),
    "product": (
        "We build software around {software} in {town}: {clients} use it every day. Our fixes go "
        "upstream first, and every developer here has a contribution day each month."
    ),
    "freelancers": (
        "A collective of independents around {town}. We share clients, chairs and reviews, and we help "
        "{clients} to run their own campaigns instead of renting them."
    ),
    "vendor": (
        "We host {software} for {clients} and employ people who work on it full time. What we find at "
        "scale, we fix for everybody."
    ),
}
_CLIENTS = ("museums and theatres", "charities", "mid-sized shops", "schools", "co-operatives", "publishers")


def partners() -> Sequence[Company]:
    """The 25 organisations of the partner programme."""
    rows = (line.split("|") for line in _PARTNERS.splitlines())
    return [
        Company(name, town, float(people), float(effort), tier, kind, *(tuple(part.split()) for part in rest))
        for name, town, people, effort, tier, kind, *rest in rows
    ]


def employers() -> Sequence[Company]:
    """The 25 organisations that use the software and are no partners."""
    rows = (line.split("|") for line in _OTHERS.splitlines())
    return [Company(name, town, float(people), float(effort)) for name, town, people, effort in rows]


def about(company: Company, number: int, software: str) -> str:
    """The directory's text about a partner."""
    clients = _CLIENTS[number % len(_CLIENTS)]
    text = _ABOUT[company.kind].format(
        people=int(company.people * 3), town=company.town, clients=clients, software=software
    )
    return f"{text}\n\n**What we do:** {', '.join(company.services).replace('-', ' ')}."
