"""Older payloads of ``schemas.pattern``; no release ever wrote one.

Version 1 did not say which bars were meant, nor who answered. What is not known stays empty.
"""

from schemas.registry import RawPayload, upcaster


@upcaster("pattern.requested", from_version=1)
def name_the_bars(raw: RawPayload) -> RawPayload:
    """None are named: such a request can be read, and not answered again."""
    return {**raw, "price_type": "last", "bars": 0, "window_hash": ""}


@upcaster("pattern.recognised", from_version=1)
def name_who_recognised(raw: RawPayload) -> RawPayload:
    """Version 1 took every confidence to be calibrated."""
    return {**raw, "interval": "", "recogniser": "", "begins": 0, "calibrated": True}


@upcaster("pattern.abstained", from_version=1)
def name_who_abstained(raw: RawPayload) -> RawPayload:
    """Interval and recogniser were with the request only."""
    return {**raw, "interval": "", "recogniser": ""}
