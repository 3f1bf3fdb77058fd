"""The words of a menu's spreadsheet: headings, kinds of row, sheets, allergens and tags."""

from shared.menu import ALLERGENS

Words = tuple[str, ...]  # Spanish, English, then other words that are understood

COLUMNS: dict[str, Words] = {
    "kind": ("tipo", "type", "tipo de fila", "row type"),
    "category": (
        "categoría",
        "category",
        "rubro",
        "sección",
        "section",
        "familia",
        "product category",
        "categoría del TPV",
        "categoría de producto",
    ),
    "group": ("grupo", "group", "grupo de opciones", "modifier group", "modifier group name"),
    "name": (
        "nombre",
        "name",
        "producto",
        "plato",
        "item",
        "opción",
        "artículo",
        "denominación",
        "product",
        "dish",
        "ítem",
        "nome",
        "produto",
        "prato",
        "item name",
        "product name",
        "nombre del producto",
        "nombre del plato",
        "nome do produto",
        "nome do prato",
        "título",
        "title",
        "option",
    ),
    "name_en": (
        "nombre en inglés",
        "English name",
        "name in English",
        "inglés",
        "nombre inglés",
        "nome em inglês",
        "name (en)",
        "nombre (en)",
        "english",
    ),
    "short_name": ("nombre corto", "short name", "nome curto", "nombre de cocina", "kitchen name"),
    "code": ("código", "code", "cod", "cód"),
    "price": (
        "precio",
        "price",
        "preço",
        "precio de venta",
        "precio venta",
        "precio unitario",
        "precio final",
        "precio al público",
        "PVP",
        "valor",
        "importe",
        "unit price",
        "sale price",
        "list price",
        "selling price",
        "preço de venda",
        "precio de lista",
    ),
    "variants": ("variantes", "variants", "tamaños", "sizes", "variações", "tamanhos", "presentaciones"),
    "groups": (
        "opciones",
        "options",
        "grupos",
        "groups",
        "grupos de opciones",
        "modificadores",
        "modifiers",
        "opções",
        "complementos",
        "adicionales",
        "modifier groups",
    ),
    "vat": ("IVA", "VAT", "alícuota", "tax", "imposto", "impuesto", "tax rate"),
    "station": (
        "puesto",
        "station",
        "estación",
        "sector",
        "estação",
        "setor",
        "posto",
        "cocina o barra",
        "comandera",
        "kitchen station",
    ),
    "course": ("tiempo", "course", "paso", "curso"),
    "allergens": ("alérgenos", "allergens", "alérgicos", "alergénicos"),
    "tags": ("etiquetas", "tags"),
    "is_favourite": ("favorito", "favourite", "favorite", "destacado"),
    "is_hidden": ("oculto", "hidden", "oculto a invitados", "hidden from guests"),
    "description": ("descripción", "description", "detalle", "descrição"),
    "description_en": ("descripción en inglés", "English description", "description in English", "descrição em inglês"),
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

#: Names of sheets that say nothing of what is on them.
PLAIN_SHEETS = ("hoja", "sheet", "planilha", "página", "carta", "menu", "menú", "cardápio", "productos", "products", "items",
                "precios", "prices", "lista de precios", "price list", "export", "datos", "libro", "book", "worksheet", "tabla",
                "catálogo", "artículos", "lista")  # fmt: skip

#: What stands before the sum of a column.
TOTALS = ("total", "totales", "total general", "subtotal", "sub total", "suma", "sum", "grand total", "totals", "promedio",
          "average", "soma", "total geral")  # fmt: skip

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


def word(words: Words, language: str) -> str:
    """The Spanish or the English one."""
    return words[1 if language == "en" else 0]
