"""What is wrong with what a venue was built from or subscribed to."""

from schemas.errors import UserError


class VenueSetupError(UserError):
    """A venue, instrument or subscription cannot stand as it was configured."""
