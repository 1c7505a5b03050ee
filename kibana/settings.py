"""Settings of what imports the dashboard and notes the pipeline's health."""

import base64

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from schemas.settings import WatchedSettings


def http_address(text: str) -> str:
    """The text, which is one. Raises ValueError."""
    if not text.startswith(("http://", "https://")):
        raise ValueError("an address is accepted that starts with http:// or https://")
    return text


class KibanaSettings(WatchedSettings):
    """What is read from the environment and `.env`."""

    model_config = SettingsConfigDict(hide_input_in_errors=True)

    kibana_url: str = Field(default="http://127.0.0.1:5601", description="Kibana, with its base path if it has one.")
    kibana_api_key: SecretStr | None = Field(
        default=None, description="API key for Kibana, where security is on; it counts before a password."
    )
    kibana_username: str = Field(default="elastic", description="User of Kibana, where security is on.")
    kibana_password: SecretStr | None = Field(default=None, description="Password of that user.")
    api_port: int = 8000
    page_url: str | None = Field(
        default=None,
        description="Address at which browsers find the product's page, for the dashboard to link to. "
        "Empty: `API_PORT` of the machine that the browser is on.",
    )

    @field_validator("kibana_url", "page_url")
    @classmethod
    def _is_http(cls, value: str | None) -> str | None:
        return None if value is None else http_address(value)

    @property
    def page(self) -> str:
        """Where the links of the dashboard lead."""
        return self.page_url or f"http://127.0.0.1:{self.api_port}"

    @property
    def authorization(self) -> str | None:
        """The value of the header with the credentials, if there are any."""
        if self.kibana_api_key is not None:
            return f"ApiKey {self.kibana_api_key.get_secret_value()}"
        if self.kibana_password is None:
            return None
        pair = f"{self.kibana_username}:{self.kibana_password.get_secret_value()}"
        return f"Basic {base64.b64encode(pair.encode()).decode()}"
