"""What is wrong with how a command was typed, in Spanish: Typer says it in English only."""

from core.texts import _


def explained(error: Exception) -> str:
    """Return one line for a usage error of Typer's (known by the name of its class), or "" where help was shown."""
    kind = type(error).__name__
    if kind == "NoArgsIsHelpError":
        return ""
    return f"{_sentence(error, kind)} {_way_out(error)}"


def _sentence(error: Exception, kind: str) -> str:
    message = str(getattr(error, "message", "") or error)
    option = str(getattr(error, "option_name", ""))[:60]
    if kind == "NoSuchOption":
        return _("No existe la opción {name}.").format(name=option) + _close(error)
    if kind == "MissingParameter":
        return _("Falta {name}.").format(name=_name_of(error))
    if kind == "BadOptionUsage":
        if "does not take" in message:
            return _("La opción {name} no lleva ningún valor.").format(name=option)
        return _("Falta el valor de la opción {name}.").format(name=option)
    if kind == "BadParameter":
        return _("El valor de {name} no sirve: {why}.").format(name=_name_of(error), why=_expected(error))
    if message.startswith("Got unexpected extra"):
        extra = message.partition("(s) (")[2].rstrip(")")
        return _("Sobra lo que está al final: «{extra}».").format(extra=extra[:60])
    if message.startswith("Missing command"):
        return _("Falta decir qué orden.")
    return _("La orden no está bien escrita.")


def _name_of(error: Exception) -> str:
    parameter = getattr(error, "param", None)
    if parameter is None:
        return str(getattr(error, "param_hint", None) or _("un argumento"))
    options = [option for option in parameter.opts if option.startswith("-")]
    return options[-1] if options else str(parameter.metavar or parameter.name.upper())


def _expected(error: Exception) -> str:
    parameter = getattr(error, "param", None)
    least, most = getattr(parameter, "min", None), getattr(parameter, "max", None)
    if least is not None and most is not None:
        return _("debe ser un número entero de {least} a {most}").format(least=least, most=most)
    if least is not None:
        return _("debe ser un número entero desde {least}").format(least=least)
    if "integer" in str(getattr(error, "message", "")):
        return _("debe ser un número entero")
    return _("no se entiende")


def _close(error: Exception) -> str:
    possibilities = getattr(error, "possibilities", None) or []
    return " " + _("¿Quiso decir {names}?").format(names=", ".join(sorted(possibilities))) if possibilities else ""


def _way_out(error: Exception) -> str:
    context = getattr(error, "ctx", None)
    return _("Vea la ayuda con: {command} --help").format(command=context.command_path if context else "vocero")
