"""Choose many grid points without an isosceles triangle."""

# EVOLVE-BLOCK-START

SIZE = 64


def priority(x, y):
    """Return how early a point is tried: lower is earlier."""
    return x + y


def choose():
    """Take points in the order of their priority as long as no isosceles triangle arises."""
    points = sorted(
        ((x, y) for x in range(SIZE) for y in range(SIZE)), key=lambda p: (priority(*p), p)
    )
    chosen = []
    seen = []  # for each chosen point, the squared distances to the others
    for x, y in points:
        squares = [(x - a) ** 2 + (y - b) ** 2 for a, b in chosen]
        if len(set(squares)) < len(squares):
            continue
        if any(square in known for square, known in zip(squares, seen, strict=True)):
            continue
        for square, known in zip(squares, seen, strict=True):
            known.add(square)
        chosen.append((x, y))
        seen.append(set(squares))
    return [[x, y] for x, y in chosen]


# EVOLVE-BLOCK-END
