"""The words of a menu's spreadsheet: headings, kinds of row, allergens, tags, and why a row was refused."""

from collections.abc import Mapping

from shared.menu import ALLERGENS

Words = tuple[str, ...]  # Spanish, English, then other words that are understood

COLUMNS: dict[str, Words] = {
    "kind": ("tipo", "type"),
    "category": ("categoría", "category", "rubro"),
    "group": ("grupo", "group"),
    "name": ("nombre", "name", "producto", "plato", "item", "opción"),
    "name_en": ("nombre en inglés", "English name", "name in English", "inglés", "nombre inglés"),
    "short_name": ("nombre corto", "short name"),
    "code": ("código", "code"),
    "price": ("precio", "price"),
    "variants": ("variantes", "variants", "tamaños", "sizes"),
    "groups": ("opciones", "options", "grupos", "groups", "grupos de opciones", "modificadores", "modifiers"),
    "vat": ("IVA", "VAT", "alícuota"),
    "station": ("puesto", "station", "estación", "sector"),
    "course": ("tiempo", "course", "paso"),
    "allergens": ("alérgenos", "allergens"),
    "tags": ("etiquetas", "tags"),
    "is_favourite": ("favorito", "favourite", "favorite"),
    "is_hidden": ("oculto", "hidden", "oculto a invitados", "hidden from guests"),
    "description": ("descripción", "description", "detalle"),
    "description_en": ("descripción en inglés", "English description", "description in English"),
    "min": ("mínimo", "minimum", "min"),
    "max": ("máximo", "maximum", "max"),
    "free": ("gratis", "free", "sin cargo", "incluidas"),
    "is_default": ("por defecto", "default", "predeterminada"),
    "drawing": ("dibujo", "drawing"),
    "id": ("id", "id"),
}

KINDS: dict[str, Words] = {
    "item": ("producto", "item", "plato", "ítem", "bebida", "product"),
    "category": ("categoría", "category", "rubro"),
    "group": ("grupo", "group"),
    "option": ("opción", "option", "modificador", "modifier"),
}

#: Sheets of a workbook, by the kinds of row they hold.
SHEETS: dict[str, Words] = {
    "item": ("Carta", "Menu", "Productos", "Items", "Platos"),
    "category": ("Categorías", "Categories", "Rubros"),
    "option": ("Opciones", "Options", "Modificadores", "Modifiers"),
}

_ALLERGENS: dict[str, Words] = {
    "peanut": ("maní", "peanut", "peanuts"),
    "nuts": ("frutos secos", "nuts"),
    "milk": ("leche", "milk", "lácteos", "dairy"),
    "egg": ("huevo", "egg", "huevos", "eggs"),
    "wheat": ("trigo", "wheat", "gluten", "TACC"),
    "fish": ("pescado", "fish"),
    "shellfish": ("mariscos", "shellfish"),
    "soy": ("soja", "soy"),
    "sesame": ("sésamo", "sesame"),
    "other": ("otro", "other", "otra"),
}
ALLERGEN_WORDS = {code: (*_ALLERGENS[code], code) for code in ALLERGENS}

TAG_WORDS: dict[str, Words] = {
    "gluten_free": ("sin TACC", "gluten-free", "sin gluten", "gluten free", "gluten_free"),
    "vegetarian": ("vegetariano", "vegetarian", "vegetariana"),
    "vegan": ("vegano", "vegan", "vegana"),
    "spicy": ("picante", "spicy"),
    "house": ("de la casa", "house"),
}

#: Why a cell or a row was refused, with {facts}.
REASONS: dict[str, Words] = {
    "missing": ("falta este dato", "this must be filled in"),
    "too_long": ("tiene más de {most} caracteres", "it is longer than {most} characters"),
    "control_character": ("tiene un carácter que no se puede leer", "it has a character that cannot be read"),
    "not_money": ("no es un precio: escribí 12500 o 12.500,50", "it is not a price: write 12500 or 12,500.50"),
    "money_decimals": ("un precio lleva dos decimales como mucho", "a price has two decimals at most"),
    "money_range": ("el precio es demasiado grande", "the price is too large"),
    "money_negative": ("el precio no puede ser negativo", "the price cannot be negative"),
    "not_rate": ("no es un porcentaje entre 0 y 100", "it is not a percentage between 0 and 100"),
    "not_whole": ("va un número entero entre {least} y {most}", "it takes a whole number from {least} to {most}"),
    "not_yes_no": ("va sí o no", "it takes yes or no"),
    "choice_nameless": ("hay una variante sin nombre", "a variant has no name"),
    "choice_priceless": ("a la variante {name} le falta el precio", "the variant {name} has no price"),
    "choice_repeated": ("la variante {name} está dos veces", "the variant {name} is there twice"),
    "too_many_cells": (
        "la fila tiene más celdas que títulos: ¿un precio con coma sin comillas?",
        "the row has more cells than headings: a price with a comma and no quotes?",
    ),
    "kind_unknown": ("no conozco este tipo de fila; hay: {known}", "no such type of row; there are: {known}"),
    "station_unknown": ("no hay un puesto con ese nombre; hay: {known}", "no such station; there are: {known}"),
    "group_unknown": ("no hay un grupo de opciones que se llame {name}", "no group of options is called {name}"),
    "group_refused": ("el grupo {name} fue rechazado", "the group {name} was refused"),
    "category_refused": ("la categoría {name} fue rechazada", "the category {name} was refused"),
    "name_ambiguous": (
        "hay más de uno que se llama {name}: poné su id entre llaves, {{id}}",
        "more than one is called {name}: write its id in braces, {{id}}",
    ),
    "allergen_unknown": ("no conozco el alérgeno {name}; hay: {known}", "no such allergen, {name}; there are: {known}"),
    "repeated": ("repite la fila {row}", "it repeats row {row}"),
    "groupless": ("la opción no dice de qué grupo es", "the option does not say its group"),
    "min_over_max": ("el mínimo es mayor que el máximo", "the minimum is over the maximum"),
    "options_too_few": (
        "pide elegir {least} pero tiene {count} opciones",
        "it asks for {least} but has {count} options",
    ),
}

