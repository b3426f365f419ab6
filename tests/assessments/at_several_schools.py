"""People who work at several schools, for the attacks on publications."""


def at_several(rng, schools):
    """Sets of schools, each of one person: up to three, of two schools or more, never of all."""
    if schools < 3:
        return []
    sizes = rng.integers(2, schools, size=int(rng.integers(0, 4)))
    return [frozenset(rng.choice(schools, size=int(size), replace=False).tolist()) for size in sizes]
