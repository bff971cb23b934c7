"""What visitors write under the posts of a press office: made up, and repeatable."""

import random

_FIRST = ("Rosa", "Luis", "Carmen", "José", "María", "Jorge", "Ana", "Víctor", "Elena", "Raúl", "Julia", "Percy")
_LAST = ("Quispe", "Huamán", "Flores", "Mamani", "Rojas", "Vargas", "Chávez", "Salazar", "Condori", "Paredes")
_REMARKS = (
    "Felicitaciones por el trabajo que realizan.",
    "¿Cuál es el horario de visita de este fin de semana?",
    "Buenas tardes, ¿dónde puedo presentar los documentos para una visita?",
    "Muy buena iniciativa, ojalá se repita en provincias.",
    "¿Hasta qué fecha son las inscripciones?",
    "Mi familiar participó en el taller y está muy contento. Gracias.",
    "No se puede abrir el enlace desde mi celular, por favor revisen.",
    "¿Atienden por teléfono? Llamo y nadie contesta.",
    "Gracias por la información 👏",
    "¿La feria también será en Arequipa?",
    "Excelente labor del personal de tratamiento.",
    "Por favor, más módulos de atención en la sede central.",
    "¿Qué requisitos piden para ser voluntario?",
    "Saludos desde Huancayo.",
    "¿Dónde se pueden comprar los productos hechos en los talleres?",
    "Debería haber más difusión de estas actividades.",
)


def remark(dice: random.Random) -> tuple[str, str]:
    """Return a visitor's name and words."""
    return f"{dice.choice(_FIRST)} {dice.choice(_LAST)}", dice.choice(_REMARKS)
