"""A real broker that asks who is there: TLS, SASL and access control lists, as managed clusters have them.

ADMIN      plain text, for the test itself, which may do everything
SASL_SSL   PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512
SSL        TLS, and nobody is asked for a name: whoever comes may do everything
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)
from pydantic import SecretStr

from schemas.access import KafkaAccess, SaslMechanism
from stack.engines import KafkaHome, KafkaPorts, kafka_part
from stack.ports import LOOPBACK, free_port
from tests.certificates import Authority
from tests.engine import RunningEngine

PASSWORD = "the-brokers-secret"
OWNER = "owner"
"""A user who may do everything."""

_PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule"
_SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule"
_SCRAM_MECHANISMS = {
    "scram-sha-256": ScramMechanism.SCRAM_SHA_256,
    "scram-sha-512": ScramMechanism.SCRAM_SHA_512,
}


@dataclass(frozen=True, slots=True)
class Allowed:
    """Operations on a resource, as an access control list has them."""

    resource: ResourceType
    name: str
    operations: tuple[AclOperation, ...]
    pattern: ResourcePatternType = ResourcePatternType.LITERAL


class GuardedKafka:
    """The broker, and what each way to it is."""

    def __init__(self, home: KafkaHome, directory: Path, users: Iterable[str] = (OWNER, "guest")) -> None:
        self.authority = Authority(directory / "certificates")
        self._users = tuple(users)
        taken: set[int] = set()
        for _ in range(4):
            taken.add(free_port(taken))
        admin, controller, self._sasl_port, self._tls_port = taken
        ports = KafkaPorts(admin, controller)
        part = kafka_part(home, directory, ports)
        properties = directory.resolve() / "server.properties"

        def prepare() -> None:
            part.prepare()
            with properties.open("a") as file:  # of two lines for one name the later counts
                file.writelines(f"{name}={value}\n" for name, value in self._properties(ports).items())

        self.engine = RunningEngine(replace(part, prepare=prepare), ports.bootstrap_servers, directory)

    @property
    def plain_text(self) -> str:
        return self.engine.bootstrap_servers

    @property
    def sasl(self) -> str:
        return f"{LOOPBACK}:{self._sasl_port}"

    @property
    def tls(self) -> str:
        return f"{LOOPBACK}:{self._tls_port}"

    def start(self) -> None:
        self.engine.start()
        admin = AdminClient({"bootstrap.servers": self.plain_text})
        for mechanism in _SCRAM_MECHANISMS.values():  # a request takes a user once
            secret = ScramCredentialInfo(mechanism, 4096)
            users = [UserScramCredentialUpsertion(user, secret, PASSWORD.encode()) for user in self._users]
            for changed in admin.alter_user_scram_credentials(users).values():
                changed.result(30)

    def allow(self, user: str, allowed: Iterable[Allowed]) -> None:
        """Lets the user do this, and nothing that was not allowed before."""
        bindings = [
            AclBinding(
                each.resource, each.name, each.pattern, f"User:{user}", "*", operation, AclPermissionType.ALLOW
            )
            for each in allowed
            for operation in each.operations
        ]
        admin = AdminClient({"bootstrap.servers": self.plain_text})
        for made in admin.create_acls(bindings).values():
            made.result(30)

    def settings(self, mechanism: str = "SCRAM-SHA-512", user: str = OWNER) -> dict[str, str]:
        """The settings of a client that comes by SASL over TLS."""
        return {
            "KAFKA_BOOTSTRAP_SERVERS": self.sasl,
            "KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
            "KAFKA_SASL_MECHANISM": mechanism,
            "KAFKA_USERNAME": user,
            "KAFKA_PASSWORD": PASSWORD,
            "KAFKA_CA_FILE": str(self.authority.file),
        }

    def access(self, mechanism: SaslMechanism = "SCRAM-SHA-512") -> KafkaAccess:
        """How the owner comes by SASL over TLS."""
        return KafkaAccess("SASL_SSL", mechanism, OWNER, SecretStr(PASSWORD), self.authority.file)

    def _properties(self, ports: KafkaPorts) -> Mapping[str, str]:
        addresses = {"ADMIN": ports.broker, "SASL_SSL": self._sasl_port, "SSL": self._tls_port}
        advertised = ",".join(f"{name}://{LOOPBACK}:{port}" for name, port in addresses.items())
        users = " ".join(f'user_{user}="{PASSWORD}"' for user in self._users)
        listener = "listener.name.sasl_ssl"
        return {
            "listeners": f"{advertised},CONTROLLER://{LOOPBACK}:{ports.controller}",
            "advertised.listeners": advertised,
            "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,ADMIN:PLAINTEXT,SASL_SSL:SASL_SSL,SSL:SSL",
            "inter.broker.listener.name": "ADMIN",
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": str(self.authority.server("broker").both),
            f"{listener}.sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
            f"{listener}.plain.sasl.jaas.config": f"{_PLAIN} required {users};",
            **{f"{listener}.{name}.sasl.jaas.config": f"{_SCRAM} required;" for name in _SCRAM_MECHANISMS},
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": f"User:ANONYMOUS;User:{OWNER}",
        }
