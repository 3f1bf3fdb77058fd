"""Why something in a menu's spreadsheet was refused, doubted or left out, and what the commands say: in words."""

from collections.abc import Mapping

from edge.menu.spreadsheet.words import ALLERGEN_WORDS, KINDS, Words, word

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
    "choice_divided": (
        "dos variantes van divididas por |: Copa = 3.000 | Botella = 14.000",
        "two variants are divided by |: Glass = 3,000 | Bottle = 14,000",
    ),
    "choice_negative": (
        "la variante {name} no puede costar menos que nada",
        "the variant {name} cannot cost less than nothing",
    ),
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
    "lost_letter": (
        "perdió letras (�) al guardarse: escribilo de nuevo",
        "letters were lost (�) when it was saved: type it again",
    ),
    "money_foreign": (
        "está en otra moneda ({currency}): escribilo en {own}",
        "it is in another currency ({currency}): write it in {own}",
    ),
    "money_percent": ("es un porcentaje, no un precio", "it is a percentage, not a price"),
    "several_prices": (
        "hay más de un precio en la celda: usá la columna variantes, Chica = 5000 | Grande = 7000",
        "there is more than one price in the cell: use the column variants, Small = 5000 | Large = 7000",
    ),
    "price_open": (
        "no dice cuánto cuesta: escribí un número, 0 si es gratis",
        "it does not say what it costs: write a number, 0 if it is free",
    ),
    "cell_is_date": (
        "la planilla lo convirtió en una fecha: dale formato de texto a la celda y escribilo de nuevo",
        "the spreadsheet made a date of it: format the cell as text and type it again",
    ),
    "cell_is_time": (
        "la planilla lo convirtió en una hora: dale formato de texto a la celda y escribilo de nuevo",
        "the spreadsheet made a time of it: format the cell as text and type it again",
    ),
    "cell_is_error": ("es un error de la planilla", "it is an error of the spreadsheet"),
    "cell_is_formula": (
        "es una fórmula sin resultado: abrí el archivo en Excel, guardalo y probá de nuevo",
        "it is a formula without a result: open the file in Excel, save it and try again",
    ),
    "cell_is_logical": (
        "es verdadero o falso, no un texto ni un precio",
        "it is true or false, neither a text nor a price",
    ),
    "cell_is_number": (
        "es un número con decimales, no un nombre: dale formato de texto a la celda y escribilo de nuevo",
        "it is a number with decimals, not a name: format the cell as text and type it again",
    ),
    "cell_is_percent": (
        "es un porcentaje, no un texto: dale formato de texto a la celda y escribilo de nuevo",
        "it is a percentage, not a text: format the cell as text and type it again",
    ),
    "defaults_over_max": (
        "hay más opciones por defecto que el máximo, {most}",
        "there are more default options than the maximum, {most}",
    ),
    "below_nothing": (
        "con las opciones más baratas cuesta menos que nada",
        "with its cheapest options it costs less than nothing",
    ),
    "hidden_column": (
        "esta columna está oculta: mostrala o borrala",
        "this column is hidden: show it or delete it",
    ),
    "section_empty": (
        "parece un título de sección y no tiene productos debajo: ¿le falta el precio?",
        "it looks like the heading of a section and has nothing below it: is its price missing?",
    ),
    "looks_like_total": (
        "parece el total de la columna, no un producto",
        "it looks like the column's total, not a dish",
    ),
}

#: What a person should look at twice before it is published, with {facts}.
DOUBTS: dict[str, Words] = {
    "price_tiny": (
        "{price} es muy barato al lado de los demás (lo común es {typical}): ¿faltan ceros?",
        "{price} is very cheap beside the others ({typical} is common): are zeros missing?",
    ),
    "price_huge": (
        "{price} es muy caro al lado de los demás (lo común es {typical}): ¿sobran ceros?",
        "{price} is very dear beside the others ({typical} is common): are there zeros too many?",
    ),
    "price_leap": (
        "cambia de {before} a {price}: ¿faltan o sobran ceros?",
        "it goes from {before} to {price}: are zeros missing, or too many?",
    ),
    "shown_otherwise": (
        "la planilla guarda {price} y muestra {shown}",
        "the spreadsheet keeps {price} and shows {shown}",
    ),
    "mixed_signs": (
        "su formato dice {shown}, y el de los demás precios no",
        "its format says {shown}, and that of the other prices does not",
    ),
    "letter_doubtful": ("parece que perdió una letra", "it seems to have lost a letter"),
    "quote_swallowed": (
        "parece tener más de una fila adentro: ¿comillas mal cerradas?",
        "it seems to hold more than one row: a quote that is not closed?",
    ),
    "rows_filtered": (
        "la hoja tiene un filtro que oculta {count} filas, que no se importan",
        "the sheet has a filter that hides {count} rows, which are not imported",
    ),
    "sheet_without_headings": (
        "la hoja tiene precios pero no los títulos nombre y precio: no se importa",
        "the sheet has prices but not the headings name and price: it is not imported",
    ),
}

