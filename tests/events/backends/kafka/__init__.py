"""What only the backends on Kafka do, shown against a real broker."""
