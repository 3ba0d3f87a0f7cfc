"""The demo's groups as a table: towns are real, groups and rooms are invented."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True)
class Circle:
    """A group to be made, founded `months` ago; `silent` months ago it met last (0: still meeting)."""

    name: str
    town: str
    kind: str
    state: str
    ordinal: int
    weekday: int
    starts: time
    venue: str
    months: int
    silent: int
    languages: tuple[str, ...]


# name | town | kind | state | ordinal weekday time | room | months old | months silent | languages
_TABLE = """\
Leipzig Automation Circle|Leipzig|meetup|active|-1 1 18:30|Kolonnade Coworking, Kolonnadenweg 12|38|0|de
Porto Open Marketing|Porto|meetup|active|-1 3 19:00|Biblioteca do Bonfim, Rua do Moinho 40|26|0|pt en
Nairobi Campaign Table|Nairobi|meetup|active|1 3 17:30|Uwezo Hub, room 2, Ngong Lane|31|0|en sw
Praha Automation Meetup|Prague|meetup|active|1 2 18:00|Knihovna Letná, Nad Parkem 6|44|0|cs en
Wien Open Marketing|Vienna|meetup|active|2 3 18:30|Werkraum Josefstadt, Lange Zeile 9|40|0|de
Graz Help Table|Graz|meetup|quiet|3 3 18:00|Haus der Vereine, Murgasse 3|24|3|de
Wrocław Growth Commons|Wrocław|meetup|onboarding|2 2 18:00|Centrum Odra, ul. Mostowa 5|1|0|pl en
Bengaluru Builders|Bengaluru|meetup|active|2 5 10:30|Kaveri Campus Hall, 4th Cross|36|0|en
Pune Segment Club|Pune|meetup|active|3 5 11:00|Deccan Makers Library, Lane 7|20|0|en
Kochi Backwater Meetup|Kochi|meetup|active|4 5 16:00|Fort Reading Room, Rose Street|9|0|en
Chennai Webhook Evenings|Chennai|meetup|dormant|2 4 18:00|Coromandel Works, Beach Road|28|8|en
Lagos Marketing Commons|Lagos|meetup|active|-1 5 11:00|Lagoon Works Atrium, Yaba|30|0|en
Accra Open Mailers|Accra|meetup|active|3 5 10:00|Osu Community Library, Ring Street|14|0|en
Douala Automation|Douala|meetup|active|2 5 15:00|Maison des Associations, Bonapriso|22|0|fr
Dakar Sender Circle|Dakar|meetup|quiet|1 5 16:00|Espace Baobab, Plateau|16|4|fr
Cape Town Contributors|Cape Town|meetup|active|1 1 18:00|Current House, Harbour Road|33|0|en
Kigali First Campaign|Kigali|meetup|onboarding|3 2 17:30|Inzira Hub, Hill Road 8|2|0|en fr
Cairo Open Automation|Cairo|meetup|active|2 1 18:00|Zamalek Cultural Hall, Nile Street|12|0|ar en
Recife Automação Livre|Recife|meetup|active|2 2 19:00|Sala Capibaribe, Rua da Aurora 77|35|0|pt-br
São Paulo Campanhas|São Paulo|meetup|active|3 3 19:30|Escola Aberta, Rua das Palmeiras 210|42|0|pt-br
Porto Alegre Contribui|Porto Alegre|meetup|active|1 3 19:00|Biblioteca Horizonte, Av. Guaíba 15|11|0|pt-br
Medellín Código y Correo|Medellín|meetup|active|-1 2 18:30|Casa Brújula, Calle 48|25|0|es
Buenos Aires Automatiza|Buenos Aires|meetup|active|2 3 19:00|Centro Cultural Almagro, Sala 3|34|0|es
Guadalajara Marketing Abierto|Guadalajara|meetup|active|3 1 19:00|Universidad del Valle Norte, aula 12|17|0|es
Lima Automatización|Lima|meetup|archived|1 2 19:00|Biblioteca Miraflores, sala 1|48|15|es
Boston Open Campaigns|Boston|meetup|active|2 1 18:00|Charles Street Library, Community Room|50|0|en
Minneapolis Lakes Meetup|Minneapolis|meetup|active|3 2 18:00|Prairie Signal, 3rd floor|21|0|en
Austin Automation Porch|Austin|meetup|dormant|4 3 18:30|Bluebonnet Training Room, East Side|39|7|en
Montréal Courriels et Café|Montréal|meetup|active|3 2 18:30|Bibliothèque Mile-End, salle B|29|0|fr en
Bristol Harbourside Meetup|Bristol|meetup|active|1 2 18:30|Ember & Oak Studio, Quay Row|27|0|en
Glasgow Open Senders|Glasgow|meetup|active|4 2 18:30|Clyde Energy Hall, Dock Street|13|0|en
Utrecht Zelf Mailen|Utrecht|meetup|active|1 1 19:00|Open Sender, Vaartkade 20|37|0|nl en
Lyon Automatisation Libre|Lyon|meetup|active|2 3 18:30|Mistral Conseil, quai des Tisserands|23|0|fr
Valencia Marketing Libre|Valencia|meetup|active|4 3 19:00|Centre Cívic Ruzafa, sala 2|19|0|es
Barcelona Automatització|Barcelona|meetup|quiet|3 1 19:00|Biblioteca Poblenou, planta 1|30|3|es
Göteborg Öppen Marknad|Göteborg|meetup|dormant|1 3 17:30|Folkets Bibliotek, Hamngatan 4|32|9|sv en
Osaka Relay Night|Osaka|meetup|active|3 4 19:00|Sakura Relay Office, Kitahama|18|0|ja
Bandung Otomasi Terbuka|Bandung|meetup|active|2 5 13:00|Merah Studio, Jalan Cemara 9|15|0|id
Melbourne Laneway Meetup|Melbourne|meetup|active|1 2 18:00|Harbour Lane Office, Level 2|28|0|en
Wellington Windy Webhooks|Wellington|meetup|onboarding|2 3 17:30|Harbour Trust Rooms, Quay Street|1|0|en
Manila Growth Circle|Manila|meetup|suspended|4 5 14:00|Salazar Business Centre|20|2|en
{software} Online: Europe and Africa||online|active|3 2 17:00|video call|33|0|en
{software} Online: Americas||online|active|2 3 18:00|video call|30|0|en es
{software} Online em Português||online|active|4 1 20:00|video call|16|0|pt-br pt
Deutschsprachige Sprechstunde||online|active|1 0 12:00|video call|24|0|de
Istanbul Pazarlama Sohbeti|Istanbul|external|active|0 0 00:00|chat.sohbet.example|26|0|tr
Marketing Automation Italia|Milan|external|active|0 0 00:00|gruppo-italia.example|41|0|it
Kathmandu Makers' Corner|Kathmandu|external|active|0 0 00:00|makers-kathmandu.example|10|0|en"""


def circles(software: str) -> Sequence[Circle]:
    """All groups; those without a town are online."""
    found = []
    for line in _TABLE.splitlines():
        name, town, kind, state, slot, venue, months, silent, languages = line.split("|")
        ordinal, weekday, starts = slot.split()
        when = time.fromisoformat(starts)
        found.append(
            Circle(
                name=name.format(software=software),
                town=town,
                kind=kind,
                state=state,
                ordinal=int(ordinal),
                weekday=int(weekday),
                starts=when,
                venue=venue,
                months=int(months),
                silent=int(silent),
                languages=tuple(languages.split()),
            )
        )
    return found
