"""What Postman and newman do with an answer, in JavaScript: see that it is a documented one, and follow its links."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

_Part = Mapping[str, Any]


def script(operation: _Part) -> list[str]:
    """The lines for an operation of an OpenAPI document.

    What its answers' links hand on to other operations is kept in the collection's variable of the parameter's name.
    """
    answers = successes(operation)
    lines = [f'pm.test("status", () => pm.expect(pm.response.code).to.be.oneOf({json.dumps([*answers])}));']
    kinds = sorted({kind for answer in answers.values() for kind in answer.get("content", ())})
    if all("content" in answer for answer in answers.values()):
        kind = '(pm.response.headers.get("Content-Type") ?? "").split(";")[0]'
        lines.append(f'pm.test("media type", () => pm.expect({kind}).to.be.oneOf({json.dumps(kinds)}));')
    return [*lines, *_kept(answers)]


def successes(operation: _Part) -> dict[int, _Part]:
    """The answers when all is well, by their status."""
    found = {int(status): answer for status, answer in operation["responses"].items() if int(status) < 300}
    return dict(sorted(found.items()))


def _kept(answers: Mapping[int, _Part]) -> Iterator[str]:
    links = [link for answer in answers.values() for link in answer.get("links", {}).values()]
    expressions = {name: value for link in links for name, value in link["parameters"].items()}
    for name, expression in expressions.items():
        steps = json.dumps(expression.removeprefix("$response.body#/").split("/"))
        yield f"const {name} = {steps}.reduce((part, step) => part?.[step], pm.response.json());"
        yield f'if ({name} !== undefined) pm.collectionVariables.set("{name}", {name});'
