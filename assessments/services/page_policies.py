"""The policies behind one page whose standards may be of several frameworks, each standard by its own."""

from collections.abc import Iterable, Sequence
from datetime import date

from assessments.services.policies import InForce, Policies


class PagePolicies:
    """Of these frameworks on a day; without any, of the district.

    Words of frameworks that name a level differently are told together: "Secure / Meets".
    """

    def __init__(self, policies: Policies, framework_ids: Iterable[int], *, on: date) -> None:
        self._of: dict[int | None, InForce] = {framework: policies.on(framework, on) for framework in framework_ids}
        self._policies, self._on = policies, on
        self._own: dict[tuple[int, int], InForce] = {}
        self._all = list(self._of.values()) or [policies.on(None, on)]

    def of(self, framework_id: int, school_id: int | None = None) -> InForce:
        """school_id: where method and cut points of one learner are asked for, the home school.

        Raises KeyError: a framework that is not on the page.
        """
        found = self._of[framework_id]
        if school_id is None or school_id not in self._policies.schools:
            return found
        key = framework_id, school_id
        if key not in self._own:
            self._own[key] = self._policies.on(framework_id, self._on, school_id=school_id)
        return self._own[key]

    @property
    def levels(self) -> int:
        """How many the longest scale has."""
        return max(policy.scale.levels for policy in self._all)

    @property
    def lowest_mastery(self) -> int:
        """The first level that counts as met somewhere."""
        return min(policy.scale.mastery_level for policy in self._all)

    @property
    def is_one(self) -> bool:
        """Whether a level of mastery has the same place and the same name in all of them."""
        return len({(policy.scale.mastery_level, _mastery_word(policy)) for policy in self._all}) == 1

    @property
    def mastery_word(self) -> str:
        """The name of the level from which on a standard counts as met."""
        return _together([_mastery_word(policy) for policy in self._all])

    def word(self, level: int) -> str:
        """The name of a level; "" where no scale has it."""
        return _together([policy.word(level) for policy in self._all])

    def word_from_mastery(self, level: int) -> str:
        """The name of a level, only where it counts as met."""
        return _together([policy.word(level) for policy in self._all if level >= policy.scale.mastery_level])


def _mastery_word(policy: InForce) -> str:
    return policy.word(policy.scale.mastery_level)


def _together(words: Sequence[str]) -> str:
    return " / ".join(word for word in dict.fromkeys(words) if word)