#: What was understood, left out or is only worth knowing, with {facts}.
NOTES: dict[str, Words] = {
    "hidden_row": ("fila oculta: no se importó", "hidden row: not imported"),
    "hidden_sheet": ("hoja oculta: no se importó", "hidden sheet: not imported"),
    "hidden_twin": ("columna oculta: se usó la visible", "hidden column: the visible one was used"),
    "total_left_out": ("es un total: no se importó", "a total: not imported"),
    "headings_again": ("los títulos otra vez: se salteó", "the headings again: passed over"),
    "section": ("título de sección: es la categoría de {count} productos", "a section: the category of {count} items"),
    "sheet_category": (
        "el nombre de la hoja es la categoría de {count} productos",
        "the sheet's name is the category of {count} items",
    ),
    "merged": ("celdas combinadas: valen para todas sus filas", "merged cells: they hold for all their rows"),
    "column_unnamed": (
        "la columna {letter} no tiene título y no se importó",
        "the column {letter} has no heading and was not imported",
    ),
    "mixed_encoding": (
        "filas con otra codificación que el resto, leídas como {page}: {lines}",
        "lines in another encoding than the rest, read as {page}: {lines}",
    ),
    "code_page": (
        "el archivo se leyó como {page}: revisá los acentos",
        "the file was read as {page}: look at its accents",
    ),
    "letters_mended": ("letras rotas arregladas: {before}", "broken letters were mended: {before}"),
    "unseen_dropped": ("se quitaron marcas invisibles", "invisible marks were taken out"),
    "name_is_number": ("el nombre es un número", "the name is a number"),
    "same_name": ("se llama igual que la fila {row}", "it is called the same as row {row}"),
    "price_rounded": ("se publica {published}", "{published} is published"),
    "shown_rounded": (
        "la planilla muestra {shown}; se publica {published}",
        "the spreadsheet shows {shown}; {published} is published",
    ),
    "free": ("se vende a 0", "it sells at 0"),
    "unprintable": (
        "ninguna impresora puede escribir este nombre: poné un nombre corto o en inglés",
        "no printer can write this name: give it a short or an English name",
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
    "old_workbook": (
        "{name} es de un Excel viejo o tiene contraseña: guardalo como .xlsx, sin contraseña",
        "{name} is of an old Excel or has a password: save it as .xlsx, without one",
    ),
    "too_heavy": (
        "el archivo ocupa {size} MB por dentro: copiá la carta sola a una planilla nueva",
        "the file takes {size} MB inside: copy the menu alone to a new spreadsheet",
    ),
    "heading_foreign": (
        "la columna {column} está en otra moneda ({currency}) y no hay otra de precios",
        "the column {column} is in another currency ({currency}) and there is no other of prices",
    ),
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
    "exists": (
        "Ya existe {name}. Con --replace se escribe encima.",
        "{name} exists already. With --replace it is written over.",
    ),
    "unwritable": ("No se puede escribir {name}: {why}", "{name} cannot be written: {why}"),
    "exported": ("Guardado en {name} (productos: {count}).", "Written to {name} (items: {count})."),
    "doubts": ("Para confirmar", "To be confirmed"),
    "doubted": (
        "No se publicó nada. Para confirmar: {count}. Si están bien, repetí con --accept-doubts.",
        "Nothing was published. To be confirmed: {count}. If they are right, repeat with --accept-doubts.",
    ),
    "notes": ("Para saber", "Worth knowing"),
    "more": ("… y {count} más", "… and {count} more"),
    "item": ("producto", "item"),
    "before": ("antes", "before"),
    "after": ("ahora", "now"),
    "prices": ("Precios que cambian ({count})", "Prices that change ({count})"),
    "form": (
        "Todavía no hay carta: en {name} están los títulos para llenarla.",
        "There is no menu yet: {name} has the headings to fill in.",
    ),
}

_REMARKS = {**REASONS, **DOUBTS, **NOTES}


def reason(code: str, facts: Mapping[str, str | int], language: str) -> str:
    """Why a row was refused or doubted, or what was understood of it, in words."""
    known = {"allergen_unknown": ALLERGEN_WORDS, "kind_unknown": KINDS}.get(code, {})
    listed = {"known": ", ".join(word(one, language) for one in known.values())} if known else {}
    return word(_REMARKS[code], language).format_map({**facts, **listed})


def fault(code: str, facts: Mapping[str, str | int], language: str) -> str:
    """Why a file cannot be read, in words."""
    return word(FAULTS[code], language).format_map(dict(facts))
