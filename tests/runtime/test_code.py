"""The digest of the deciding code: steady, and about all of it."""

from runtime.code import DECIDING, code_digest, deciding_files


def test_the_digest_is_the_same_twice_and_another_with_other_strategies() -> None:
    assert code_digest(["mine"]) == code_digest(["mine"])
    assert len({code_digest([]), code_digest(["mine"]), code_digest(["mine", "yours"])}) == 3


def test_every_place_that_decides_is_there_and_counts() -> None:
    files = list(deciding_files())
    assert len(files) == len(set(files))
    assert all(file.is_file() for file in files)
    for place in DECIDING:
        assert any(f"/{place}" in file.as_posix() for file in files), place
