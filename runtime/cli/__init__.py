"""The command line: one module a command, which reads arguments and tells what came of them."""
