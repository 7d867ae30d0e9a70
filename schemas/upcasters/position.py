"""Older payloads of ``schemas.position``."""

from decimal import Decimal

from schemas.registry import RawPayload, upcaster


@upcaster("position.changed", from_version=1)
def state_the_commission(raw: RawPayload) -> RawPayload:
    """Version 1 gave the total after commission as ``net_total``, and left the rest to the reader.

    It knew only commissions in the currency of the profit, so the subtraction is exact.
    """
    lifted = dict(raw)
    net, gross = lifted.pop("net_total"), raw["realised_total"]
    commission = Decimal(gross["amount"]) - Decimal(net["amount"])
    lifted["commission_total"] = {"amount": str(commission), "currency": net["currency"]}
    return lifted
