"""TLS and a password, against a listener that asks for both."""

import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from events.backends.kafka.clients.confluent import ConfluentConsumer
from events.backends.kafka.cluster import Cluster
from events.backends.kafka.config import KafkaConfig, SecurityConfig
from events.backends.kafka.market_log import KafkaMarketLog
from events.errors import LogError, NotAllowed
from runtime.kafka.settings import BrokerPorts
from schemas.errors import UserError
from tests.contracts.market_log import SOURCE, append
from tests.events.backends.kafka import places
from tests.support.kafka import free_port_numbers, need_java, own_broker
from tests.support.steps import append_steps

PASSWORD = "correct horse battery staple"
_PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule"


def certificate(folder: Path) -> tuple[Path, Path]:
    """A key store for the broker, and what its clients are to trust."""
    store, trusted = folder / "broker.p12", folder / "ca.pem"
    common = ["-keystore", str(store), "-storepass", "changeit", "-alias", "broker"]
    names = ["-dname", "CN=localhost", "-ext", "SAN=dns:localhost,ip:127.0.0.1"]
    make = ["keytool", "-genkeypair", *common, "-keyalg", "RSA", "-storetype", "PKCS12", *names]
    subprocess.run(make, check=True, capture_output=True)
    show = ["keytool", "-exportcert", "-rfc", *common, "-file", str(trusted)]
    subprocess.run(show, check=True, capture_output=True)
    return store, trusted


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaConfig]:
    """How to reach a broker that asks for TLS and a password; the password is not set yet."""
    need_java()
    folder = tmp_path_factory.mktemp("secured")
    store, trusted = certificate(folder)
    clients, controller, port = free_port_numbers(3)
    ports = BrokerPorts(clients=clients, controller=controller)
    user = f'user_anna="{PASSWORD}"'
    extra = {
        "listeners": f"CLIENTS://localhost:{ports.clients},SECURED://localhost:{port},"
        f"CONTROLLER://localhost:{ports.controller}",
        "listener.security.protocol.map": "CLIENTS:PLAINTEXT,SECURED:SASL_SSL,CONTROLLER:PLAINTEXT",
        "sasl.enabled.mechanisms": "PLAIN",
        "listener.name.secured.plain.sasl.jaas.config": f"{_PLAIN} required {user};",
        "ssl.keystore.location": str(store),
        "ssl.keystore.type": "PKCS12",
        "ssl.keystore.password": "changeit",
    }
    with own_broker(folder / "kafka", extra, ports):
        yield KafkaConfig(
            bootstrap=f"localhost:{port}",
            timeout_s=5,
            security=SecurityConfig(
                protocol="SASL_SSL",
                ca_file=str(trusted),
                mechanism="PLAIN",
                username="anna",
                password_env="WAKELINE_TEST_PASSWORD",
            ),
        )


def test_both_clients_show_their_password_over_tls(
    secured: KafkaConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAKELINE_TEST_PASSWORD", PASSWORD)
    with closing(Cluster(secured)) as cluster:
        with places.journal_in(cluster).open() as writer:
            append_steps(writer, 2)
        with KafkaMarketLog(cluster).open(SOURCE) as feed:
            append(feed, 3)
        assert places.journal_in(cluster).end() == 2
        assert KafkaMarketLog(cluster).end(SOURCE) == 3


def test_a_wrong_password_is_refused_and_repeated_nowhere(
    secured: KafkaConfig, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("WAKELINE_TEST_PASSWORD", "a wrong one")
    name = places.JOURNAL.format(secured.prefix)
    with (
        closing(Cluster(secured)) as cluster,
        pytest.raises(LogError, match="does not let us in") as refused,
    ):
        places.journal_in(cluster).open()
    with (
        closing(ConfluentConsumer(secured, name, following=False)) as reading,
        pytest.raises(NotAllowed) as refused_again,
    ):
        reading.bounds()
    assert "a wrong one" not in f"{refused.value}{refused_again.value}{caplog.text}"


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(
    secured: KafkaConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAKELINE_TEST_PASSWORD", PASSWORD)
    trusting = msgspec.structs.replace(secured.security, ca_file="")
    config = msgspec.structs.replace(secured, security=trusting, timeout_s=2)
    with closing(Cluster(config)) as cluster, pytest.raises(LogError):
        places.journal_in(cluster).open()


def test_a_secret_is_read_where_the_configuration_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "password"
    path.write_text("from a file\n")
    monkeypatch.setenv("HERE", "from the environment")
    assert SecurityConfig(password_file=str(path)).password() == "from a file"
    assert SecurityConfig(password_env="HERE").password() == "from the environment"
    for missing in ({}, {"password_env": "NOWHERE"}, {"password_file": str(tmp_path / "none")}):
        with pytest.raises(UserError, match="kafka"):
            SecurityConfig(**missing).password()