#: Why a whole file cannot be read, with {facts}.
FAULTS: dict[str, Words] = {
    "format_unknown": (
        "no sé leer archivos {suffix}: guardalo como .xlsx o .csv",
        "files of the kind {suffix} cannot be read: save it as .xlsx or .csv",
    ),
    "file_missing": ("no existe el archivo {name}", "there is no file {name}"),
    "file_unreadable": ("no se puede leer {name}: {why}", "{name} cannot be read: {why}"),
    "not_a_workbook": ("{name} no es una planilla de Excel sana", "{name} is not a sound Excel workbook"),
    "not_text": ("{name} no es un archivo de texto separado por comas", "{name} is not a text file of values"),
    "quote_open": (
        "hay comillas mal cerradas cerca de la fila {row}",
        "a quote is not closed properly near row {row}",
    ),
    "too_large": ("el archivo pasa de {most} filas", "the file has more than {most} rows"),
    "headings_missing": (
        "no encuentro los títulos de las columnas: hacen falta al menos nombre y precio",
        "the headings are missing: at least name and price are needed",
    ),
    "columns_missing": ("faltan columnas: {columns}", "columns are missing: {columns}"),
    "heading_repeated": ("hay dos columnas que se llaman {column}", "two columns are called {column}"),
    "nothing_to_sell": ("no hay ningún producto en el archivo", "there is nothing to sell in the file"),
}

#: What the commands say, with {facts}.
TEXTS: dict[str, Words] = {
    "reading": ("Leyendo {name}…", "Reading {name}…"),
    "publishing": ("Publicando…", "Publishing…"),
    "ignored": (
        "No conozco «{name}» y no lo importé.",
        "“{name}” means nothing here and was not imported.",
    ),
    "refused_rows": ("Filas rechazadas", "Rows refused"),
    "sheet": ("hoja", "sheet"),
    "row": ("fila", "row"),
    "column": ("columna", "column"),
    "value": ("valor", "value"),
    "reason": ("motivo", "reason"),
    "nothing_published": (
        "No se publicó nada. Filas para corregir: {count}. Con --skip-refused se publican las demás.",
        "Nothing was published. Rows to mend: {count}. With --skip-refused the others are published.",
    ),
    "counts": (
        "Productos: {items} · categorías: {categories} · grupos de opciones: {groups}.",
        "Items: {items} · categories: {categories} · groups of options: {groups}.",
    ),
    "added": ("Nuevos ({count}): {names}", "New ({count}): {names}"),
    "changed": ("Cambian ({count}): {names}", "Changed ({count}): {names}"),
    "removed": ("Se van ({count}): {names}", "Gone ({count}): {names}"),
    "same": ("La carta ya es esa (versión {version}).", "The menu is that already (version {version})."),
    "dry_run": ("Todo en orden. No se publicó: era una prueba.", "All good. Not published: this was a dry run."),
    "published": ("Publicada la versión {version} de la carta.", "Version {version} of the menu is published."),
    "refused": (
        "El sistema del local no la aceptó: {code} ({why}) {facts}",
        "The venue did not accept it: {code} ({why}) {facts}",
    ),
    "too_large": (
        "La carta es demasiado larga para mandarla entera: acortá las descripciones.",
        "The menu is too long to send whole: shorten the descriptions.",
    ),
    "no_menu": ("Todavía no hay una carta publicada.", "No menu has been published yet."),
    "exists": (
        "Ya existe {name}. Con --replace se escribe encima.",
        "{name} exists already. With --replace it is written over.",
    ),
    "unwritable": ("No se puede escribir {name}: {why}", "{name} cannot be written: {why}"),
    "exported": ("Guardado en {name} (productos: {count}).", "Written to {name} (items: {count})."),
}


def word(words: Words, language: str) -> str:
    """The Spanish or the English one."""
    return words[1 if language == "en" else 0]


def reason(code: str, facts: Mapping[str, str | int], language: str) -> str:
    """Why a row was refused, in words."""
    known = {"allergen_unknown": ALLERGEN_WORDS, "kind_unknown": KINDS}.get(code, {})
    listed = {"known": ", ".join(word(one, language) for one in known.values())} if known else {}
    return word(REASONS[code], language).format_map({**facts, **listed})


def fault(code: str, facts: Mapping[str, str | int], language: str) -> str:
    """Why a file cannot be read, in words."""
    return word(FAULTS[code], language).format_map(dict(facts))
