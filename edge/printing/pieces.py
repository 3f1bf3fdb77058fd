"""A document on as many pieces of paper as it takes: nothing of it is left out, and each says what it belongs to. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from edge.printing.formats import Page
from edge.printing.layout import Element, Facts, Template, elements, fact_at

MAX_LINES = 400  # of one piece: a metre and a half


def lay_out(
    template: Template,
    facts: Facts,
    page: Page,
    words: Mapping[str, str],
    *,
    piece: Template = (),
    most: int = MAX_LINES,
) -> list[tuple[Element, ...]]:
    """The pieces, of `most` lines each. When there are several, each begins with what `piece` and the document head.

    `piece` is a template of what they then say besides: its heading before all, the rest at the end of all but the
    last. What one line of a check takes stays together.
    """
    shown = partial(elements, page=page, words=words)
    heading = shown(_heading(template), (facts,))
    parts = [shown(blocks, scopes) for blocks, scopes in _parts(_body(template), (facts,))]
    if len(heading) + sum(map(len, parts)) <= most:
        return [(*heading, *(element for part in parts for element in part))]
    first = {**facts, "piece": 1, "pieces": 1}
    around = len(heading) + len(shown((*_heading(piece), *_body(piece)), (first,)))
    bodies = _packed(parts, max(1, most - around))
    pieces = []
    for number, body in enumerate(bodies, 1):
        scopes = ({**facts, "piece": number, "pieces": len(bodies)},)
        goes_on = shown(_body(piece), scopes) if number < len(bodies) else ()
        pieces.append((*shown(_heading(piece), scopes), *heading, *body, *goes_on))
    return pieces


def _heading(template: Template) -> Template:
    return tuple(inner for block in template for inner in block.heading or ())


def _body(template: Template) -> Template:
    return tuple(block for block in template if block.heading is None)


def _parts(blocks: Template, scopes: tuple[Facts, ...]) -> Iterator[tuple[Template, tuple[Facts, ...]]]:
    """What stays together: each round of a list, each other block."""
    for block in blocks:
        if block.each is not None:
            for one in fact_at(block.each, scopes) or ():
                yield block.do, (*scopes, one if isinstance(one, Mapping) else {"it": one})
        elif block.when is not None:
            yield from _parts(block.do if fact_at(block.when, scopes) else block.otherwise, scopes)
        else:
            yield (block,), scopes


def _packed(parts: Iterable[tuple[Element, ...]], room: int) -> list[tuple[Element, ...]]:
    """The parts on as few pieces as hold them, in order; one that no piece holds is broken."""
    bodies: list[list[Element]] = [[]]
    for part in parts:
        if bodies[-1] and len(bodies[-1]) + len(part) > room:
            bodies.append([])
        for element in part:
            if len(bodies[-1]) == room:
                bodies.append([])
            bodies[-1].append(element)
    return [tuple(body) for body in bodies]
