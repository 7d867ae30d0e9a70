"""The live tables over the logs in Kafka."""
