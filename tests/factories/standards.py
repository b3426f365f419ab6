"""Frameworks and standards, valid by default."""

import uuid
from itertools import count

from profiles.models import District
from standards.models import Association, Framework, Standard, Subject

_number = count(1001)


def make_subject(district: District, title: str = "Mathematics") -> Subject:
    return Subject._base_manager.get_or_create(
        district=district, key=Subject.key_for(title), defaults={"title": title}
    )[0]


def make_framework(district: District, **fields) -> Framework:
    return Framework._base_manager.create(**{"district": district, "title": f"Framework {next(_number)}", **fields})


def make_standard(framework: Framework, **fields) -> Standard:
    n = next(_number)
    subject = fields.pop("subject", None) or make_subject(framework.district)
    return Standard._base_manager.create(
        **{
            "framework": framework,
            "subject": subject,
            "code": f"5.NF.{n}",
            "statement": f"Solve stories of kind {n}.",
            "short_title": f"Stories {n}",
            "position": n,
            **fields,
        }
    )


def make_prerequisite(before: Standard, after: Standard) -> Association:
    """`before` comes before `after`."""
    return Association._base_manager.create(
        framework=after.framework, uuid=uuid.uuid4(), kind=Association.PRECEDES, origin=before, destination=after
    )
