"""What adults of a place of the rights matrix have made: a poll, a meeting, a block, templates, files that wait."""

import json
from uuid import uuid4

from django.db import models
from django.utils import timezone

from assessments.models import Assessment, SectionStandard
from lrm.intake import TakenIn
from paths.models import (
    Conference,
    ConferenceStaffNotes,
    DataCheckIn,
    DataCheckInReader,
    DataDecision,
    NextStep,
    Poll,
    PollAnswer,
    PollHand,
    TalkPoint,
    Unmasking,
)
from profiles.models import Account, Block, Learner, RosterImport, Section, Upload
from standards.models import PackageUpload
from tests.factories import profiles as make
from tests.factories.paths import make_poll_file, make_template
from tests.lrm.matrix_places import person_word, thing_word
from tests.profiles.oneroster.packages import V1P1, zipped


def poll_of(there: dict[str, models.Model], teacher: Account, admin: Account) -> dict[str, models.Model]:
    """Anonymous, to the class of the place; its learner's answer was opened, a second request waits."""
    section, today = there["section"], timezone.localdate()
    common = {"school": there["school"], "section": section, "created_by": teacher, "open_until": today}
    poll = Poll._base_manager.create(
        **common, kind="one", question=f"{section.title}: which book?", options=["A", "B"], is_anonymous=True
    )
    answer = PollAnswer._base_manager.create(poll=poll, choices=[0], at=today)
    PollHand._base_manager.create(poll=poll, learner=there["learner"], answer=answer)
    drawing = Poll._base_manager.create(**common, kind="drawing", question=f"{section.title}: draw it")
    drawn = PollAnswer._base_manager.create(poll=drawing, at=today)
    PollHand._base_manager.create(poll=drawing, learner=there["learner"], answer=drawn)
    picture = TakenIn("image", "image/jpeg", "drawing.jpg", b"a picture", b"a small one")
    suggestion = Poll._base_manager.create(
        school=there["school"], section=section, kind="suggestion", question=f"{section.title}: more light"
    )
    why = f"{section.title}: worried"
    return {
        "poll": poll,
        "poll_answer": answer,
        "drawn": drawn,
        "poll_file": make_poll_file(drawn, picture),
        "suggestion": suggestion,
        "unmasked": Unmasking._base_manager.create(
            poll=poll, answer=answer, asked_by=teacher, why=why, agreed_by=admin, agreed_at=timezone.now()
        ),
        "unmasking": Unmasking._base_manager.create(poll=suggestion, asked_by=teacher, why=why),
    }


def conference_of(place: str, teacher: Account, learner) -> dict[str, models.Model]:
    """Held, with a step that the learner has not agreed to yet, and a point that waits for the next one."""
    word = person_word(place)
    conference = Conference._base_manager.create(
        learner=learner,
        teacher=teacher,
        planned_on=timezone.localdate(),
        held_at=timezone.now(),
        notes=f"{word} wants more time",
        agenda=[{"kind": "goal", "text": f"{word} asks for a kit", "url": ""}],
    )
    return {
        "conference": conference,
        "conference_notes": ConferenceStaffNotes._base_manager.create(conference=conference, text=f"{word} was tired"),
        "next_step": NextStep._base_manager.create(conference=conference, text=f"{word} draws it", who="learner"),
        "talk_point": TalkPoint._base_manager.create(learner=learner, by=learner.account, text=f"{word} and the kit"),
    }


def check_in_of(there: dict[str, models.Model], owner: Account, readers: list[Account]) -> dict[str, models.Model]:
    """Data meetings about the class of the place: one of the owner alone, and one with colleagues and a decision."""
    section, learner, today = there["section"], there["learner"], timezone.localdate()
    common = {"district_id": owner.district_id, "owner": owner, "held_on": today, "columns": ["met", "since"]}
    filters = {"section": str(section.pk)}
    own = DataCheckIn._base_manager.create(**common, name=f"{section.title} alone", filters=filters)
    shared = DataCheckIn._base_manager.create(**common, name=f"{section.title} together", filters=filters)
    for reader in readers:
        DataCheckInReader._base_manager.create(check_in=shared, account=reader)
    decision = decide_about(shared, learner, by=owner)
    about = {"school": str(section.roster.school_id)}
    left = DataCheckIn._base_manager.create(**common | {"owner": None}, name=f"{section.title} left", filters=about)
    return {"data_check_in": own, "shared_check_in": shared, "data_decision": decision, "left_check_in": left}


def decide_about(check_in: DataCheckIn, learner: Learner, *, by: Account) -> DataDecision:
    return DataDecision._base_manager.create(
        uuid=uuid4(),
        check_in=check_in,
        learner=learner,
        text=f"{learner.given_name} works with the aide",
        owner=by,
        by=by,
        decided_on=timezone.localdate(),
    )


def block_of(place: str, adult: Account | None, there: dict[str, models.Model]) -> Block:
    """With the learner of the place, and titles that whoever reads the place may read."""
    section = there["section"]
    block = make.make_block(section, [adult or make.make_account(section.district)], title=f"{section.title} block")
    make.enroll(there["learner"], block.roster, ends_on=block.ends_on)
    SectionStandard._base_manager.create(section=block.section, standard=there["standard"], position=1)
    return block


def write_paths(place: str, author: Account, there: dict[str, models.Model]) -> None:
    """A template of the author's own and one of the school's; the learner's path was given by the author."""
    school, standards = there["school"], (there["standard"],)
    there["template"] = make_template(school, author=author, title=thing_word(place), standards=standards)
    there["shared_template"] = make_template(school, title="Clocks", is_shared=True, standards=standards)
    path = there["path"]
    path.act, path.assigned_by, path.template, path.template_version = path.uuid, author, there["shared_template"], 1
    path.save()


def uploads_of(place: str, sender: Account, section: Section) -> dict[str, models.Model]:
    """A roster, results for the section, and a package of standards. Only the sender may decide on them."""
    common = {"district_id": sender.district_id, "account": sender, "name": f"{thing_word(place)}.zip"}
    results = b"key,standard,score,date\n"
    package = {
        "CFDocument": {"identifier": str(uuid4()), "title": thing_word(place)},
        "CFItems": [{"identifier": str(uuid4()), "fullStatement": f"{thing_word(place)} counts to ten."}],
        "CFAssociations": [],
    }
    return {
        "upload": Upload._base_manager.create(**common, kind=Upload.Kind.ROSTER, data=zipped(V1P1)),
        "roster_import": RosterImport._base_manager.create(**common, version="1.1"),
        "results_upload": Upload._base_manager.create(
            **common,
            kind=Upload.Kind.RESULTS,
            data=results,
            decisions={"section": section.pk, "date_order": "", "default_kind": Assessment.Kind.FORMATIVE},
        ),
        "package": PackageUpload._base_manager.create(**common, data=json.dumps(package).encode()),
    }
