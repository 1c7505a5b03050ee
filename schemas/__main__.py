"""`python -m schemas`: writes the JSON Schemas again, after a change of a model."""

from schemas.json_schemas import DIRECTORY, json_schemas


def main() -> None:
    """Writes every schema and names it."""
    DIRECTORY.mkdir(exist_ok=True)
    for name, content in json_schemas().items():
        (DIRECTORY / name).write_bytes(content)
        print(DIRECTORY.name + "/" + name)


if __name__ == "__main__":
    main()
