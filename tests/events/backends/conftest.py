"""Contracts are plain modules, so pytest is told to explain their assertions as well."""

import pytest

pytest.register_assert_rewrite("tests.contracts")
