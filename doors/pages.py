"""What every answer of edge and hub says to a browser, the files of screens, and a page of the API that loads nothing."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from litestar import Request, Response
from litestar.config.compression import CompressionConfig
from litestar.exceptions import NotFoundException
from litestar.middleware import DefineMiddleware
from litestar.middleware.compression import CompressionMiddleware
from litestar.openapi.plugins import JsonRenderPlugin, OpenAPIRenderPlugin
from litestar.static_files import create_static_files_router
from litestar.types import ControllerRouterHandler

#: Of a screen. Inline styles are Svelte's transitions; all else, sockets too, comes from where the page does.
_SCREEN = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; object-src 'none';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
#: Of everything else: it is no page, and what it loads is nothing.
_ANSWER = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_ALWAYS = {"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin"}
#: The same for a handler that speaks ASGI itself.
RAW_HEADERS = tuple(
    (name.lower().encode(), value.encode()) for name, value in {**_ALWAYS, "Content-Security-Policy": _ANSWER}.items()
)
#: A phone on a full network waits for bytes: a script is a third of its size like this. Typefaces and pictures are packed already.
_COMPRESSED = CompressionConfig(backend="gzip", gzip_compress_level=6, exclude=[r"\.(woff2|png)$"])
#: What no file system has a name for: no file of ours is called so.
_LONGEST_NAME, _LONGEST_PATH = 255, 4_000

_METHODS = ("get", "post", "put", "patch", "delete")
_component = re.compile(r"#/components/schemas/(.+)").fullmatch


def said_to_browsers(response: Response[Any]) -> Response[Any]:
    """Any answer, whoever made it: taken for nothing but what it is, shown in no frame, loading nothing."""
    for name, value in {**_ALWAYS, "Content-Security-Policy": _ANSWER}.items():
        response.headers.setdefault(name, value)
    return response


def screens(folder: Path, app: str) -> list[ControllerRouterHandler]:
    """One application: what a new release must replace at once, and what carries its content in its name."""
    parts = ((folder, f"/{app}", _may_change), (folder / "assets", f"/{app}/assets", _stays))
    return [
        create_static_files_router(
            path=path,
            directories=[directory],
            html_mode=directory == folder,
            name=f"screens{path.replace('/', '-')}",
            before_request=_has_a_name,
            after_request=headers,
            include_in_schema=False,
            middleware=[DefineMiddleware(CompressionMiddleware, config=_COMPRESSED)],
        )
        for directory, path, headers in parts
        if directory.is_dir()
    ]


def _has_a_name(request: Request[Any, Any, Any]) -> None:
    """Asked for a file, and not for what makes the file system complain.

    Raises:
        NotFoundException: there can be no such file.
    """
    path = request.scope["path"].encode("utf-8", "surrogatepass")
    if b"\0" in path or len(path) > _LONGEST_PATH or any(len(name) > _LONGEST_NAME for name in path.split(b"/")):
        raise NotFoundException


def _may_change(response: Response[Any]) -> Response[Any]:
    return _screen(response, "no-cache")


def _stays(response: Response[Any]) -> Response[Any]:
    return _screen(response, "public, max-age=31536000, immutable")


def _screen(response: Response[Any], cache_control: str) -> Response[Any]:
    response.headers.update({**_ALWAYS, "Content-Security-Policy": _SCREEN})
    response.headers.setdefault("Cache-Control", cache_control)
    return response


class ApiPage(OpenAPIRenderPlugin):
    """The API as one page of HTML, made here: no script, and nothing from anywhere else."""

    def __init__(self) -> None:
        super().__init__(path="/")

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The page."""
        return _page(openapi_schema, self.get_openapi_json_route(request)).encode()


#: Instead of Litestar's own pages, which load their scripts from strangers' servers.
API_PAGES = (ApiPage(), JsonRenderPlugin())


def _page(document: dict[str, Any], json_address: str) -> str:
    title = html.escape(document["info"]["title"])
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width">'
        "<style>body{font:1rem/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem}code{font-size:.95em}"
        "h2{margin-top:2rem;border-top:1px solid}li{margin:.2rem 0}</style>"
        f'<h1>{title}</h1><p>For programs: <a href="{html.escape(json_address)}">openapi.json</a></p>'
        f"{''.join(_operations(document))}<h2>Structs</h2>{''.join(_structs(document))}</html>"
    )


def _operations(document: dict[str, Any]) -> Iterator[str]:
    for path, item in sorted(document["paths"].items()):
        for method in (one for one in _METHODS if one in item):
            operation = item[method]
            about = html.escape(operation.get("description") or operation.get("summary") or "")
            yield f"<h2><code>{method.upper()} {html.escape(path)}</code></h2><p>{about}</p><ul>"
            for parameter in operation.get("parameters", ()):
                kind, words = html.escape(parameter["in"]), html.escape(parameter.get("description") or "")
                yield f"<li><code>{html.escape(parameter['name'])}</code> ({kind}) {words}</li>"
            for status, answer in operation.get("responses", {}).items():
                words = html.escape(answer.get("description") or "")
                yield f"<li>{html.escape(str(status))}: {words} {_body(answer)}</li>"
            yield f"</ul>{_asked(operation)}"


def _asked(operation: dict[str, Any]) -> str:
    body = _body(operation.get("requestBody", {}))
    return f"<p>Body: {body}</p>" if body else ""


def _body(part: dict[str, Any]) -> str:
    return " ".join(_kind(content.get("schema", {})) for content in part.get("content", {}).values())


def _kind(schema: dict[str, Any]) -> str:
    """A struct's name as a link, a list of something, or the type's own word."""
    named = _component(schema.get("$ref", ""))
    if named:
        name = html.escape(named[1])
        return f'<a href="#{name}"><code>{name}</code></a>'
    if "prefixItems" in schema:
        return f"({', '.join(map(_kind, schema['prefixItems']))})"
    if "items" in schema:
        return f"list of {_kind(schema['items'])}"
    either = [_kind(one) for word in ("anyOf", "oneOf") for one in schema.get(word, ())]
    return " or ".join(either) or html.escape(str(schema.get("type", "")))


def _structs(document: dict[str, Any]) -> Iterator[str]:
    for name, schema in sorted(document.get("components", {}).get("schemas", {}).items()):
        safe = html.escape(name)
        yield f'<h3 id="{safe}"><code>{safe}</code></h3><p>{html.escape(schema.get("description") or "")}</p><ul>'
        for field, kind in schema.get("properties", {}).items():
            yield f"<li><code>{html.escape(field)}</code> {_kind(kind)}</li>"
        yield "</ul>"
