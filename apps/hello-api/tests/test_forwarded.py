"""Who a client is, in the eyes of both logs: told by a proxy that we were told to trust, and by nobody else."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable

import pytest
from conftest import Served

BALANCER, STRANGER = "127.0.0.2", "127.0.0.3"


@pytest.fixture(scope="module")
def behind(start: Callable[..., Served]) -> Served:
    """The service behind a balancer with an address in 127.0.0.2/32."""
    return start(trusted_proxies=f"{BALANCER}/32 2001:db8::/32")


def ask(served: Served, source: str, headers: list[tuple[str, str]], path: str = "/", times: int = 1) -> tuple[str, str, str]:
    """(client in haproxy's log, client in the application's, peer) of the last of some requests on one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", served.port("edge"), source_address=(source, 0), timeout=20)
    for _ in range(times):
        connection.putrequest("GET", path)
        for name, value in headers:
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        answer.read()
    name = answer.headers["X-Request-ID"]
    connection.close()
    edge, app = served.logged(name)
    return edge["client"], app["client"], edge["peer"]


FROM_BALANCER = [
    ([("X-Forwarded-For", "203.0.113.9")], "203.0.113.9"),
    ([("X-Forwarded-For", "6.6.6.6, 203.0.113.9")], "203.0.113.9"),
    ([("X-Forwarded-For", "6.6.6.6,127.0.0.1, 127.0.0.2,203.0.113.9")], "203.0.113.9"),
    ([("X-Forwarded-For", "6.6.6.6"), ("x-forwarded-for", "203.0.113.9")], "203.0.113.9"),
    ([("X-Forwarded-For", "203.0.113.9"), ("X_Forwarded_For", "6.6.6.6"), ("Forwarded", "for=6.6.6.6")], "203.0.113.9"),
    ([("X-Forwarded-For", "203.0.113.9:4711")], "203.0.113.9"),
    ([("X-Forwarded-For", "2001:db8::9")], "2001:db8::9"),
    # The balancer itself, when what it says is no address: never a word of the client's.
    ([], BALANCER),
    ([("X-Forwarded-For", "")], BALANCER),
    ([("X-Forwarded-For", "203.0.113.9,")], BALANCER),
    ([("X-Forwarded-For", "6.6.6.6 203.0.113.9")], BALANCER),
    ([("X-Forwarded-For", '203.0.113.9","status":200,"x":"')], BALANCER),
    ([("X-Forwarded-For", "\\u0022\x01")], BALANCER),
    ([("X-Forwarded-For", "203.0.113.9" * 200)], BALANCER),
    ([("X-Real-IP", "6.6.6.6"), ("Forwarded", "for=6.6.6.6"), ("True-Client-IP", "6.6.6.6")], BALANCER),
]


@pytest.mark.parametrize(("headers", "client"), FROM_BALANCER)
def test_the_last_address_that_a_trusted_proxy_says_is_the_client(
    behind: Served, headers: list[tuple[str, str]], client: str
) -> None:
    assert ask(behind, BALANCER, headers) == (client, client, BALANCER)


@pytest.mark.parametrize("headers", [headers for headers, _ in FROM_BALANCER])
def test_nobody_else_is_believed(behind: Served, headers: list[tuple[str, str]]) -> None:
    """Not even who says to be a neighbour that passes a request on."""
    assert ask(behind, STRANGER, [*headers, ("X-Edge-Hop", "x")]) == (STRANGER, STRANGER, STRANGER)


def test_without_proxies_nobody_is_believed(served: Served) -> None:
    assert ask(served, BALANCER, [("X-Forwarded-For", "203.0.113.9")]) == (BALANCER, BALANCER, BALANCER)


def test_a_connection_that_a_balancer_shares_among_clients_mixes_them_not(behind: Served) -> None:
    assert ask(behind, BALANCER, [("X-Forwarded-For", "203.0.113.9")], times=3)[0] == "203.0.113.9"
    connection = http.client.HTTPConnection("127.0.0.1", behind.port("edge"), source_address=(BALANCER, 0), timeout=20)
    names = {}
    for client in ("203.0.113.1", "", "203.0.113.2"):
        connection.request("GET", "/", headers={"X-Forwarded-For": client} if client else {})
        answer = connection.getresponse()
        answer.read()
        names[answer.headers["X-Request-ID"]] = client or BALANCER
    connection.close()
    assert {name: behind.logged(name)[1]["client"] for name in names} == names


@pytest.mark.parametrize(
    ("source", "said", "scheme"),
    [
        (BALANCER, ["https"], "https"),
        (BALANCER, ["http"], "http"),
        (BALANCER, [], "http"),
        (BALANCER, ["https", "http"], "http"),
        (BALANCER, ['https"'], "http"),
        (STRANGER, ["https"], "http"),
    ],
)
def test_the_scheme_is_believed_of_the_same(behind: Served, source: str, said: list[str], scheme: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", behind.port("edge"), source_address=(source, 0), timeout=20)
    connection.putrequest("GET", "/api/v1/echo")
    for value in said:
        connection.putheader("X-Forwarded-Proto", value)
    connection.endheaders()
    answer = json.loads(connection.getresponse().read())
    connection.close()
    assert answer["scheme"] == scheme
