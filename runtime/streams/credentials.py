"""How Faust is told of TLS and SASL."""

import ssl

import faust
from faust.types.auth import CredentialsT

from events.backends.kafka.config import SecurityConfig


def credentials(security: SecurityConfig) -> CredentialsT | None:
    """What Faust's client shows to the cluster; ``None`` where it asks for nothing.

    Raises:
        UserError: the password is not where the configuration says.
    """
    context = _context(security) if security.tls else None
    if security.sasl:
        return faust.SASLCredentials(
            username=security.username,
            password=security.password(),
            mechanism=security.mechanism,
            ssl_context=context,
        )
    return faust.SSLCredentials(context) if context is not None else None


def _context(security: SecurityConfig) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=security.ca_file or None)
    if security.certificate_file:
        context.load_cert_chain(security.certificate_file, security.key_file or None)
    return context
