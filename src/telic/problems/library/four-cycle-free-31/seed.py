"""Build a graph on 31 vertices with many edges and no four-cycle."""

# EVOLVE-BLOCK-START

COUNT = 31


def priority(a, b):
    """Return how early an edge is tried: lower is earlier."""
    return a + b


def edges():
    """Take edges in the order of their priority as long as no four-cycle arises."""
    pairs = sorted(
        ((a, b) for a in range(COUNT) for b in range(a)), key=lambda p: (priority(*p), p)
    )
    neighbours = [set() for _ in range(COUNT)]
    chosen = []
    for a, b in pairs:
        if any(len(neighbours[c] & neighbours[a]) for c in neighbours[b] if c != a):
            continue
        neighbours[a].add(b)
        neighbours[b].add(a)
        chosen.append([a, b])
    return chosen


# EVOLVE-BLOCK-END
