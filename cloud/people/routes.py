"""Signing in and out over HTTP. The session is a cookie that scripts cannot read; what changes something needs the CSRF token too."""

import hmac
from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec
from litestar import Request, Response, Router, delete, get, post
from litestar.datastructures import Cookie

from cloud.people.accounts import SESSION_MS, Accounts
from cloud.people.state import SignedIn
from cloud.rejections import Rejected
from shared.answers.reports import SessionView

CSRF_HEADER = "x-csrf-token"
AnyRequest = Request[Any, Any, Any]


class SignIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an owner types."""

    email: Annotated[str, msgspec.Meta(max_length=200)]
    password: Annotated[str, msgspec.Meta(max_length=200)]


class Doorkeeper:
    """Finds out whose request it is, from the cookie alone."""

    def __init__(self, accounts: Accounts, *, has_secure_cookies: bool) -> None:
        self.accounts = accounts
        self._secure = has_secure_cookies
        self.cookie = "__Host-hos" if has_secure_cookies else "hos_session"

    async def session(self, request: AnyRequest) -> SignedIn:
        """Who is signed in; on a request that changes something, sure that the hub's own page sent it.

        Raises:
            Rejected: `needs_sign_in`, `csrf_invalid`.
        """
        session = await self.accounts.session(request.cookies.get(self.cookie, ""))
        if session is None:
            raise Rejected("needs_sign_in")
        token = request.headers.get(CSRF_HEADER, "")
        if request.method not in {"GET", "HEAD"} and not hmac.compare_digest(session.csrf.encode(), token.encode()):
            raise Rejected("csrf_invalid")
        return session

    def carrying(self, secret: str, *, max_age_s: int) -> Cookie:
        """The cookie that carries a session, or, with no age, takes it away."""
        return Cookie(
            key=self.cookie,
            value=secret,
            max_age=max_age_s,
            path="/",
            httponly=True,
            samesite="lax",
            secure=self._secure,
        )

    def view(self, session: SignedIn) -> SessionView:
        """The session as its browser may know it."""
        return SessionView(
            name=session.name,
            role=session.role,
            tenant_id=session.tenant_id,
            tenant_name=session.tenant_name,
            expires_at_ms=session.expires_at_ms,
            csrf=session.csrf,
        )


def router(doorkeeper: Doorkeeper) -> Router:
    """`/api/session`: POST signs in, GET says who is, DELETE signs out."""

    @post("/", status_code=200)
    async def sign_in(request: AnyRequest, data: SignIn) -> Response[SessionView]:
        """Begin a session; 401 `sign_in_wrong`, 429 `too_fast`."""
        _check_origin(request)
        address = request.client.host if request.client else ""
        secret = await doorkeeper.accounts.sign_in(data.email, data.password, address=address)
        session = await doorkeeper.accounts.session(secret)
        assert session is not None
        return Response(doorkeeper.view(session), cookies=[doorkeeper.carrying(secret, max_age_s=SESSION_MS // 1000)])

    @get("/")
    async def who(request: AnyRequest) -> SessionView:
        """Who is signed in; 401 `needs_sign_in`."""
        return doorkeeper.view(await doorkeeper.session(request))

    @delete("/", status_code=204)
    async def sign_out(request: AnyRequest) -> Response[None]:
        """End the session here and for whoever copied the cookie."""
        await doorkeeper.accounts.sign_out(await doorkeeper.session(request))
        return Response(None, status_code=204, cookies=[doorkeeper.carrying("", max_age_s=0)])

    return Router("/api/session", route_handlers=[sign_in, who, sign_out])


def _check_origin(request: AnyRequest) -> None:
    """Before there is a session there is no token: a page of another site must not sign its own account in here."""
    origin = request.headers.get("origin", "")
    if origin and urlsplit(origin).netloc != request.headers.get("host", ""):
        raise Rejected("csrf_invalid")
