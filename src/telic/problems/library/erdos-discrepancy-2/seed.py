"""Find a long sequence of signs without large sums along multiples."""

# EVOLVE-BLOCK-START


def signs():
    """Return a multiplicative sequence: -1 for 3 and for primes that leave 2 modulo 3."""
    sequence = []
    for n in range(1, 1201):
        sign = 1
        while n % 3 == 0:
            n //= 3
            sign = -sign
        if n % 3 == 2:
            sign = -sign
        sequence.append(sign)
    return sequence


# EVOLVE-BLOCK-END
