"""Backends on Apache Kafka: one topic of one partition a log."""
