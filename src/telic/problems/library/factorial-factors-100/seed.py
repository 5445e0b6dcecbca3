"""Split 100! into 100 large factors."""

# EVOLVE-BLOCK-START


def factors():
    """Collect the primes of 100!, largest first, each into the smallest factor so far."""
    primes = [p for p in range(2, 101) if all(p % d for d in range(2, p))]
    pool = []
    for p in primes:
        power = p
        while power <= 100:
            pool.extend([p] * (100 // power))
            power *= p
    products = [1] * 100
    for p in sorted(pool, reverse=True):
        index = products.index(min(products))
        products[index] *= p
    return products


# EVOLVE-BLOCK-END
