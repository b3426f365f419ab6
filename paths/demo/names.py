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

_GIRL, _BOY, _WOMAN, _MAN, _FAMILY = range(5)

_COMMUNITIES = {
    "anglo": (
        "Ada Beatrice Clara Daisy Edith Hazel Ivy June Leah Molly Nora Phoebe Rose Tess Willa Esme",
        "Arthur Caleb Desmond Elliot Felix Gus Harvey Jasper Leo Miles Owen Rory Silas Toby Wesley Hugh",
        "Alison Carol Dana Erin Gwen Heather Joanna Kate Laurel Megan Paula Sheila",
        "Alan Brian Craig Derek Gavin Keith Martin Neil Paul Russell Stuart Walter",
        "Ashworth Bramley Calloway Dunmore Easterby Fairbairn Garrick Hollis Kirkland Larkin Merrow Norwood "
        "Penrose Redfern Selwyn Thackery Underhill Wexler",
    ),
    "african_american": (
        "Aaliyah Brielle Chanel Diamond Ebony Imani Jada Kiara Laila Monique Nia Raven Tiana Zaria",
        "Andre Bryson Cedric Darius Elijah Jalen Kendrick Malik Marcus Quincy Terrence Tyrell Xavier Zaire",
        "Angela Denise Keisha Latoya Monica Renee Tamara Yolanda",
        "Curtis Darnell Jerome Lamar Maurice Reggie Terrell Vernon",
        "Banks Carver Dorsey Ellison Freeman Gaines Hairston Jefferson Lyles Mayfield Pettway Rollins Tolliver Winfrey",
    ),
    "latin_american": (
        "Adriana Belén Catalina Daniela Esperanza Graciela Itzel Jimena Luz Marisol Paloma Renata Valeria Ximena",
        "Alejandro Bruno Cristóbal Diego Emiliano Gael Hernán Iker Joaquín Leonel Maximiliano Nicolás Rafael Santiago",
        "Alma Beatriz Claudia Dolores Gloria Leticia Norma Rosario Silvia Verónica",
        "Armando Ernesto Fernando Gerardo Hector Luis Oscar Raúl Ricardo Víctor",
        "Aguilar Barrera Cárdenas Delgadillo Escobedo Figueroa Galindo Herrera Ibarra Jaramillo Lozano Montoya "
        "Olvera Pacheco Quintero Saldaña Tovar Villanueva Zamora",
    ),
    "west_african": (
        "Abena Adaeze Chiamaka Efua Fatoumata Ifeoma Kemi Mariama Ngozi Temi Yewande",
        "Babatunde Chidi Ebuka Femi Ikenna Kofi Kwame Mamadou Obinna Sekou Tunde",
        "Adwoa Bisi Chinyere Folake Khady Uche Yaa",
        "Adebayo Emeka Ibrahima Kojo Lamin Nnamdi Seydou",
        "Achebe Adeyemi Asante Bangura Camara Danso Eze Fofana Koroma Mensah Nwosu Owusu Sesay Traoré",
    ),
    "somali": (
        "Bilan Fathia Hodan Ifrah Muna Nasra Saida Sagal",
        "Dawud Guled Idris Liban Mahad Samatar Yonis Zakariya",
        "Ayan Hibo Safia Zeinab",
        "Bashir Mohamud Nuur Yusuf",
        "Abdullahi Dirie Farah Jama Nur Osman Shire Warsame",
    ),
    "ethiopian": (
        "Almaz Betelhem Hiwot Liya Makeda Rahel Tigist",
        "Abel Biruk Eyob Kidus Natnael Yonas",
        "Meron Selam Tsehay Worknesh",
        "Daniel Girma Solomon Tesfaye",
        "Alemu Gebre Haile Kebede Mengistu Negash Tadesse",
    ),
    "hindu_sikh": (
        "Aditi Bhavna Diya Ishani Jasleen Kavya Meera Nandini Pooja Riya Sanjana Tara",
        "Aarav Dev Harjit Kabir Nikhil Omkar Rohan Tejas Vihaan Yash",
        "Anjali Lakshmi Rekha Simran Sunita Usha",
        "Anil Gurpreet Manoj Suresh Vikram",
        "Ahluwalia Banerjee Desai Ghosh Iyer Joshi Kapoor Pillai Rao Sandhu Varma",
    ),
    "urdu": (
        "Aiza Hafsa Mahnoor Rabia Sana Zoya Zunaira",
        "Bilal Hamza Imran Junaid Sameer Shahzad Zain",
        "Farah Nasreen Rukhsana Shabana",
        "Faisal Kamran Rashid Tahir",
        "Baig Chaudhry Lodhi Mirza Qureshi Rehman Siddiqui",
    ),
    "vietnamese": (
        "An Bích Hạnh Kim Lan Mai Ngân Phương Thảo Vy",
        "Bảo Đức Hiếu Khánh Long Minh Nam Phúc Quân Tuấn",
        "Hoa Hương Liên Thu Tuyết",
        "Hùng Quang Sơn Thành Việt",
        "Bùi Đặng Đỗ Dương Hồ Lâm Ngô Phan Trịnh Vũ",
    ),
    "chinese": (
        "Jiayi Lihua Meilin Ruoxi Shuyi Xinyi Yating Yuhan Zihan",
        "Bowen Haoran Jianyu Junjie Kaiwen Ruihan Weijie Yichen Zhihao",
        "Fang Hui Jing Lijuan Xiuying",
        "Guowei Jun Ming Wei Yong",
        "Bai Cai Deng Feng Guo Hou Jiang Liang Mao Pan Qiu Shen Tang Xie Yuan Zhou",
    ),
    "korean": (
        "Chaewon Haeun Jiwoo Seoyeon Soojin Yuna",
        "Hyunwoo Jiho Minjun Seojun Taeyang",
        "Eunji Hyejin Mihee",
        "Jinho Sungmin Youngho",
        "Baek Hwang Kang Noh Ryu Shin Yoon",
    ),
    "japanese": (
        "Emi Mio Nanami Sakura Hinata",
        "Daiki Haruto Kenta Ren Sora",
        "Keiko Naomi Yoko",
        "Akira Hiroshi Takeshi",
        "Endo Fujita Ishida Maeda Okada Uchida",
    ),
    "middle_eastern": (
        "Amal Dalia Farida Hanan Jumana Layan Mariam Parisa Rana Shirin Yasmin",
        "Adnan Basil Cyrus Faris Hadi Jamal Kaveh Mazen Nabil Rami Ziad",
        "Huda Laleh Nadia Rima Samira",
        "Bahram Ghassan Khalil Marwan Tariq",
        "Abboud Barakat Darwish Ebrahimi Fakhoury Ghanem Hakimi Jafari Kassab Mansour Nasser Rostami Sabbagh",
    ),
    "slavic": (
        "Alina Bohdana Daryna Irina Katya Lesia Milena Oksana Vera Zlata",
        "Anton Bohdan Danylo Ivan Kirill Maksym Pavlo Roman Taras Vadim",
        "Halyna Larysa Natalia Svitlana Tetiana",
        "Andriy Dmytro Ihor Petro Serhii",
        "Bilyk Chernenko Danko Hrynko Kovalchuk Lysenko Marchenko Novikov Pavlenko Savchuk Tkach Zhuk",
    ),
    "dine": (
        "Dezba Nizhone Shandiin Yanaha Haseya",
        "Ahiga Hastiin Niyol Yas",
        "Bah Doli Lena",
        "Hosteen Leland Wilson",
        "Benally Manuelito Nakai Peshlakai Tsosie Yazzie",
    ),
    "pacific": (
        "Kailani Leilani Makana Sialei Talia",
        "Kai Keanu Lono Sefa Tavita",
        "Haunani Lupe Malia Sina",
        "Kekoa Manu Sione",
        "Fonoti Kahale Kealoha Leota Taumalolo",
    ),
}  # fmt: skip

