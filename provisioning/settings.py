"""Settings of what is prepared before the services start."""

from pydantic import Field, SecretStr

from schemas.settings import CommonSettings


class ProvisioningSettings(CommonSettings):
    """What is read from the environment and `.env`."""

    elastic_password: SecretStr | None = Field(
        default=None,
        description="Password of Elasticsearch's user `elastic`. Empty: one is made and kept with the data.",
    )
