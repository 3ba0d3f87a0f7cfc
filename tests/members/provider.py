"""GitHub's and a generic OpenID Connect provider's sign-in on loopback: real HTTP, one person at the keyboard."""

import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

CLIENT = ("portal-client", "portal-secret")


@dataclass
class Person:
    """Who sits at the keyboard, as the provider knows them."""

    id: int = 4711
    login: str = "octavia"
    name: str = "Octavia Hub"
    emails: list[dict[str, Any]] = field(
        default_factory=lambda: [{"email": "octavia@example.org", "primary": True, "verified": True}]
    )


@dataclass
class Provider:
    """The running provider; `person` may be exchanged at any time."""

    url: str = ""
    person: Person = field(default_factory=Person)
    codes: dict[str, str] = field(default_factory=dict)
    tokens: list[str] = field(default_factory=list)

    def authorize(self, query: dict[str, str]) -> str:
        code = secrets.token_hex(8)
        self.codes[code] = query["redirect_uri"]
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str]) -> dict[str, Any] | None:
        sent = (form.get("client_id"), form.get("client_secret"))
        if sent != CLIENT or self.codes.pop(form.get("code", ""), None) != form.get("redirect_uri"):
            return None
        self.tokens.append(f"gho_{secrets.token_hex(16)}")
        return {"access_token": self.tokens[-1], "token_type": "bearer", "scope": "read:user,user:email"}

    def answer(self, path: str) -> Any:
        person = self.person
        verified = person.emails[0] if person.emails else {"email": None, "verified": False}
        return {
            "/api/v3/user": {
                "id": person.id,
                "login": person.login,
                "name": person.name,
                "email": None,
                "html_url": f"{self.url}/{person.login}",
            },
            "/api/v3/user/emails": person.emails,
            "/oidc/userinfo": {
                "sub": str(person.id),
                "preferred_username": person.login,
                "name": person.name,
                "email": verified["email"],
                "email_verified": verified["verified"],
            },
        }.get(path)

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/oidc/authorize",
            "token_endpoint": f"{self.url}/oidc/token",
            "userinfo_endpoint": f"{self.url}/oidc/userinfo",
            "jwks_uri": f"{self.url}/oidc/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            if url.path in {"/login/oauth/authorize", "/oidc/authorize"}:
                query = {key: values[0] for key, values in parse_qs(url.query).items()}
                self.send_response(302)
                self.send_header("Location", provider.authorize(query))
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif url.path == "/.well-known/openid-configuration":
                self._send(200, provider.configuration())
            else:
                is_known = self.headers.get("Authorization", "").split()[-1:] == provider.tokens[-1:]
                answer = provider.answer(url.path) if provider.tokens and is_known else None
                self._send(200 if answer is not None else 401, answer)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            token = provider.token({key: values[0] for key, values in parse_qs(body).items()})
            self._send(200 if token else 400, token or {"error": "bad_verification_code"})

        def _send(self, status: int, value: Any) -> None:
            content = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: Any) -> None:
            """Quiet."""

    return Handler


@contextmanager
def running() -> Iterator[Provider]:
    """A provider on a free port of loopback."""
    provider = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
