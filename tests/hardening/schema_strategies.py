"""Hypothesis strategies from JSON Schema: what fits it, what nearly fits, and what anybody may send."""

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

Schema = Mapping[str, Any]
Strategy = st.SearchStrategy[Any]

HUGE = 10**30
#: What breaks programs that do not expect it.
NASTY_TEXTS = st.sampled_from(
    ("", " ", "\x00", "\x1b@", "\u202e", "\ud83c", "ñandú 🌶️", "a\n", "../..", "' OR 1=1 --", "x" * 5_000, "NaN")
)
NASTY_NUMBERS = st.sampled_from((0, -1, 1, 2**31, 2**53, 2**63 - 1, 2**63, -(2**63) - 1, HUGE, -HUGE, 0.5, 1e308))
ANYTHING: Strategy = st.recursive(
    st.none() | st.booleans() | NASTY_NUMBERS | NASTY_TEXTS | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


class Fitting:
    """Strategies for one set of schemas. Fields named in `ids` mostly hold those, so that what is asked meets what is there."""

    def __init__(self, components: Mapping[str, Schema], ids: Mapping[str, Sequence[str]] | None = None) -> None:
        self._components = components
        self._ids = ids or {}
        self._made: dict[str, Strategy] = {}

    def of(self, schema: Schema) -> Strategy:
        """What fits the schema, and now and then what does not."""
        if "$ref" in schema:
            return self._component(str(schema["$ref"]).rpartition("/")[2])
        for several in ("anyOf", "oneOf"):
            if several in schema:
                return st.one_of([self.of(one) for one in schema[several]])
        if "enum" in schema:
            return st.sampled_from(list(schema["enum"]))
        if "const" in schema:
            return st.just(schema["const"])
        kinds = schema.get("type", "any")
        if isinstance(kinds, list):
            return st.one_of([self.of({**schema, "type": kind}) for kind in kinds])
        return self._plain(str(kinds), schema)

    def _component(self, name: str) -> Strategy:
        if name not in self._made:
            self._made[name] = st.deferred(lambda: self._made[name + "!"])
            self._made[name + "!"] = self.of(self._components[name])
        return self._made[name]

    def _plain(self, kind: str, schema: Schema) -> Strategy:
        match kind:
            case "object":
                return self._object(schema)
            case "array":
                return self._array(schema)
            case "string":
                return self._string(schema)
            case "integer" | "number":
                return self._number(schema)
            case "boolean":
                return st.booleans()
            case "null":
                return st.none()
        return ANYTHING

    def _object(self, schema: Schema) -> Strategy:
        fields = {name: self._field(name, inner) for name, inner in schema.get("properties", {}).items()}
        needed = schema.get("required", ())
        return st.fixed_dictionaries(
            {name: fields[name] for name in needed},
            optional={name: field for name, field in fields.items() if name not in needed},
        )

    def _field(self, name: str, schema: Schema) -> Strategy:
        if name not in self._ids:
            return rarely_not(self.of(schema))
        known: Strategy = st.sampled_from(self._ids[name])
        if schema.get("type") == "array" or "anyOf" in schema:
            known = st.lists(known, max_size=2)
        return st.integers(0, 24).flatmap(lambda n: ANYTHING if n == 24 else self.of(schema) if n > 21 else known)

    def _array(self, schema: Schema) -> Strategy:
        if "prefixItems" in schema:
            return st.tuples(*(self.of(one) for one in schema["prefixItems"])).map(list)
        most = min(schema.get("maxItems", 3), 3)
        return st.lists(
            self.of(schema.get("items") or {}), min_size=min(schema.get("minItems", 0), most), max_size=most
        )

    def _string(self, schema: Schema) -> Strategy:
        pattern = schema.get("pattern")
        if pattern is not None:
            return st.from_regex(pattern, fullmatch=True)
        return st.text(min_size=schema.get("minLength", 0), max_size=min(schema.get("maxLength", 20), 20))

    def _number(self, schema: Schema) -> Strategy:
        least, most = schema.get("minimum", -HUGE), schema.get("maximum", HUGE)
        return st.integers(least, most) | st.integers(max(least, 0), min(most, 5_000_00)) | st.just(max(least, 1))


def rarely_not(fitting: Strategy) -> Strategy:
    """Once in a while something else."""
    return st.integers(0, 24).flatmap(lambda n: ANYTHING if n == 24 else fitting)
