"""Stand-in for the package that ShinkaEvolve evaluators import; see core."""