# How often each community is drawn, in the order above.
_SHARES = (0.24, 0.13, 0.21, 0.07, 0.03, 0.02, 0.06, 0.03, 0.05, 0.05, 0.02, 0.01, 0.05, 0.02, 0.005, 0.005)
_MIXED_SHARE = 0.06


@dataclass(frozen=True)
class Person:
    """One invented person. community: where other names of the family are drawn from."""

    given: str
    family: str
    community: str

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
        return self._draw((_GIRL, _BOY), family_of)

    def woman(self, *, family_of=None):
        return self._draw((_WOMAN,), family_of)

    def man(self, *, family_of=None):
        return self._draw((_MAN,), family_of)

    def guardians(self, child):
        """One or two guardians of a child, seldom of another family name. Returns a list of Guardian."""
        kind = self._rng.choice(("both", "mother", "father", "two homes", "elder"), p=(0.5, 0.22, 0.08, 0.12, 0.08))
        if kind == "both":
            return [
                Guardian(self.woman(family_of=child), "mother"),
                Guardian(self.man(family_of=child), "father"),
            ]
        if kind == "mother":
            return [Guardian(self.woman(family_of=child), "mother")]
        if kind == "father":
            return [Guardian(self.man(family_of=child), "father")]
        if kind == "two homes":
            return [Guardian(self.woman(), "mother"), Guardian(self.man(family_of=child), "father")]
        if self._rng.random() < 0.5:
            return [Guardian(self.woman(family_of=child), "grandmother")]
        return [Guardian(self.man(family_of=child), "grandfather")]

    def _draw(self, pools, family_of):
        # A large family may use up the given names of its community; another community's are then as good.
        for attempt in range(400):
            person = self._candidate(pools, family_of, widen=attempt > 40)
            if person.full not in self._taken:
                self._taken.add(person.full)
                return person
        raise RuntimeError("The demo school ran out of names: add some to paths/demo/names.py.")

    def _candidate(self, pools, family_of, *, widen):
        if family_of is None:
            community = self._community()
            family_from = self._community() if self._rng.random() < _MIXED_SHARE else community
            family = self._pick(_COMMUNITIES[family_from][_FAMILY])
        else:
            community, family = family_of.community, family_of.family
            if widen:
                community = self._community()
        pool = pools[int(self._rng.integers(len(pools)))]
        return Person(self._pick(_COMMUNITIES[community][pool]), family, community)

    def _community(self):
        return list(_COMMUNITIES)[int(self._rng.choice(len(_SHARES), p=_SHARES))]

    def _pick(self, words):
        options = words.split()
        return options[int(self._rng.integers(len(options)))]
