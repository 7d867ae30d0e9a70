"""The two clients of Kafka: nothing else imports their packages but ``topics.py``."""
