"""The words that expectations are written in: a row says which verbs a route has, and who may use it where."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.lrm.matrix_places import PLACES

GET, POST, PUT, PATCH, DELETE = "GET", "POST", "PUT", "PATCH", "DELETE"
VERBS = (GET, POST, PUT, PATCH, DELETE)

Objects = dict[str, Any]
Values = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """verbs: {verb: {place: personas who may}}; a verb that is not there is refused to everybody.

    ids: {name in the address: noun of the scene, or a function of the place's objects}; {} for a page without ids.
    data, query: what is sent with POST and GET, as functions of the objects of a place; a text is sent as JSON.
    scoped: whether the page reads rows about learners, so that it must raise UnscopedQuery without a scope.
    signs_out: leads to the sign-in page also whom it admits.
    foreign: places whose ids in the data do not belong here; ("abroad",) where they are the whole district's.
    """

    verbs: Mapping[str, Mapping[str, frozenset[str]]]
    ids: Mapping[str, str | Callable[[Objects], Any]] = field(default_factory=dict)
    data: Callable[[Objects], Values | str] | None = None
    query: Callable[[Objects], Values] | None = None
    scoped: bool = True
    signs_out: bool = False
    foreign: tuple[str, ...] = PLACES

    def has_places(self) -> bool:
        """Whether the address names a thing that each place has its own of."""
        return any(isinstance(noun, str) for noun in self.ids.values())

    def personas(self) -> frozenset[str]:
        """Everybody who may do anything here."""
        return frozenset().union(*(who for places in self.verbs.values() for who in places.values()))


def page(
    *verbs: str,
    who: Iterable[str],
    data: Callable[[Objects], Values] | None = None,
    query: Callable[[Objects], Values] | None = None,
    scoped: bool = True,
    signs_out: bool = False,
    foreign: tuple[str, ...] = PLACES,
    **ids: Callable[[Objects], Any],
) -> Row:
    """A route without a thing of the scene in its address: the same people everywhere."""
    people = frozenset(who)
    return Row({verb: {"own": people} for verb in verbs or (GET,)}, ids, data, query, scoped, signs_out, foreign)


def at(
    who: Mapping[str, Iterable[str]],
    *verbs: str,
    data: Callable[[Objects], Values] | None = None,
    query: Callable[[Objects], Values] | None = None,
    scoped: bool = True,
    also: Mapping[str, Mapping[str, Iterable[str]]] | None = None,
    foreign: tuple[str, ...] = PLACES,
    **ids: str | Callable[[Objects], Any],
) -> Row:
    """A route with ids: at(SECTION_STAFF, GET, POST, pk="section").

    also: other people for single verbs, as {POST: ROSTER_EDITORS}.
    """
    table = dict.fromkeys(verbs or (GET,), who) | dict(also or {})
    return Row(
        {verb: {place: frozenset(people) for place, people in places.items()} for verb, places in table.items()},
        ids,
        data,
        query,
        scoped,
        foreign=foreign,
    )
