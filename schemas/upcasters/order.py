"""Older payloads of ``schemas.order``; no release ever wrote one."""

from schemas.registry import RawPayload, upcaster


@upcaster("order.submitting", from_version=1)
def name_the_holder(raw: RawPayload) -> RawPayload:
    """Version 1 gave the right to send to nobody in particular, so it is over."""
    return {**raw, "attempt": 0, "holder": "", "send_by": 0}
