"""Rosters drawn at random: a school year as a bulk package, and what changes from one to the next."""

from random import Random

from tests.profiles.oneroster.packages import V1P1

ROSTER = tuple[dict, dict, dict]
NAMES = ("Ana", "Björn", "Chloé", "Đặng", "Eli", "Fatima", "Gwen", "O'Hara", "李", "Zoë")
DAY = "2026-08-24"
MOMENT = "2026-11-02T08:00:00Z"


def roster_of(random: Random) -> ROSTER:
    """(classes: key -> title, people: key -> (role, name, grade, address), places: key -> (class, person, end))."""
    classes = {f"k{n}": f"Math {n}" for n in range(random.randint(1, 4))}
    people = {f"t{n}": ("teacher", random.choice(NAMES), "", f"t{n}@x.example") for n in range(random.randint(1, 3))}
    for n in range(random.randint(0, 12)):
        address = f"u{n}@x.example" if random.random() < 0.3 else ""
        people[f"u{n}"] = ("student", random.choice(NAMES), random.choice(("03", "04", "05")), address)
    places = {}
    for person, (role, *_rest) in people.items():
        for one in classes:
            if random.random() < 0.5:
                end = "2026-12-18" if role == "student" and random.random() < 0.2 else ""
                places[f"e-{one}-{person}"] = (one, person, end)
    return classes, people, places


def changed_roster(random: Random, roster: ROSTER) -> ROSTER:
    """Some are gone, some are new, some are called otherwise, some places have another id; places of whoever is gone
    are gone."""
    classes, people, places = (dict(part) for part in roster)
    for key in [key for key in classes if random.random() < 0.15 and len(classes) > 1]:
        del classes[key]
    for key in list(classes):
        if random.random() < 0.2:
            classes[key] += "+"
    for key in list(people):
        role, _name, grade, address = people[key]
        luck = random.random()
        if luck < 0.15:
            del people[key]
        elif luck < 0.4:
            people[key] = (role, random.choice(NAMES), grade and random.choice(("03", "04", "05")), address)
    for n in range(random.randint(0, 3)):
        people[f"n{n}"] = ("student", random.choice(NAMES), "04", "")
    for key in list(places):
        one, person, end = places[key]
        if one not in classes or person not in people or random.random() < 0.1:
            del places[key]
        elif random.random() < 0.15 and people[person][0] == "student":
            places[key] = (one, person, "2026-11-30" if not end else "")
    for key in list(places):
        if random.random() < 0.15:  # the source makes its ids anew
            places[f"{key}'"] = places.pop(key)
    taken = {place[:2] for place in places.values()}
    for person, (role, *_rest) in people.items():
        for one in classes:
            if role == "student" and (one, person) not in taken and random.random() < 0.2:
                places[f"e-{one}-{person}-{len(places)}"] = (one, person, "")
    return classes, people, places


def _lines(roster: ROSTER, at: str = "", status: str = "") -> dict[str, dict[str, str]]:
    """File -> key -> line."""
    classes, people, places = roster
    head = f"{status},{at}"
    return {
        "classes": {
            key: f'{key},{head},"{title}",05,c1,,scheduled,,s1,t1,Mathematics,,1' for key, title in classes.items()
        },
        "users": {
            key: f'{key},{head},true,s1,{role},{key},,"{name}",Park,,,{address},,,,{grade},'
            for key, (role, name, grade, address) in people.items()
        },
        "enrollments": {
            key: f"{key},{head},{one},s1,{person},{people[person][0]},{_primary(people[person][0])},{DAY},{end}"
            for key, (one, person, end) in places.items()
        },
    }


def _primary(role: str) -> str:
    return "true" if role == "teacher" else "false"


def bulk(roster: ROSTER) -> dict[str, str]:
    files = dict(V1P1)
    for name, lines in _lines(roster).items():
        files[f"{name}.csv"] = "\n".join([V1P1[f"{name}.csv"].splitlines()[0], *lines.values()]) + "\n"
    return files


def delta(before: ROSTER, after: ROSTER, at: str) -> dict[str, str]:
    """The package of changes from one roster to the other."""
    old, new, dated = _lines(before), _lines(after), _lines(after, at, "active")
    manifest = "propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\n"
    files = {}
    for name, lines in new.items():
        changes = [dated[name][key] for key, line in lines.items() if old[name].get(key) != line]
        width = V1P1[f"{name}.csv"].splitlines()[0].count(",") - 2
        changes += [f"{key},tobedeleted,{at}" + "," * width for key in old[name] if key not in lines]
        manifest += f"file.{name},delta\n"
        files[f"{name}.csv"] = "\n".join([V1P1[f"{name}.csv"].splitlines()[0], *changes]) + "\n"
    return files | {"manifest.csv": manifest}
