"""Spread 14 points in space so that all distances are as alike as possible."""

# EVOLVE-BLOCK-START


def place():
    """Return 14 points [x, y, z]: the corners of a cube and the centres of its faces."""
    sides = (-0.75, 0.75)
    points = [[x, y, z] for x in sides for y in sides for z in sides]
    for axis in range(3):
        for side in sides:
            point = [0.0, 0.0, 0.0]
            point[axis] = side
            points.append(point)
    return points


# EVOLVE-BLOCK-END
