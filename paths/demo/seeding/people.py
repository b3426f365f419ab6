"""Staff, learners and their families, with dated enrollments."""

import unicodedata
from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib.auth.hashers import make_password

from paths.demo.entry import DISTRICT_ADMIN, FAMILY, PASSWORD, PRINCIPAL, STUDENT, TEACHER, account_key
from paths.demo.names import Guardian, Namer, Person
from paths.demo.seeding.plan import SUBJECTS, Homeroom, Scene
from profiles.models import Account, AdminRole, Enrollment, Guardianship, Learner

STEP = 2
SIBLING_SHARE = 0.24
STAFF_HOST = "willetbay.example"
LEARNER_HOST = "students.willetbay.example"
FAMILY_HOST = "home.example"
_PLAIN = str.maketrans({"đ": "d", "Đ": "D", "ø": "o", "ł": "l"})


@dataclass
class Household:
    """One family: its children by room and row, and the adults who are guardians of all of them."""

    children: list[Person]
    places: list[tuple[int, int]]
    guardians: list[Guardian]
    accounts: list[Account] = field(default_factory=list)


def make_people(scene: Scene) -> None:
    """Everybody of the district, in as few statements as there are tables."""
    people = _People(scene)
    people.make_staff()
    people.make_learners()
    people.make_guardians()
    people.name_the_demo_family()


