import pkgutil

import pytest

from schemas import kinds, registry, upcasters
from schemas.market import Gap
from schemas.order import OrderFilled
from schemas.registry import Payload, RawPayload


class Question(Payload, frozen=True, kw_only=True):
    """What nobody asks outside these tests."""

    answer: int


@pytest.fixture
def empty_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """A registry of this test's own, so that nobody else meets its kinds."""
    for table in ("_classes", "_latest", "_upcasters"):
        monkeypatch.setattr(registry, table, {})


@pytest.fixture
def three_versions(empty_registry: None) -> None:
    registry.event("question.answered", version=3)(Question)

    @registry.upcaster("question.answered", from_version=1)
    def count_in_dozens(raw: RawPayload) -> RawPayload:
        return {"dozens": raw["answer"] // 12}

    @registry.upcaster("question.answered", from_version=2)
    def count_in_ones(raw: RawPayload) -> RawPayload:
        return {"answer": raw["dozens"] * 12}


def test_finds_the_class_of_a_kind_and_version() -> None:
    assert registry.class_of("order.filled", 1) is OrderFilled
    assert (OrderFilled.KIND, OrderFilled.VERSION, OrderFilled.DECISION) == (
        "order.filled",
        1,
        True,
    )


def test_facts_about_the_market_are_no_decisions() -> None:
    assert not Gap.DECISION
    assert not registry.is_decision("market.gap")
    assert registry.is_decision("order.filled")


def test_refuses_to_register_a_version_twice(empty_registry: None) -> None:
    registry.event("question.asked")(Question)
    with pytest.raises(ValueError, match=r"question\.asked version 1 is registered twice"):
        registry.event("question.asked")(Question)


def test_refuses_two_upcasters_of_one_version(three_versions: None) -> None:
    with pytest.raises(ValueError, match=r"question\.answered version 1 is lifted twice"):
        registry.upcaster("question.answered", from_version=1)(dict)


def test_an_unknown_version_names_those_that_are_known() -> None:
    with pytest.raises(registry.UnknownKind, match=r"version 9 \(versions known: \[1\]\)"):
        registry.class_of("order.filled", 9)


def test_an_unknown_kind_is_said_to_be_unknown() -> None:
    with pytest.raises(registry.UnknownKind, match="no such kind"):
        registry.class_of("order.eaten", 1)
    with pytest.raises(registry.UnknownKind, match="no such kind"):
        registry.latest_version("order.eaten")


def test_lifts_through_every_version_in_between(three_versions: None) -> None:
    assert registry.upcast("question.answered", 1, {"answer": 36}) == (3, {"answer": 36})
    assert registry.upcast("question.answered", 2, {"dozens": 2}) == (3, {"answer": 24})
    assert registry.upcast("question.answered", 3, {"answer": 7}) == (3, {"answer": 7})


def test_tells_which_versions_nothing_lifts(empty_registry: None) -> None:
    registry.event("question.asked", version=3)(Question)
    registry.upcaster("question.asked", from_version=2)(dict)

    assert registry.stranded() == [("question.asked", 1)]


def test_every_older_version_can_be_lifted() -> None:
    assert registry.stranded() == []


def test_every_module_of_upcasters_is_loaded_with_the_kinds() -> None:
    written = {
        name for _, name, _ in pkgutil.iter_modules(upcasters.__path__, "schemas.upcasters.")
    }
    assert {module.__name__ for module in kinds.UPCASTERS} == written


def test_every_payload_belongs_to_a_subject_of_the_kinds() -> None:
    subjects = {module.__name__ for module in kinds.SUBJECTS}
    assert {payload.__module__ for _, _, payload in registry.registered()} == subjects


def test_wire_names_are_a_subject_and_what_happened() -> None:
    for kind, _, payload in registry.registered():
        subject, _, happened = kind.partition(".")
        assert payload.__module__ == f"schemas.{subject}"
        assert happened.replace("_", "").islower()
