"""Live tables over the logs in Kafka, by windows of market time: an application on Faust."""
