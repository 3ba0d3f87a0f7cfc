"""Names for invented people, by culture, and how the people come to call themselves online. Any likeness is chance."""

import random
from collections.abc import Mapping

from portal.places.models import fold

# culture | given names | family names
_TABLE = """\
german|Anna Jonas Lena Felix Marie Lukas Katrin Moritz Heike Theo Johanna Nils Birgit Matthias Greta Uwe Paula \
Henning Silke Anton|\
Brandt Vogel Steiner Krüger Lindner Wolff Hartmann Seidel Pohl Brückner Engel Kaiser Reuter Lorenz \
Sommer Haas Eberle Thiel Busch Arnold
british|Claire Owen Maisie Callum Harriet Rhys Imogen Fergus Tamsin Declan Dara Niamh Alistair Poppy Gareth \
Orla Rowan Bronwen Ewan Ada|\
Whitlock Pritchard Quinn Ashdown Gallagher Marlow Fairbairn Hollis Kearney Thorne Lockhart Penrose \
Byrne Calloway Drummond Sutcliffe
american|Ethan Maya Caleb Naomi Wes Dana Jasper Leah Marcus Robin Tessa Quentin Erin Darnell Holly Abel Joy \
Trent Corinne Miles|\
Hadley Mercer Langston Beaumont Castillo Whitaker Okafor Delgado Sandoval Prescott Nakamura \
Holloway Vance Brooks Kowalski Ridley
french|Camille Julien Élodie Mathieu Inès Bastien Solène Rémi Aurélie Théo Margaux Yann Clémence Adrien Noémie \
Loïc Maëlle Gaspard|\
Bouchard Lefèvre Marchand Garnier Perrot Delorme Chevalier Rousselot Tessier Vasseur Lemaire \
Fontaine Gosselin Carpentier Roche Dumas
dutch|Sanne Daan Femke Joris Lotte Bram Marijke Ruben Anouk Thijs Fleur Wouter Hanneke Sjoerd Noor Koen|\
Visser Dijkstra Hofman Brouwer Kuipers Veenstra Postma Scholten Terpstra Haveman Zijlstra Koster Wiersma Bosch
spanish|Tomás Lucía Álvaro Nuria Íñigo Marta Rubén Aitana Sergio Leire Gonzalo Irene Jorge Mireia Hugo Carmen|\
Ferrer Ibáñez Roldán Navarro Echevarría Campos Vidal Pascual Molina Ortega Serrano Arce Belmonte Galán
portuguese|Rui Beatriz Tiago Inês Duarte Mafalda Gonçalo Leonor Nuno Teresa Vasco Joana Afonso Catarina Simão Filipa|\
Tavares Antunes Figueiredo Matos Coelho Barros Pinheiro Vaz Seabra Lourenço Abrantes Morais Queirós Sequeira
italian|Giulia Matteo Chiara Davide Elisa Lorenzo Francesca Nicolò Serena Pietro Ilaria Tommaso Marta Emanuele \
Bianca Ruggero|\
Rinaldi Ferraris Colombo Bellini Santoro Marchetti De~Luca Barbieri Galli Moretti Vitale Caruso Lombardi Parisi
nordic|Henrik Ingrid Maja Anders Freja Sigurd Astrid Mikkel Karin Emil Solveig Lars Tuva Oskar Signe Gustav|\
Dahl Lund Bergström Nyberg Holm Hagen Sandvik Ekdahl Lindqvist Mortensen Aas Wallin Kjær Solberg
finnish|Aino Eero Helmi Tarmo Kaisa Veikko Liina Rasmus Marjut Juho Kadri Onni Piret Saara Mihkel Ilona|\
Virtala Koskela Mäkelä Tamm Saarinen Laukkanen Kask Rantanen Heinonen Sepp Lehtonen Pärn Niskanen Salo
polish|Zofia Piotr Agnieszka Tomasz Hanna Kacper Magda Wojtek Ewelina Michał Kinga Bartosz Ola Szymon Iga Rafał|\
Wiśniewska Zieliński Kaczmarek Mazur Sikora Wrona Jabłońska Gajewski Sobczak Cieślak Pawlak Borowiec Lis Urban
czech|Tereza Ondřej Klára Vojtěch Petra Radek Zuzana Marek Alžběta Štěpán Lenka Jiří Eliška Dušan Barbora Matej|\
Havlík Beneš Kučerová Sedlák Procházka Vlček Dostál Hruška Zeman Krejčí Bartoš Urbanová Kolár Šimek
hungarian|Réka Bence Dóra Gergő Zsófia Balázs Eszter Márton Lilla Ádám Boglárka Csaba|\
Kovács Szabó Halász Bodnár Pintér Gulyás Somogyi Vadász Kelemen Fodor Barta Juhász
romanian|Andrei Ioana Mihnea Raluca Radu Bianca Vlad Corina Sorin Anca Tudor Simona|\
Dumitrescu Moldovan Rusu Ardelean Stănescu Petrescu Călin Marin Vasile Olteanu Toma Crișan
bulgarian|Elitsa Kaloyan Desislava Stoyan Ralitsa Plamen Yana Boyan Milena Todor|\
Hristova Dimitrov Petkova Kolev Angelova Stoilov Nedeva Marinov Tsvetkova Iliev
balkan|Milica Luka Jelena Nikola Tijana Marko Ana Ivan Sanja Vuk Nika Matej|\
Jovanović Horvat Novak Petrović Babić Kovač Ilić Zupan Marić Radić Savić Kralj
greek|Eleni Nikos Katerina Yannis Sofia Petros Danae Stavros Ioanna Kostas|\
Papadaki Georgiou Vlachos Nikolaidis Makris Karras Dimou Stathopoulou Lekkas Zervas
turkish|Elif Emre Zeynep Kerem Defne Barış Selin Onur Ceren Tolga Ece Deniz|\
Yıldız Aydın Kaplan Özkan Şahin Erdem Korkmaz Aksoy Güneş Toprak Polat Uçar
ukrainian|Oksana Taras Iryna Bohdan Kateryna Ostap Solomiia Yurii Daryna Maksym Halyna Nazar|\
Kovalenko Melnyk Shevchuk Bondar Tkachuk Lysenko Hrytsenko Moroz Savchuk Koval Romaniuk Oliinyk
baltic|Rasa Tomas Ieva Mantas Agnė Jonas Līga Artūrs Eglė Kristaps|\
Kazlauskas Petraitis Ozoliņš Kalniņa Balčiūnas Vītols Žukauskas Liepa Urbonas Bērziņš
levant|Noa Amit Tamar Yonatan Shira Eitan Maayan Omer|Levin Shalev Peretz Almog Ben-Ami Harel Doron Regev
arabic|Noor Youssef Salma Karim Leila Omar Hiba Tarek Yasmine Rami Amina Bilal Nadia Samir Dina Ziad|\
Haddad El-Amrani Mansour Khoury Benali Fahmy Chaoui Nasser Saidi Barakat Zaki Trabelsi Idrissi Farouk
nigerian|Amara Tunde Chiamaka Ifeanyi Folake Emeka Ngozi Segun Yewande Obinna Temitope Uche Halima Kelechi Bisi \
Damilola|\
Nwosu Adeyemi Okonkwo Balogun Eze Olawale Ibekwe Afolabi Umeh Ogunleye Danjuma Akande Nnamdi Oyelaran
ghanaian|Akosua Kwame Efua Kofi Abena Yaw Adwoa Kojo Esi Nana|Mensah Boateng Asante Owusu Addo Agyeman Sarpong \
Ofori Quaye Darko
kenyan|Wanjiru Kimani Achieng Otieno Njeri Kiprop Atieno Mwangi Nakato Okello Wambui Barasa Mutoni|\
Kamau Odhiambo Kariuki Wekesa Mutua Omondi Chebet Njoroge Ssemakula Uwase Muthoni Kiplagat
ethiopian|Selam Dawit Hanna Yonas Meron Abel Tigist Henok|Tesfaye Bekele Alemu Girma Haile Mekonnen Tadesse Worku
cameroonian|Mireille Serge Aïcha Landry Estelle Boris Fatou Cheikh Nadège Armand Awa Moussa|\
Ngono Mbarga Fotso Ndiaye Tchamba Eyenga Diop Kamga Sow Essomba Fall Njoya
southafrican|Thandi Sipho Lerato Pieter Naledi Johan Zanele Kagiso Ayanda Riaan Boitumelo Themba|\
Dlamini Nkosi van~Wyk Mokoena Botha Khumalo Sithole Molefe Pillay Naidoo Joubert
indian|Priya Arjun Kavya Rohan Meera Sanjay Ananya Vikram Divya Karthik Nisha Aditya Lakshmi Rahul Sneha Manoj \
Ishita Varun Pooja Harsh|\
Iyer Kulkarni Menon Deshpande Nair Chatterjee Patil Reddy Bhat Joshi Saxena Rao Mehta Banerjee \
Pillai Shetty Trivedi Agarwal
srilankan|Dilani Nuwan Ishara Kasun Tharindu Sanduni|Perera Fernando Jayawardena Wickrama Silva Gunasekara
bengali|Farhana Tanvir Nusrat Rakib Shirin Imran Tahmina Arif|Rahman Chowdhury Islam Haque Karim Sarker Akter Hossain
pakistani|Ayesha Bilal Hina Usman Sana Zain Mahnoor Faisal|Siddiqui Malik Qureshi Raza Anwar Sheikh Javed Bukhari
nepali|Sunita Bikash Asmita Prakash Rojina Suman|Shrestha Gurung Thapa Adhikari Karki Tamang
indonesian|Dewi Bagus Sari Rizky Putri Agus Wulan Hendra Ratna Fajar Intan Yoga|\
Santoso Wijaya Pratama Lestari Nugroho Hidayat Kusuma Saputra Maharani Setiawan Gunawan Utami
malay|Aisyah Wei-Ling Farid Mei Hafiz Shu-Min Nurul Jia-Hao Suresh Hui-Yi|Rahim Tan Lim Ismail Ong Lee \
Subramaniam Goh Zulkifli Teo
filipino|Maricel Jun Angelica Paolo Liza Carlo Jasmine Rico Bea Nestor|Santos Dela~Cruz Reyes Villanueva Aquino \
Bautista Mercado Salazar Ocampo Lacson
vietnamese|Linh Minh Thảo Quang Hạnh Tuấn Ngọc Bảo Mai Khoa|Nguyễn Trần Phạm Lê Hoàng Võ Đặng Bùi Đỗ Huỳnh
japanese|Haruka Kenji Yui Takumi Sakura Daichi Mio Shota Akari Ryo|Nakajima Morita Fujii Okada Ishikawa Hayashi \
Ueda Sakai Kudo Matsuda
korean|Ji-woo Min-jun Seo-yeon Do-yun Ha-eun Jae-won|Kim Park Choi Jung Kang Yoon
taiwanese|Yi-Ting Chih-Wei Pei-Shan Jun-Jie Ya-Wen Po-Han|Chen Lin Huang Wu Hsu Liao
brazilian|Ana Rafael Larissa Thiago Camila Bruno Juliana Caio Renata Gustavo Isadora Vinícius Letícia Danilo \
Sávia Marcelo Yasmin Otávio|\
Cavalcanti Moura Teixeira Bezerra Azevedo Nogueira Prado Siqueira Amorim Guimarães Vasconcelos \
Rezende Batista Queiroz Lacerda
latin|Valentina Mateo Camila Joaquín Daniela Santiago Florencia Emiliano Paola Nicolás Ximena Facundo Mariana \
Andrés Sol Ramiro|\
Quiroga Restrepo Herrera Villalobos Paredes Sosa Cárdenas Benítez Rojas Acuña Zambrano Figueroa Salinas Montoya
"""


