"""A process is ended for certain, and never another one."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import msgspec
import psutil
import pytest

from runtime.hosts.ray.messages import ProcessName
from runtime.hosts.ray.processes import end, this_process

PROGRAM = "import time; print('here', flush=True); time.sleep(600)"


@pytest.fixture
def process() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        (sys.executable, "-c", PROGRAM), stdout=subprocess.PIPE, text=True
    ) as made:
        assert made.stdout is not None
        assert made.stdout.readline() == "here\n"
        yield made
        made.kill()


def name_of(process: subprocess.Popen[str]) -> ProcessName:
    born = psutil.Process(process.pid).create_time()
    return ProcessName(node="here", pid=process.pid, born=born)


def test_a_stopped_process_is_ended_though_it_hears_nothing(
    process: subprocess.Popen[str],
) -> None:
    name = name_of(process)
    os.kill(process.pid, signal.SIGSTOP)
    assert end(name)
    assert not psutil.pid_exists(process.pid)
    assert end(name), "what is gone is ended"


def test_a_later_process_of_the_same_number_is_left_alone(process: subprocess.Popen[str]) -> None:
    name = name_of(process)
    assert end(msgspec.structs.replace(name, born=name.born - 3_600))
    assert process.poll() is None


def test_a_process_knows_its_own_name() -> None:
    name = this_process("there")
    assert (name.node, name.pid) == ("there", os.getpid())
    assert name.born == psutil.Process().create_time()