class _People:
    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.rng = scene.chance(STEP)
        self.namer = Namer(self.rng)
        self.taken: set[str] = set()
        # One hash for everybody: Argon2 for 1,300 people would take longer than all the rest.
        self.password = make_password(PASSWORD)
        self.households: list[Household] = []

    def make_staff(self) -> None:
        """Homeroom teachers up to grade 5, a teacher for each subject above, co-teachers, aides, principals."""
        enrollments: list[Enrollment] = []
        for school in dict.fromkeys(room.school for room in self.scene.rooms):
            rooms = [room for room in self.scene.rooms if room.school == school]
            for room in (r for r in rooms if not r.plan.is_departmental):
                teacher = self._staff(key=account_key(TEACHER) if room.plan.is_main else None)
                room.teachers = dict.fromkeys(SUBJECTS, teacher)
                enrollments.append(self._teaches(room, teacher, Enrollment.Role.TEACHER))
            enrollments += self._departments([r for r in rooms if r.plan.is_departmental])
            enrollments += self._helpers(rooms)
            is_main = any(room.plan.is_main for room in rooms)
            principal = self._staff(key=account_key(PRINCIPAL) if is_main else None)
            self._administers(principal, AdminRole.Kind.SCHOOL, school)
        self._administers(self._staff(key=account_key(DISTRICT_ADMIN)), AdminRole.Kind.DISTRICT, None)
        Enrollment.objects.bulk_create(enrollments)

    def _departments(self, rooms: list[Homeroom]) -> list[Enrollment]:
        """One teacher a subject for at most four rooms."""
        found = []
        halves = [rooms[0::2], rooms[1::2]] if len(rooms) > 4 else [rooms]
        for half in halves:
            for subject in SUBJECTS:
                if not half:
                    continue
                teacher = self._staff()
                for room in half:
                    room.teachers[subject] = teacher
                    found.append(self._teaches(room, teacher, Enrollment.Role.TEACHER, section=room.sections[subject]))
        return found

    def _helpers(self, rooms: list[Homeroom]) -> list[Enrollment]:
        """A co-teacher for the lower and the upper rooms, and aides; the demo teacher has one of each."""
        found = []
        for band in ([r for r in rooms if not r.plan.is_departmental], [r for r in rooms if r.plan.is_departmental]):
            for role, wanted in ((Enrollment.Role.CO_TEACHER, band[::2]), (Enrollment.Role.AIDE, band[1::2])):
                joined = [room for room in band if room.plan.is_main or room in wanted]
                helper = self._staff() if joined else None
                found += [self._teaches(room, helper, role) for room in joined]
        return found

    def make_learners(self) -> None:
        learners: list[Learner] = []
        enrollments: list[Enrollment] = []
        numbers = [str(n) for n in self.rng.choice(9000, size=len(self._places()), replace=False) + 1000]
        for (number, row), short in zip(self._places(), numbers, strict=True):
            room = self.scene.rooms[number]
            person = self._child(number, row)
            account = Account(
                district=self.scene.district,
                uuid=self.scene.uuid("account", "learner", number, row),
                kind=Account.Kind.LEARNER,
                email=self._email(person, LEARNER_HOST) if room.plan.is_departmental else None,
                password=self.password if room.plan.is_departmental else "!",
                given_name=person.given,
                family_name=person.family,
                created_at=self.scene.at(room.came_on[row], 8, 0),
            )
            learner = Learner(
                district=self.scene.district,
                home_school=room.school,
                account=account,
                uuid=self.scene.uuid("learner", number, row),
                key=f"S{len(learners) + 10001}",
                given_name=person.given,
                family_name=person.family,
                grade=room.plan.grade_code,
                number=short,
                created_at=account.created_at,
            )
            learners.append(learner)
            room.learners.append(learner)
            room.accounts.append(account)
            enrollments.append(
                Enrollment(
                    roster=room.roster,
                    learner=learner,
                    role=Enrollment.Role.LEARNER,
                    starts_on=room.came_on[row],
                )
            )
        Account.objects.bulk_create(account for room in self.scene.rooms for account in room.accounts)
        Learner.objects.bulk_create(learners)
        Enrollment.objects.bulk_create(enrollments)

    def make_guardians(self) -> None:
        accounts: list[Account] = []
        guardianships: list[Guardianship] = []
        since = self.scene.term.starts_on - timedelta(7)
        for household in self.households:
            for guardian in household.guardians:
                account = Account(
                    district=self.scene.district,
                    uuid=self.scene.uuid("account", "guardian", len(accounts)),
                    kind=Account.Kind.GUARDIAN,
                    email=self._email(guardian.person, FAMILY_HOST),
                    password=self.password,
                    given_name=guardian.person.given,
                    family_name=guardian.person.family,
                    created_at=self.scene.at(since),
                )
                accounts.append(account)
                household.accounts.append(account)
                guardianships += [
                    Guardianship(
                        account=account,
                        learner=self.scene.rooms[number].learners[row],
                        relation=guardian.relationship,
                        starts_on=since,
                        confirmed_at=self.scene.at(since, 15),
                    )
                    for number, row in household.places
                ]
        Account.objects.bulk_create(accounts)
        Guardianship.objects.bulk_create(guardianships)

    def name_the_demo_family(self) -> None:
        """The student behind the second button: in the main room, there all term, with brothers or sisters if any."""
        main = next(n for n, room in enumerate(self.scene.rooms) if room.plan.is_main)
        room = self.scene.rooms[main]
        present = [
            row for row in range(room.plan.learners) if not room.traits.joined[row] and not room.traits.away[row].any()
        ]
        siblings = {place for household in self.households if len(household.places) > 1 for place in household.places}
        row = min(present, key=lambda row: ((main, row) not in siblings, abs(room.traits.ability[row] - 0.2)))
        household = next(h for h in self.households if (main, row) in h.places)
        for account, role in ((room.accounts[row], STUDENT), (household.accounts[0], FAMILY)):
            account.key = account_key(role)
            account.save(update_fields=["key"])

    def _places(self) -> list[tuple[int, int]]:
        return [(n, row) for n, room in enumerate(self.scene.rooms) for row in range(room.plan.learners)]

    def _child(self, number: int, row: int) -> Person:
        """A new family, or one more child of a family at this school with no child in this grade."""
        room = self.scene.rooms[number]
        open_to = [
            household for household in self.households if len(household.places) < 3 and self._fits(household, room)
        ]
        if open_to and self.rng.random() < SIBLING_SHARE:
            household = open_to[int(self.rng.integers(len(open_to)))]
            person = self.namer.child(family_of=household.children[0])
            household.children.append(person)
            household.places.append((number, row))
            return person
        person = self.namer.child()
        self.households.append(Household([person], [(number, row)], self.namer.guardians(person)))
        return person

    def _fits(self, household: Household, room: Homeroom) -> bool:
        homes = [self.scene.rooms[number] for number, _ in household.places]
        return homes[0].school == room.school and all(home.plan.grade != room.plan.grade for home in homes)

    def _staff(self, *, key: str | None = None) -> Account:
        person = self.namer.woman() if self.rng.random() < 0.68 else self.namer.man()
        return Account.objects.create(
            district=self.scene.district,
            uuid=self.scene.uuid("account", "staff", person.full),
            key=key,
            kind=Account.Kind.STAFF,
            email=self._email(person, STAFF_HOST),
            password=self.password,
            given_name=person.given,
            family_name=person.family,
            created_at=self.scene.at(self.scene.term.starts_on - timedelta(14)),
        )

    def _teaches(self, room, account, role, *, section=None) -> Enrollment:
        return Enrollment(
            roster=room.roster,
            section=section,
            account=account,
            role=role,
            starts_on=self.scene.term.year_starts_on,
            ends_on=self.scene.term.year_ends_on,
        )

    def _administers(self, account: Account, kind: str, school) -> None:
        AdminRole.objects.create(account=account, kind=kind, school=school, starts_on=self.scene.term.year_starts_on)

    def _email(self, person: Person, host: str) -> str:
        plain = unicodedata.normalize("NFKD", person.full.translate(_PLAIN))
        name = "".join(
            sign for sign in plain.replace(" ", ".").lower() if sign.isascii() and (sign.isalnum() or sign == ".")
        )
        email, n = f"{name}@{host}", 2
        while email in self.taken:
            email, n = f"{name}{n}@{host}", n + 1
        self.taken.add(email)
        return email