def _pools() -> Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Given and family names of each culture; a tilde in the table is a space inside a name."""
    rows = (line.split("|") for line in _TABLE.splitlines())
    return {culture: (_names(given), _names(family)) for culture, given, family in rows}


def _names(column: str) -> tuple[str, ...]:
    return tuple(word.replace("~", " ") for word in column.split())


POOLS = _pools()
_SUFFIXES = ("dev", "builds", "writes", "codes", "mk", "web", "makes", "labs", "mktg", "data", "ops", "hq")


def person_name(rng: random.Random, culture: str, taken: set[str]) -> str:
    """A name nobody of `taken` has; a second given name when the short ones run out."""
    given, family = POOLS[culture]
    for attempt in range(200):
        first = rng.choice(given) if attempt < 60 else f"{rng.choice(given)} {rng.choice(given)}"
        name = f"{first} {rng.choice(family)}"
        if name not in taken:
            taken.add(name)
            return name
    raise ValueError(f"too few names for {culture}")


def handle(rng: random.Random, name: str, taken: set[str]) -> str:
    """A login such as mlund, theo-brandt, priya-builds or rui_t; unique."""
    letters = "".join(letter if letter.isalnum() else " " for letter in fold(name))
    words = [word for word in letters.split() if word.isascii()] or ["someone"]
    first, last, suffix = words[0], words[-1], rng.choice(_SUFFIXES)
    shapes = (
        f"{first}-{last}", f"{first[0]}{last}", f"{first}{last[0]}", f"{first}-{suffix}", f"{first}_{last[:3]}",
        f"{last}{first[0]}", f"{first}.{last}", f"{first}{rng.randint(7, 99)}", f"{last}-{suffix}",
    )  # fmt: skip
    chosen = rng.choice(shapes)
    while chosen in taken:
        chosen = f"{rng.choice(shapes)}{rng.randint(2, 99)}"
    taken.add(chosen)
    return chosen
