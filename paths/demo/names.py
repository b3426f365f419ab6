"""Invented people for the demo school: who they are called, not what they do.

Given and family names are combined inside a community, so that a name sounds like somebody's; some families mix two.
Every name is chance: no list of real people was read.
"""

from dataclasses import dataclass

DISTRICT = "Willet Bay Schools"
SCHOOLS = ("Lantern Street School", "Saltmarsh School")

# Homerooms: birds at the first school, small boats and weather at the second.
HOMEROOMS = (
    ("Wren", "Plover", "Finch", "Swift", "Heron", "Kestrel", "Avocet", "Osprey", "Curlew", "Petrel", "Gannet", "Tern"),
    ("Dory", "Skiff", "Cutter", "Ketch", "Sloop", "Breeze", "Squall", "Beacon"),
)

_SHE, _HE, _ADULT_SHE, _ADULT_HE, _FAMILY, _LANGUAGES = range(6)

_COMMUNITIES = {
    "anglo": (
        "Ada Beatrice Clara Daisy Edith Hazel Ivy June Leah Molly Nora Phoebe Rose Tess Willa Esme",
        "Arthur Caleb Desmond Elliot Felix Gus Harvey Jasper Leo Miles Owen Rory Silas Toby Wesley Hugh",
        "Alison Carol Dana Erin Gwen Heather Joanna Kate Laurel Megan Paula Sheila",
        "Alan Brian Craig Derek Gavin Keith Martin Neil Paul Russell Stuart Walter",
        "Ashworth Bramley Calloway Dunmore Easterby Fairbairn Garrick Hollis Kirkland Larkin Merrow Norwood "
        "Penrose Redfern Selwyn Thackery Underhill Wexler",
        "English",
    ),
    "african_american": (
        "Aaliyah Brielle Chanel Diamond Ebony Imani Jada Kiara Laila Monique Nia Raven Tiana Zaria",
        "Andre Bryson Cedric Darius Elijah Jalen Kendrick Malik Marcus Quincy Terrence Tyrell Xavier Zaire",
        "Angela Denise Keisha Latoya Monica Renee Tamara Yolanda",
        "Curtis Darnell Jerome Lamar Maurice Reggie Terrell Vernon",
        "Banks Carver Dorsey Ellison Freeman Gaines Hairston Jefferson Lyles Mayfield Pettway Rollins Tolliver Winfrey",
        "English",
    ),
    "latin_american": (
        "Adriana Belén Catalina Daniela Esperanza Graciela Itzel Jimena Luz Marisol Paloma Renata Valeria Ximena Yareli",
        "Alejandro Bruno Cristóbal Diego Emiliano Gael Hernán Iker Joaquín Leonel Maximiliano Nicolás Rafael Santiago",
        "Alma Beatriz Claudia Dolores Gloria Leticia Norma Rosario Silvia Verónica",
        "Armando Ernesto Fernando Gerardo Hector Luis Oscar Raúl Ricardo Víctor",
        "Aguilar Barrera Cárdenas Delgadillo Escobedo Figueroa Galindo Herrera Ibarra Jaramillo Lozano Montoya "
        "Olvera Pacheco Quintero Saldaña Tovar Villanueva Zamora",
        "Spanish and English",
    ),
    "west_african": (
        "Abena Adaeze Chiamaka Efua Fatoumata Ifeoma Kemi Mariama Ngozi Temi Yewande",
        "Babatunde Chidi Ebuka Femi Ikenna Kofi Kwame Mamadou Obinna Sekou Tunde",
        "Adwoa Bisi Chinyere Folake Khady Uche Yaa",
        "Adebayo Emeka Ibrahima Kojo Lamin Nnamdi Seydou",
        "Achebe Adeyemi Asante Bangura Camara Danso Eze Fofana Koroma Mensah Nwosu Owusu Sesay Traoré",
        "English",
    ),
    "somali": (
        "Bilan Fathia Hodan Ifrah Muna Nasra Saida Sagal",
        "Dawud Guled Idris Liban Mahad Samatar Yonis Zakariya",
        "Ayan Hibo Safia Zeinab",
        "Bashir Mohamud Nuur Yusuf",
        "Abdullahi Dirie Farah Jama Nur Osman Shire Warsame",
        "Somali and English",
    ),
    "ethiopian": (
        "Almaz Betelhem Hiwot Liya Makeda Rahel Tigist",
        "Abel Biruk Eyob Kidus Natnael Yonas",
        "Meron Selam Tsehay Worknesh",
        "Daniel Girma Solomon Tesfaye",
        "Alemu Gebre Haile Kebede Mengistu Negash Tadesse",
        "Amharic and English",
    ),
    "hindu_sikh": (
        "Aditi Bhavna Diya Ishani Jasleen Kavya Meera Nandini Pooja Riya Sanjana Tara",
        "Aarav Dev Harjit Kabir Nikhil Omkar Rohan Tejas Vihaan Yash",
        "Anjali Lakshmi Rekha Simran Sunita Usha",
        "Anil Gurpreet Manoj Suresh Vikram",
        "Ahluwalia Banerjee Desai Ghosh Iyer Joshi Kapoor Pillai Rao Sandhu Varma",
        "Hindi, Punjabi and English",
    ),
    "urdu": (
        "Aiza Hafsa Mahnoor Rabia Sana Zoya Zunaira",
        "Bilal Hamza Imran Junaid Sameer Shahzad Zain",
        "Farah Nasreen Rukhsana Shabana",
        "Faisal Kamran Rashid Tahir",
        "Baig Chaudhry Lodhi Mirza Qureshi Rehman Siddiqui",
        "Urdu and English",
    ),
    "vietnamese": (
        "An Bích Hạnh Kim Lan Mai Ngân Phương Thảo Vy",
        "Bảo Đức Hiếu Khánh Long Minh Nam Phúc Quân Tuấn",
        "Hoa Hương Liên Thu Tuyết",
        "Hùng Quang Sơn Thành Việt",
        "Bùi Đặng Đỗ Dương Hồ Lâm Ngô Phan Trịnh Vũ",
        "Vietnamese and English",
    ),
    "chinese": (
        "Jiayi Lihua Meilin Ruoxi Shuyi Xinyi Yating Yuhan Zihan",
        "Bowen Haoran Jianyu Junjie Kaiwen Ruihan Weijie Yichen Zhihao",
        "Fang Hui Jing Lijuan Xiuying",
        "Guowei Jun Ming Wei Yong",
        "Bai Cai Deng Feng Guo Hou Jiang Liang Mao Pan Qiu Shen Tang Xie Yuan Zhou",
        "Mandarin and English",
    ),
    "korean": (
        "Chaewon Haeun Jiwoo Seoyeon Soojin Yuna",
        "Hyunwoo Jiho Minjun Seojun Taeyang",
        "Eunji Hyejin Mihee",
        "Jinho Sungmin Youngho",
        "Baek Hwang Kang Noh Ryu Shin Yoon",
        "Korean and English",
    ),
    "japanese": (
        "Emi Mio Nanami Sakura Hinata",
        "Daiki Haruto Kenta Ren Sora",
        "Keiko Naomi Yoko",
        "Akira Hiroshi Takeshi",
        "Endo Fujita Ishida Maeda Okada Uchida",
        "Japanese and English",
    ),
    "middle_eastern": (
        "Amal Dalia Farida Hanan Jumana Layan Mariam Parisa Rana Shirin Yasmin",
        "Adnan Basil Cyrus Faris Hadi Jamal Kaveh Mazen Nabil Rami Ziad",
        "Huda Laleh Nadia Rima Samira",
        "Bahram Ghassan Khalil Marwan Tariq",
        "Abboud Barakat Darwish Ebrahimi Fakhoury Ghanem Hakimi Jafari Kassab Mansour Nasser Rostami Sabbagh",
        "Arabic, Farsi and English",
    ),
    "slavic": (
        "Alina Bohdana Daryna Irina Katya Lesia Milena Oksana Vera Zlata",
        "Anton Bohdan Danylo Ivan Kirill Maksym Pavlo Roman Taras Vadim",
        "Halyna Larysa Natalia Svitlana Tetiana",
        "Andriy Dmytro Ihor Petro Serhii",
        "Bilyk Chernenko Danko Hrynko Kovalchuk Lysenko Marchenko Novikov Pavlenko Savchuk Tkach Zhuk",
        "Ukrainian and English",
    ),
    "dine": (
        "Dezba Nizhone Shandiin Yanaha Haseya",
        "Ahiga Hastiin Niyol Yas",
        "Bah Doli Lena",
        "Hosteen Leland Wilson",
        "Benally Manuelito Nakai Peshlakai Tsosie Yazzie",
        "Navajo and English",
    ),
    "pacific": (
        "Kailani Leilani Makana Sialei Talia",
        "Kai Keanu Lono Sefa Tavita",
        "Haunani Lupe Malia Sina",
        "Kekoa Manu Sione",
        "Fonoti Kahale Kealoha Leota Taumalolo",
        "English",
    ),
}  # fmt: skip

