"""The words that a connector's own code knows: what stands there is the platform's, and no person's."""

import ast
import inspect
import re
import sys

_WORD = re.compile(r"[\w.$-]+")


def words_of(kind: type) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words and the hosts in the code of a class: its module's, and those that this one builds on.

    A word is what stands in a text without spaces; only modules of the same package are read.
    """
    package = kind.__module__.partition(".")[0]
    modules: set[str] = set()
    waiting = [kind.__module__]
    while waiting:
        name = waiting.pop()
        if name in modules or name.partition(".")[0] != package or name not in sys.modules:
            continue
        modules.add(name)
        for value in vars(sys.modules[name]).values():
            owner = value.__name__ if inspect.ismodule(value) else getattr(value, "__module__", None)
            if isinstance(owner, str):
                waiting.append(owner)
    texts = {
        node.value
        for name in modules
        for node in ast.walk(ast.parse(_source(name)))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and not re.search(r"\s", node.value)
    }
    hosts = frozenset(match[1] for text in texts for match in re.finditer(r"https?://([\w.-]+\.[a-z]{2,})", text))
    words = {chunk for text in texts for chunk in _WORD.findall(text)}
    words |= {part for word in words for part in re.split(r"[.$]", word)}
    return frozenset(word for word in words if len(word) > 1), hosts


def _source(module: str) -> str:
    try:
        return inspect.getsource(sys.modules[module])
    except (OSError, TypeError):
        return ""  # compiled: its words are not known, so more is replaced
