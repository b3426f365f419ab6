"""Finding learners by name or key, and those whom a new child may be already."""

from django.db.models import Q, QuerySet

from profiles.models import Account, Learner, Roster


def find_learners(words: str, *, account: Account, with_left: bool = False) -> QuerySet[Learner]:
    """Learners whom the account may see and each of whose words starts a name, or is the key; by name."""
    found = Learner.objects.visible_to(account)
    if not with_left:
        found = found.filter(left_on__isnull=True)
    for word in words.split():
        starts = Q(key__iexact=word)
        for name in ("given_name", "family_name", "preferred_name"):
            # The start of the name, or of a later part of it: "Maria Jose", "Lopez-Diaz".
            starts |= Q(**{f"{name}__istartswith": word})
            starts |= Q(**{f"{name}__icontains": f" {word}"}) | Q(**{f"{name}__icontains": f"-{word}"})
        found = found.filter(starts)
    return found.by_name()


def same_learner(
    *, roster: Roster, account: Account, given_name: str, family_name: str, key: str = ""
) -> QuerySet[Learner]:
    """Who the child may be already: the same key or the same whole name.

    Whoever adds a child need not be able to see it yet: a teacher who knows the whole name, or the key, of a child
    of the own school may put it on the roster. Of other schools only learners are suggested whom the account sees.
    """
    same = Q(family_name__iexact=family_name) & (
        Q(given_name__iexact=given_name) | Q(preferred_name__iexact=given_name)
    )
    if key:
        same |= Q(key=key)
    at_school = Learner.objects.named().filter(home_school_id=roster.school_id)
    seen = Learner.objects.visible_to(account)
    return (
        Learner.objects.filter(same)
        .filter(Q(pk__in=at_school) | Q(pk__in=seen))
        .select_related("home_school")
        .by_name()
    )
