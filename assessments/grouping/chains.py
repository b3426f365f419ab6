"""Who hangs together: pairs joined into chains, so that A with B and B with C is one unit of three."""


def chains(rows, pairs):
    """Rows joined by pairs, as tuples in the order of `rows`; a pair with somebody not in `rows` is passed over.

    Every row is in exactly one chain, most of them alone. Chains come in the order of their first rows.
    """
    chain_of = {row: [row] for row in rows}
    for a, b in pairs:
        if a in chain_of and b in chain_of and chain_of[a] is not chain_of[b]:
            joined = chain_of[a] + chain_of[b]
            for row in joined:
                chain_of[row] = joined
    place = {row: index for index, row in enumerate(rows)}
    return tuple(
        tuple(sorted(chain_of[row], key=place.__getitem__))
        for row in rows
        if row == min(chain_of[row], key=place.__getitem__)
    )
