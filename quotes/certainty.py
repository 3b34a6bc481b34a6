"""Which claims are uncertain: views list and count the others, and set these apart."""

from __future__ import annotations

from quotes.records import Claim

# Chosen on chain gold train in folds by publisher, for a list with 90 right claims of 100 (tests/quality_threshold.py,
# to be run again with other models). It says 0.45; the score has learnt from the same articles, so a step above it.
UNCERTAIN = 0.5
SURE = (1 + UNCERTAIN) / 2  # half-way to certainty: views show the steps below it


def is_uncertain(claim: Claim) -> bool:
    """Whether a claim is too likely wrong to stand among the others."""
    return claim.confidence < UNCERTAIN
