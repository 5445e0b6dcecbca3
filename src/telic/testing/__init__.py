"""What a plug-in's tests are made of: conformance suites and small examples."""

from telic.testing._examples import toy_problem, toy_record

__all__ = ["toy_problem", "toy_record"]
