"""What is wrong with how a command was typed, in Spanish: Typer says it in English only."""

from core.texts import _


def explained(error: Exception) -> str:
    """Return one sentence for a usage error of Typer's (known by the name of its class)."""
    message = str(getattr(error, "message", "") or error)
    kind = type(error).__name__
    parameter = _name_of(error)
    if kind == "NoSuchOption":
        return _("No existe la opción {name}.").format(name=getattr(error, "option_name", "")) + _close(error)
    if kind == "NoSuchCommand" or message.startswith("No such command"):
        return _("No existe esa orden: {message}").format(message=message.removeprefix("No such command ").rstrip("."))
    if kind == "MissingParameter" or message.startswith("Missing"):
        return _("Falta {name}.").format(name=parameter or message.removeprefix("Missing ").rstrip("."))
    if kind == "BadParameter":
        return _("El valor de {name} no sirve: {message}").format(name=parameter or _("un argumento"), message=message)
    return message


def _name_of(error: Exception) -> str:
    parameter = getattr(error, "param", None)
    if parameter is None:
        return str(getattr(error, "param_hint", None) or "")
    options = [option for option in getattr(parameter, "opts", []) if option.startswith("-")]
    return options[-1] if options else str(parameter.metavar or parameter.name).upper()


def _close(error: Exception) -> str:
    possibilities = getattr(error, "possibilities", None) or []
    return " " + _("¿Quiso decir {names}?").format(names=", ".join(sorted(possibilities))) if possibilities else ""
