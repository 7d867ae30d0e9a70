import json
from collections.abc import Iterator
from typing import Any

from schemas import kinds
from schemas.order import Side
from schemas.registry import json_schema, registered

assert kinds.SUBJECTS, "importing the kinds fills the registry"


def references(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        if isinstance(target := tree.get("$ref"), str):
            yield target
        for inner in tree.values():
            yield from references(inner)
    elif isinstance(tree, list | tuple):
        for inner in tree:
            yield from references(inner)


def test_covers_every_kind_and_version() -> None:
    expected = {f"{kind}/v{version}" for kind, version, _ in registered()}
    assert set(json_schema()["kinds"]) == expected
    assert {"order.filled/v1", "position.changed/v2"} <= expected


def test_is_json_whose_references_all_lead_somewhere() -> None:
    schema = json.loads(json.dumps(json_schema()))

    targets = set(references(schema))

    assert targets
    assert targets <= {f"#/$defs/{name}" for name in schema["$defs"]}


def test_says_what_a_field_holds_and_that_no_other_is_allowed() -> None:
    definitions = json_schema()["$defs"]
    filled = definitions["OrderFilled"]

    assert filled["additionalProperties"] is False
    assert {"trade_id", "price", "commission"} <= set(filled["required"])
    assert definitions["Side"]["enum"] == sorted(side.value for side in Side)


def test_prices_and_money_are_strings_of_decimals_never_floats() -> None:
    money = json_schema()["$defs"]["Money"]["properties"]["amount"]
    assert money == {"type": "string", "format": "decimal"}
