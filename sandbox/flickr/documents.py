"""Answers as Flickr writes them: one tree, XML by default, JSON or JSONP on request (sheet sections 0 and 6.1)."""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from sandbox.exchange import Answer

_QUOTES = {'"': "&quot;"}
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(slots=True)
class Element:
    """One element. `lists` names the children that are lists in JSON, however many there are.

    Attributes are texts or whole numbers; JSON keeps the difference, as Flickr's does ("numbers are often strings").
    """

    tag: str
    attributes: dict[str, str | int] = field(default_factory=dict)
    text: str | None = None
    children: list["Element"] = field(default_factory=list)
    lists: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return what JSON shows: text nodes become `_content`, attributes become keys."""
        out: dict[str, Any] = dict(self.attributes)
        if self.text is not None:
            out["_content"] = self.text
        for tag in self.lists:
            out[tag] = []
        for child in self.children:
            if child.tag in self.lists:
                out[child.tag].append(child.to_json())
            else:
                out[child.tag] = child.to_json()
        return out

    def to_xml(self) -> str:
        """Return what XML shows."""
        attributes = "".join(f' {name}="{_xml(str(value))}"' for name, value in self.attributes.items())
        inside = _xml(self.text or "") + "".join(child.to_xml() for child in self.children)
        return f"<{self.tag}{attributes}>{inside}</{self.tag}>" if inside else f"<{self.tag}{attributes} />"


def text_of(tag: str, text: str | int, **attributes: str | int) -> Element:
    """Return an element that holds a text."""
    return Element(tag, attributes, text=str(text))


def ok_xml(root: Element | None) -> Answer:
    """Return a success as XML."""
    return _xml_answer("ok", root.to_xml() if root else "")


def fail_xml(code: int, message: str, *, extras: tuple[Element, ...] = (), **attributes: str) -> Answer:
    """Return a failure as XML: HTTP 200. `attributes` are more of `err`."""
    err = Element("err", {"code": str(code), "msg": message, **attributes})
    return _xml_answer("fail", err.to_xml() + "".join(extra.to_xml() for extra in extras))


def ok_json(root: Element | None, *, callback: str = "") -> Answer:
    """Return a success as JSON, or as JSONP with the name of a function."""
    return _json_answer({**({root.tag: root.to_json()} if root else {}), "stat": "ok"}, callback)


def fail_json(code: int, message: str, *, callback: str = "") -> Answer:
    """Return a failure as JSON: HTTP 200."""
    return _json_answer({"stat": "fail", "code": code, "message": message}, callback)


def _xml(text: str) -> str:
    return escape(_UNPRINTABLE.sub("", text), _QUOTES)


def _xml_answer(stat: str, inside: str) -> Answer:
    document = f'<?xml version="1.0" encoding="utf-8" ?>\n<rsp stat="{stat}">\n{inside}\n</rsp>\n'
    return Answer(200, document.encode(), "text/xml; charset=utf-8")


def _json_answer(document: dict[str, Any], callback: str) -> Answer:
    text = json.dumps(document, ensure_ascii=False)
    if callback:
        return Answer(200, f"{callback}({text})".encode(), "text/javascript; charset=utf-8")
    return Answer(200, text.encode(), "application/json; charset=utf-8")
