"""The four spellings of a Bot API call's parameters: query, JSON, form and multipart."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import parse_qsl

from tests.fakes.telegram.http import Request

Json = dict[str, Any]


class RefusalError(Exception):
    """The platform refuses a call; `code` is also the HTTP status."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(code, description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad(why: str) -> RefusalError:
    """A refusal with code 400."""
    return RefusalError(400, f"Bad Request: {why}")


@dataclass(slots=True)
class Upload:
    """A file that came with the call."""

    name: str
    content_type: str
    data: bytes


def decode(request: Request) -> Json:
    """All parameters of a request by name: text, JSON values or uploads. Raises RefusalError."""
    values: Json = dict(parse_qsl(request.query, keep_blank_values=True)) if request.query else {}
    if not request.body:
        return values
    kind = request.headers.get("content-type", "").lower()
    if kind.startswith("application/json"):
        values.update(_json_object(request.body))
    elif kind.startswith("multipart/form-data"):
        values.update(_multipart(request.body, request.headers["content-type"]))
    elif kind.startswith("application/x-www-form-urlencoded"):
        values.update(parse_qsl(request.body.decode(), keep_blank_values=True))
    return values


def _json_object(body: bytes) -> Json:
    try:
        value = json.loads(body)
    except ValueError:
        raise bad("can't parse JSON object") from None
    if not isinstance(value, dict):
        raise bad("JSON object expected")
    return value


def _multipart(body: bytes, content_type: str) -> Json:
    _, found, boundary = content_type.partition("boundary=")
    if not found:
        raise bad("boundary expected")
    mark = b"--" + boundary.split(";")[0].strip().strip('"').encode()
    values: Json = {}
    for part in body.split(mark)[1:]:
        if part.startswith(b"--"):
            break
        head, _, data = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        fields = _part_fields(head.decode())
        name = fields.get("name", "")
        data = data.removesuffix(b"\r\n")
        if "filename" in fields:
            values[name] = Upload(fields["filename"], fields.get("content-type", ""), data)
        else:
            values[name] = data.decode()
    return values


def _part_fields(head: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for line in head.split("\r\n"):
        title, _, rest = line.partition(":")
        if title.lower() == "content-type":
            fields["content-type"] = rest.strip()
        elif title.lower() == "content-disposition":
            for piece in rest.split(";")[1:]:
                key, _, value = piece.strip().partition("=")
                fields[key] = value.strip('"')
    return fields


class Call:
    """One method call and typed reading of its parameters."""

    __slots__ = ("method", "values")

    def __init__(self, method: str, values: Json) -> None:
        self.method = method
        self.values = values

    def has(self, name: str) -> bool:
        """Whether the parameter was given at all."""
        return name in self.values

    def text(self, name: str, default: str = "") -> str:
        """A parameter as text."""
        value = self.values.get(name, default)
        if isinstance(value, str):
            return value
        if isinstance(value, bool | dict | list | Upload) or value is None:
            raise bad(f'field "{name}" must be of type String')
        return str(value)

    def integer(self, name: str, default: int = 0) -> int:
        """A parameter as a whole number."""
        value = self.values.get(name, default)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, str):
            try:
                return int(value) if value else default
            except ValueError:
                pass
        raise bad(f'field "{name}" must be of type Number')

    def flag(self, name: str) -> bool:
        """A parameter as yes or no."""
        value = self.values.get(name, False)
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.lower() in {"true", "false", "1", "0", ""}:
            return value.lower() in {"true", "1"}
        raise bad(f'field "{name}" must be a Boolean')

    def structure(self, name: str) -> object:
        """A parameter that is an object or an array, given as such or as JSON text; None when absent."""
        value = self.values.get(name)
        if isinstance(value, str):
            if not value:
                return None
            try:
                return cast("object", json.loads(value))
            except ValueError:
                raise bad(f"can't parse {name} JSON object") from None
        return value

    def file(self, name: str) -> Upload | str:
        """A file: an upload, an upload named by `attach://`, or the id of a stored file."""
        value = self.values.get(name)
        if isinstance(value, str) and value.startswith("attach://"):
            value = self.values.get(value.removeprefix("attach://"))
        if isinstance(value, Upload):
            if not value.data:
                raise bad("file must be non-empty")
            return value
        if isinstance(value, str) and value:
            return value
        raise bad(f"there is no {name} in the request")
