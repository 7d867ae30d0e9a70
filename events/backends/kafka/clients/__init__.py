"""The two clients of Kafka, behind one small port; nothing else imports their packages."""
