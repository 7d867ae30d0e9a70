"""OpenTelemetry's SDK: spans, metrics and logs on their way to a collector, by OTLP over HTTP."""
