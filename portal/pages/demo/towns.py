"""Where the demo's people live: towns by GeoNames number, with the culture of their names and their languages."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Town:
    """A town; `geoname_id` is its row in the gazetteer."""

    geoname_id: int
    name: str
    country_code: str
    culture: str
    languages: tuple[str, ...]
    weight: float


# country | culture of names | languages | people of a thousand and a bit | GeoNames number and name of each town
_TABLE = """\
DE|german|de|70|2879139 Leipzig, 2950159 Berlin, 2911298 Hamburg, 2886242 Köln, 2867714 Munich, 2891122 Kiel, \
2925177 Freiburg, 2935022 Dresden, 2892518 Kassel, 2861650 Nürnberg
AT|german|de|22|2761369 Vienna, 2778067 Graz, 2772400 Linz
CH|german|de fr|16|2657896 Zürich, 2661552 Bern, 2661604 Basel
GB|british|en|60|2643743 London, 2654675 Bristol, 2644688 Leeds, 2648579 Glasgow, 2643123 Manchester, \
2653822 Cardiff
IE|british|en|16|2964574 Dublin, 2965140 Cork, 2964180 Galway
US|american|en|95|4930956 Boston, 4887398 Chicago, 4671654 Austin, 5746545 Portland, 5419384 Denver, \
5037649 Minneapolis, 4180439 Atlanta, 5809844 Seattle, 5206379 Pittsburgh
CA|american|en|26|6167865 Toronto, 6173331 Vancouver, 6324729 Halifax
FR|french|fr|48|2988507 Paris, 2996944 Lyon, 2990969 Nantes, 2972315 Toulouse, 2998324 Lille
BE|french|fr nl|16|2800866 Brussels, 2792413 Liège
NL|dutch|nl en|34|2745912 Utrecht, 2747891 Rotterdam, 2759794 Amsterdam, 2755251 Groningen, 2756253 Eindhoven
ES|spanish|es|40|2509954 Valencia, 3117735 Madrid, 2510911 Sevilla, 3128026 Bilbao, 3128760 Barcelona
PT|portuguese|pt|24|2735943 Porto, 2267057 Lisbon, 2742032 Braga
IT|italian|it|34|3165524 Turin, 3181928 Bologna, 3173435 Milan, 3182351 Bari
DK|nordic|da en|14|2624652 Aarhus, 2618425 Copenhagen
SE|nordic|sv en|16|2711537 Göteborg, 2673730 Stockholm, 2692969 Malmö
NO|nordic|nb en|10|3161732 Bergen, 3143244 Oslo
FI|finnish|fi en|10|658225 Helsinki, 634963 Tampere
EE|finnish|et en|6|588409 Tallinn, 588335 Tartu
PL|polish|pl|28|3081368 Wrocław, 3094802 Kraków, 756135 Warsaw, 3099434 Gdańsk
CZ|czech|cs|20|3067696 Prague, 3078610 Brno, 3068799 Ostrava
SK|czech|sk|8|3060972 Bratislava, 724443 Košice
HU|hungarian|hu|12|3054643 Budapest, 715429 Szeged
RO|romanian|ro|16|681290 Cluj-Napoca, 683506 Bucharest, 665087 Timișoara
BG|bulgarian|bg|10|727011 Sofia, 728193 Plovdiv
RS|balkan|sr|8|792680 Belgrade, 3194360 Novi Sad
HR|balkan|hr|8|3186886 Zagreb, 3190261 Split
SI|balkan|sl|6|3196359 Ljubljana, 3195506 Maribor
GR|greek|el|12|734077 Thessaloníki, 264371 Athens
TR|turkish|tr|18|311046 İzmir, 745044 Istanbul, 323786 Ankara
UA|ukrainian|uk|16|702550 Lviv, 703448 Kyiv, 698740 Odesa
LT|baltic|lt en|6|593116 Vilnius, 598316 Kaunas
LV|baltic|lv en|4|456172 Riga
IL|levant|he en|6|294801 Haifa, 293397 Tel Aviv
LB|arabic|ar fr|6|276781 Beirut
EG|arabic|ar|12|360630 Cairo, 361058 Alexandria
MA|arabic|fr ar|10|2553604 Casablanca, 2538475 Rabat, 2542997 Marrakesh
TN|arabic|fr ar|6|2464470 Tunis, 2467454 Sfax
AE|arabic|en ar|8|292223 Dubai
NG|nigerian|en|36|2332459 Lagos, 2352778 Abuja, 2339354 Ibadan, 2343279 Enugu
GH|ghanaian|en|14|2306104 Accra, 2298890 Kumasi
KE|kenyan|en sw|28|184745 Nairobi, 186301 Mombasa, 191245 Kisumu
UG|kenyan|en|8|232422 Kampala
RW|kenyan|en fr|6|202061 Kigali
ET|ethiopian|am en|8|344979 Addis Ababa
CM|cameroonian|fr en|12|2232593 Douala, 2220957 Yaoundé
SN|cameroonian|fr|8|2253354 Dakar
ZA|southafrican|en|22|3369157 Cape Town, 993800 Johannesburg, 1007311 Durban
BW|southafrican|en|4|933773 Gaborone
IN|indian|en hi|90|1277333 Bengaluru, 1259229 Pune, 1264527 Chennai, 1273874 Kochi, 1279233 Ahmedabad, \
1269843 Hyderabad, 1269515 Jaipur, 1275004 Kolkata
LK|srilankan|en|8|1248991 Colombo
BD|bengali|bn en|12|1185241 Dhaka, 1205733 Chittagong
PK|pakistani|en ur|14|1172451 Lahore, 1174872 Karachi, 1176615 Islamabad
NP|nepali|en|6|1283240 Kathmandu
ID|indonesian|id|20|1650357 Bandung, 1642911 Jakarta, 1621177 Yogyakarta
MY|malay|en ms|10|1735161 Kuala Lumpur, 1735106 George Town
SG|malay|en|8|1880252 Singapore
PH|filipino|en|18|1717512 Cebu City, 1701668 Manila, 1715348 Davao
VN|vietnamese|vi|14|1566083 Ho Chi Minh City, 1583992 Da Nang, 1581130 Hanoi
JP|japanese|ja|18|1853909 Osaka, 1850147 Tokyo, 1863967 Fukuoka
KR|korean|ko|8|1835848 Seoul, 1838524 Busan
TW|taiwanese|zh-hant|8|1668341 Taipei, 1668399 Taichung
BR|brazilian|pt-br|70|3390760 Recife, 3448439 São Paulo, 3452925 Porto Alegre, 3464975 Curitiba, \
3470127 Belo Horizonte, 3450554 Salvador
AR|latin|es|22|3860259 Córdoba, 3435910 Buenos Aires, 3838583 Rosario
UY|latin|es|6|3441575 Montevideo
CL|latin|es|12|3868626 Valparaíso, 3871336 Santiago
PE|latin|es|10|3936456 Lima, 3947322 Arequipa
CO|latin|es|22|3674962 Medellín, 3688689 Bogotá, 3687925 Cali
EC|latin|es|6|3652462 Quito
MX|latin|es|26|4005539 Guadalajara, 3530597 Mexico City, 3523349 Mérida, 3521081 Puebla
CR|latin|es|6|3621849 San José
AU|british|en|26|2158177 Melbourne, 2174003 Brisbane, 2063523 Perth, 2147714 Sydney
NZ|british|en|12|2179537 Wellington, 2191562 Dunedin, 2193733 Auckland
CA|french|fr en|12|6077243 Montréal
"""


def _towns() -> Sequence[Town]:
    """The first town of a country has the most people: shares fall as 1, 1/2, 1/3, ..."""
    found = []
    for line in _TABLE.splitlines():
        country_code, culture, languages, people, towns = line.split("|")
        entries = [entry.partition(" ") for entry in towns.split(", ")]
        whole = sum(1 / rank for rank in range(1, len(entries) + 1))
        for rank, (number, _space, name) in enumerate(entries, start=1):
            weight = int(people) / rank / whole
            found.append(Town(int(number), name, country_code, culture, tuple(languages.split()), weight))
    return tuple(found)


TOWNS = _towns()
BY_NAME = {town.name: town for town in TOWNS}
