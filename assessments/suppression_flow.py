"""How far hidden figures of an additive table can move while all that are shown stay: a flow that goes round.

Every hidden figure is an edge whose flow is unknown and >= 0. How far it can move from its true value is a greatest
flow through the others: the bound that linear programming gives, and in whole numbers.
"""

from collections import deque
from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np

Place = tuple[int, int]
ENDLESS = 1 << 60
Ways = dict[Place, list[set[tuple[int, int]]]]
"""Steps from node to node by which figures were found to move far enough."""


class Flow:
    """Hidden figures of one level, for one reader."""

    def __init__(self, nodes: int) -> None:
        self.edges: list[tuple[Place, int, int, int]] = []
        self.residual: list[dict[int, int]] = [{} for _node in range(nodes)]

    def add(self, place: Place, tail: int, head: int, amount: int) -> None:
        """A hidden figure, and its true value. No two of them join the same nodes."""
        self.edges.append((place, tail, head, amount))
        self.residual[tail][head] = ENDLESS
        self.residual[head][tail] = amount

    def find_narrow(self, width: Callable[[Place], int], ways: Ways) -> Place | None:
        """The first figure whose range is narrower than its width.

        ways: of the same level, filled for the next who ask. What one reader can move another can, and whoever asks
        when more is hidden, as long as no figure on the way is known.
        """
        asked = [edge for edge in self.edges if width(edge[0]) > 0]
        if not asked:
            return None
        wide = self._surely_wide(max(width(edge[0]) for edge in asked))
        for place, tail, head, amount in asked:
            if place in wide or any(self._is_open(way) for way in ways.get(place, ())):
                continue
            used: set[tuple[int, int]] = set()
            enough = width(place)
            if self._range(tail, head, amount, enough, used) < enough:
                return place
            ways.setdefault(place, []).append(used)
        return None

    def _is_open(self, way: set[tuple[int, int]]) -> bool:
        return all(v in self.residual[u] for u, v in way)

    def _surely_wide(self, enough: int) -> set[Place]:
        """Without asking for each: those with a way round them that has room for enough, both ways or forth."""
        nodes = len(self.residual)
        large = [amount >= enough for _place, _tail, _head, amount in self.edges]
        on_cycle = _on_cycle(nodes, [edge[1:3] for edge, is_large in zip(self.edges, large, strict=True) if is_large])
        ways = [edge[1:3] for edge in self.edges]
        ways += [(head, tail) for (_place, tail, head, _amount), big in zip(self.edges, large, strict=True) if big]
        tails, heads = np.array(ways).T
        # Only publishing asks: web processes read what is published, and do without these 16 MB.
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import connected_components

        graph = csr_array((np.ones(len(ways)), (tails, heads)), shape=(nodes, nodes))
        _count, part = connected_components(graph, directed=True, connection="strong")
        found = set()
        for (place, tail, head, _amount), is_large in zip(self.edges, large, strict=True):
            if (tail, head) in on_cycle if is_large else part[tail] == part[head]:
                found.add(place)
        return found

    def _range(self, tail: int, head: int, amount: int, enough: int, used: set[tuple[int, int]]) -> int:
        """How far apart the least and the greatest value of an edge lie, counted no further than `enough`.

        used: filled with the steps that moved it.
        """
        forth, back = self.residual[tail].pop(head), self.residual[head].pop(tail)
        more = self._flow(head, tail, enough, used)
        less = self._flow(tail, head, min(amount, enough - more), used) if more < enough else 0
        self.residual[tail][head], self.residual[head][tail] = forth, back
        return more + less

    def _flow(self, source: int, sink: int, enough: int, used: set[tuple[int, int]]) -> int:
        """The greatest flow from source to sink, counted no further than `enough`."""
        sent: list[tuple[list[int], int]] = []
        total = 0
        while total < enough:
            path = self._shortest_path(source, sink)
            if path is None:
                break
            amount = min(enough - total, *(self.residual[u][v] for u, v in pairwise(path)))
            self._send(path, amount)
            sent.append((path, amount))
            total += amount
        for path, amount in reversed(sent):
            self._send(path, -amount)
            used.update(pairwise(path))
        return total

    def _send(self, path: list[int], amount: int) -> None:
        for u, v in pairwise(path):
            self.residual[u][v] -= amount
            self.residual[v][u] += amount

    def _shortest_path(self, source: int, sink: int) -> list[int] | None:
        came_from = {source: source}
        ahead = deque([source])
        while ahead:
            node = ahead.popleft()
            for target, room in self.residual[node].items():
                if room > 0 and target not in came_from:
                    came_from[target] = node
                    if target == sink:
                        return list(_back(came_from, sink))[::-1]
                    ahead.append(target)
        return None


def _back(came_from: dict[int, int], node: int) -> Iterator[int]:
    yield node
    while came_from[node] != node:
        node = came_from[node]
        yield node


def _on_cycle(nodes: int, edges: list[tuple[int, int]]) -> set[tuple[int, int]]:
    """Edges that some circle of the others goes round, whatever their direction."""
    beside: list[list[tuple[int, int]]] = [[] for _node in range(nodes)]
    for number, (tail, head) in enumerate(edges):
        beside[tail].append((head, number))
        beside[head].append((tail, number))
    depth, above, by = [-1] * nodes, list(range(nodes)), [-1] * nodes
    for root in range(nodes):
        if depth[root] >= 0:
            continue
        depth[root], ahead = 0, deque([root])
        while ahead:
            node = ahead.popleft()
            for target, number in beside[node]:
                if depth[target] < 0:
                    depth[target], above[target], by[target] = depth[node] + 1, node, number
                    ahead.append(target)
    tree = {number for number in by if number >= 0}
    top = list(range(nodes))  # the uppermost node that is reached by edges of which it is known
    found = set()

    def climb(node: int) -> int:
        while top[node] != node:
            top[node] = top[top[node]]
            node = top[node]
        return node

    for number, (tail, head) in enumerate(edges):
        if number in tree:
            continue
        found.add(edges[number])
        one, other = climb(tail), climb(head)
        while one != other:
            if depth[one] < depth[other]:
                one, other = other, one
            found.add(edges[by[one]])
            top[one] = above[one]
            one = climb(one)
    return found