# How often each community is drawn, in the order above.
_SHARES = (0.24, 0.13, 0.21, 0.07, 0.03, 0.02, 0.06, 0.03, 0.05, 0.05, 0.02, 0.01, 0.05, 0.02, 0.005, 0.005)
_MIXED_SHARE = 0.06
_THEY_SHARE = 0.012


@dataclass(frozen=True)
class Person:
    """One invented person. pronoun: "she", "he" or "they". languages: spoken at home, in words."""

    given: str
    family: str
    pronoun: str
    community: str
    languages: str

    @property
    def full(self):
        return f"{self.given} {self.family}"


@dataclass(frozen=True)
class Guardian:
    """An adult of one household. relationship: the word that the child would use for the family tree."""

    person: Person
    relationship: str


class Namer:
    """Gives each caller a person whose full name nobody else has.

    rng: numpy Generator, the only source of chance, so that a seed repeats the school.
    """

    def __init__(self, rng):
        self._rng = rng
        self._taken = set()

    def child(self, *, family_of=None):
        """A new child; family_of: a Person whose family name and community it shares (a sibling)."""
        return self._draw((_SHE, _HE), family_of)

    def adult(self, *, family_of=None, pronoun=None):
        """A new adult; pronoun: "she" or "he" where the caller needs one."""
        pools = {"she": (_ADULT_SHE,), "he": (_ADULT_HE,)}.get(pronoun, (_ADULT_SHE, _ADULT_HE))
        return self._draw(pools, family_of)

    def guardians(self, child):
        """One or two guardians of a child, seldom of another family name. Returns a list of Guardian."""
        kind = self._rng.choice(("both", "mother", "father", "two_homes", "elder"), p=(0.5, 0.22, 0.08, 0.12, 0.08))
        if kind == "both":
            return [self._guardian(child, "mother"), self._guardian(child, "father")]
        if kind == "mother":
            return [self._guardian(child, "mother")]
        if kind == "father":
            return [self._guardian(child, "father")]
        if kind == "two_homes":
            mother = Guardian(self.adult(pronoun="she"), "mother")
            return [mother, self._guardian(child, "father")]
        elder = self._rng.choice(("grandmother", "grandfather", "aunt"))
        return [self._guardian(child, str(elder))]

    def _guardian(self, child, relationship):
        pronoun = "he" if relationship in {"father", "grandfather"} else "she"
        return Guardian(self.adult(family_of=child, pronoun=pronoun), relationship)

    def _draw(self, pools, family_of):
        # A family of five may use up the adult names of its community; another community's given name is then as good.
        for attempt in range(400):
            person = self._candidate(pools, family_of, widen=attempt > 40)
            if person.full not in self._taken:
                self._taken.add(person.full)
                return person
        raise RuntimeError("The demo school ran out of names: add some to paths/demo/names.py.")

    def _candidate(self, pools, family_of, *, widen):
        keys = list(_COMMUNITIES)
        if family_of is None:
            community = str(self._rng.choice(keys, p=_SHARES))
            surname_from = str(self._rng.choice(keys, p=_SHARES)) if self._rng.random() < _MIXED_SHARE else community
            family = self._pick(_COMMUNITIES[surname_from][_FAMILY])
        else:
            community, family = family_of.community, family_of.family
            if widen:
                community = str(self._rng.choice(keys, p=_SHARES))
        pool = int(self._rng.choice(pools))
        given = self._pick(_COMMUNITIES[community][pool])
        pronoun = "she" if pool in {_SHE, _ADULT_SHE} else "he"
        if pool in {_SHE, _HE} and self._rng.random() < _THEY_SHARE:
            pronoun = "they"
        return Person(given, family, pronoun, community, self._home_languages(community))

    def _home_languages(self, community):
        """One language beside English where the community speaks several."""
        languages = _COMMUNITIES[community][_LANGUAGES]
        *others, last = languages.replace(" and ", ", ").split(", ")
        if not others:
            return last
        return f"{others[int(self._rng.integers(len(others)))]} and {last}"

    def _pick(self, words):
        options = words.split()
        return options[int(self._rng.integers(len(options)))]
