"""haproxy's configuration, rendered from the settings. Valid for haproxy 2.6 (Debian 12) and later."""

from __future__ import annotations

from .settings import Settings
from .values import HAPROXY_LEVELS

#: One JSON object a request. Everything that a client controls goes through haproxy's json converter; `term` is the diagnosis
#: (SC-- no server, SH-- the server died, sH-- it was too slow, sQ-- shed from the queue, PR-- bad request, C--- client gone).
LOG_FIELDS = (
    '"time_ms":%[date(0,ms)]',
    '"component":"haproxy"',
    '"client":"%[var(txn.client)]"',
    '"peer":"%ci"',
    '"frontend":"%f"',
    '"backend":"%b"',
    '"server":"%s"',
    '"method":"%[var(txn.method)]"',
    '"path":"%[var(txn.path)]"',
    '"status":%ST',
    '"bytes":%B',
    '"t_request_ms":%TR',
    '"t_queue_ms":%Tw',
    '"t_connect_ms":%Tc',
    '"t_response_ms":%Tr',
    '"t_total_ms":%Ta',
    '"term":"%tsc"',
    '"retries":"%rc"',
    '"server_queue":%sq',
    '"backend_queue":%bq',
    '"request_id":"%ID"',
    '"traceparent":"%[var(txn.traceparent)]"',
    '"user_agent":"%[var(txn.user_agent)]"',
)


#: Whose request this is: a neighbour passes it on no further, and we refuse it if it is our own.
HOP = ' hdr X-Edge-Hop "${POD_NAME}"'

GRACE = """\
    # /readyz fails from SIGUSR1 on, and the port stays open until nobody is told of us any more.
    grace {ms}
"""

SHARE = """\
    # A pod whose gunicorn is away or full lets its neighbours answer, one hop far. Probes ask this pod alone. What was passed on
    # is answered here or refused with 502, which the sender tries again elsewhere; shedding (503) is final, or it would multiply.
    acl gunicorn_up srv_is_up(app/gunicorn)
    acl gunicorn_full srv_conn(app/gunicorn) ge {capacity}
    acl neighbours_up nbsrv(neighbours) gt 0
    acl passed_on req.hdr(X-Edge-Hop) -m found
    acl by_ourselves req.hdr(X-Edge-Hop) -m str "${{POD_NAME}}"
    # Our own checks of ourselves as a neighbour, each second: no 5xx, or the availability alert would count them.
    http-request return status 421 content-type application/json string '{{"error":"misdirected request"}}' if by_ourselves checked
    http-request return status 502 content-type application/json string '{{"error":"bad gateway"}}' if by_ourselves
    http-request return status 502 content-type application/json string '{{"error":"bad gateway"}}' if passed_on !gunicorn_up
    http-request return status 503 content-type application/json string '{{"error":"service unavailable"}}' if probe !gunicorn_up
    use_backend neighbours if !probe !passed_on neighbours_up !gunicorn_up
    use_backend neighbours if !probe !passed_on neighbours_up gunicorn_full
"""

# The name stands for this pod too: the check, which carries our name, takes it out. Unchecked it would get one of three
# repetitions and answer it with 502: a GET was lost so when a gunicorn master was killed (lab/service/run, 2026-11-26).
TEMPLATE = (
    'server-template neighbour 3 "{name}":{port} resolvers cluster init-addr none resolve-prefer ipv4'
    " check inter {inter} fall 1 rise 1 observe layer4 error-limit 1 on-error mark-down"
)


def _neighbour_servers(s: Settings) -> str:
    return TEMPLATE.format(name=s.neighbours, port=s.edge_port, inter=ms(s.check_interval))


def _server(s: Settings) -> str:
    # The first connection that is refused takes the server out, so that a retry finds another; a check brings it back.
    return (
        f"check maxconn {s.capacity} pool-purge-delay {ms(s.pool_idle)} observe layer4 error-limit 1 on-error mark-down"
        if s.neighbours
        else f"check maxconn {s.capacity} pool-purge-delay {ms(s.pool_idle)}"
    )


def _backups(s: Settings) -> str:
    """In the backend of our own gunicorn: where a retry goes when the server died under the request."""
    return f"""\
    http-request set-header X-Edge-Hop "${{POD_NAME}}"
    retry-on conn-failure empty-response 502
    option allbackups
    {_neighbour_servers(s)} backup
"""


def _neighbours(s: Settings) -> str:
    return f"""\
backend neighbours
    http-request set-header X-Edge-Hop "${{POD_NAME}}"
    retry-on conn-failure empty-response 502
    option httpchk
    http-check send meth GET uri /readyz hdr Host health{HOP}
    http-check expect status 200
    {_neighbour_servers(s)}

resolvers cluster
    parse-resolv-conf
    hold valid 2s
    timeout resolve 1s
    accepted_payload_size 4096

"""


#: Longest log line: what a pipe takes whole or not at all (PIPE_BUF). Of a longer one haproxy writes what fits and drops the rest,
#: and the next line goes on in the middle of it. A client's share is 2,048 (path, each quote two), 768 and 330 bytes (six a byte).
LINE = 4_096


def ms(seconds: float) -> str:
    return f"{round(seconds * 1000)}ms"


def haproxy_cfg(s: Settings) -> str:
    """The whole file. Comments in it say why; the numbers come from the settings and are nowhere else."""
    log_format = "{" + ",".join(LOG_FIELDS) + "}"
    # What is no HTTP has no header to say who else it was.
    error_format = log_format.replace("%[var(txn.client)]", "%ci")
    return f"""\
# Generated by apps/hello-api/render; do not edit. A test fails when it is stale.
global
    # Explicit, and within the descriptors that a container has by default: an unlimited one makes haproxy take memory for
    # a million connections (docker-library/haproxy#194).
    maxconn {s.edge_maxconn}
    fd-hard-limit {s.descriptors}
    # Two threads do not wait for each other at stdout: whoever finds it taken drops its line. Measured with haproxy 2.6 on two
    # busy cores, 12,000 requests: 221 lines dropped by two threads, none by one (lab/alerts saw it as HaproxyDroppingLogs).
    nbthread 1
    # By default no connection to gunicorn is kept for reuse once a fifth of the descriptors is in use, here by some 110 clients.
    # When requests queue, each would have one of its own (measured: a quarter of the requests/s). There is room for both.
    tune.pool-low-fd-ratio 99
    tune.pool-high-fd-ratio 99
    log stdout len {LINE} format raw daemon {HAPROXY_LEVELS[s.log_level]}
    # SIGUSR1 finishes what is in flight; this bounds it.
    hard-stop-after {ms(s.hard_stop)}
{GRACE.format(ms=ms(s.edge_grace)) if s.edge_grace else ""}
defaults
    mode http
    log global
    timeout connect {ms(s.connect)}
    # A client that dribbles its headers holds nothing but a connection of haproxy's.
    timeout http-request {ms(s.slow_header)}
    timeout http-keep-alive {ms(s.edge_keepalive)}
    timeout client {ms(s.client)}
    timeout server {ms(s.request)}
    # Shed early and visibly (sQ--) instead of waiting in the kernel's backlog.
    timeout queue {ms(s.queue)}
    timeout check {ms(s.check_timeout)}
    # The body too is here before gunicorn is bothered: a slow client costs no thread.
    option http-buffer-request
    option dontlognull
    # A worker that dies before it answers: once more, on another connection. Never for what is no GET or HEAD: a POST may
    # have been carried out already.
    option redispatch 1
    retries 3
    # Not on response-timeout: three times the longest request is more than any client waits (measured: 504 after 45 s).
    retry-on conn-failure empty-response
    http-reuse safe

frontend edge
    bind {s.edge_host}:{s.edge_port}
    unique-id-format %[uuid()]
    http-request disable-l7-retry unless METH_GET || {{ method HEAD }}
    # Cut before it is escaped: a line that is cut afterwards is no JSON.
    http-request set-var(txn.method) method,bytes(0,32),json(utf8s)
    http-request set-var(txn.path) path,bytes(0,1024),json(utf8s)
    http-request set-var(txn.user_agent) req.hdr(User-Agent),bytes(0,128),json(utf8s)
    http-request set-var(txn.traceparent) req.hdr(traceparent),bytes(0,55),json(utf8s)
    log-format '{log_format}'
    error-log-format '{error_format}'
    # One id for both logs. A client's own is not taken: it is not to be trusted, and is hostile at worst.
    http-request set-header X-Request-ID %[unique-id]
    http-after-response set-header X-Request-ID %[unique-id]
    # Who the client is, only we say: the one who connected; or, when that is a proxy we were told to trust, the last address of
    # X-Forwarded-For, which the proxy itself has added. What stands before it is the client's own word, and goes.
    acl from_proxy src --{" " + s.trusted_proxies if s.trusted_proxies else ""}
    http-request set-var(txn.client) src
    http-request set-var(txn.client) req.hdr_ip(X-Forwarded-For,-1) if from_proxy
    http-request del-header X-Forwarded-For
    http-request del-header Forwarded
    http-request set-header X-Forwarded-For %[var(txn.client)]
    http-request set-var(txn.proto) str(http)
    http-request set-var(txn.proto) str(https) if from_proxy {{ req.hdr(X-Forwarded-Proto,-1) https }}
    http-request set-header X-Forwarded-Proto %[var(txn.proto)]
    # SCRIPT_NAME is one: gunicorn believes it from a proxy, and answers 500 when it does not fit (found by tests/test_fuzz.py).
    http-request del-header _ -m sub
    http-request deny deny_status 413 if {{ req.body_size gt {s.max_body} }}
    # The service says that it is draining: clients on long connections are asked to come back by another one.
    http-response set-var(txn.draining) res.hdr(X-Draining)
    http-response del-header X-Draining
    http-after-response set-header Connection close if {{ var(txn.draining) -m str 1 }}
    # What haproxy answers itself looks like the service's own errors.
    http-error status 400 content-type application/json string '{{"error":"bad request"}}'
    http-error status 408 content-type application/json string '{{"error":"request timeout"}}'
    http-error status 413 content-type application/json string '{{"error":"request entity too large"}}'
    http-error status 502 content-type application/json string '{{"error":"bad gateway"}}'
    http-error status 503 content-type application/json string '{{"error":"service unavailable"}}'
    http-error status 504 content-type application/json string '{{"error":"gateway timeout"}}'
    acl probe path /readyz
    acl checked path /readyz /livez
    http-request disable-l7-retry if probe
    http-request return status 503 content-type application/json string '{{"status":"stopping"}}' if probe {{ stopping }}
    http-request set-log-level silent if checked METH_GET
{SHARE.format(capacity=s.capacity) if s.neighbours else ""}    default_backend app

backend app
    # Liveness, not readiness: while the service drains, requests that still arrive must be answered.
    option httpchk
    http-check send meth GET uri /livez hdr Host health{HOP if s.neighbours else ""}
    http-check expect status 200
    default-server inter {ms(s.check_interval)} fall {s.check_fall} rise {s.check_rise}
    # maxconn = workers * threads: the queue is here, where it is measured, and not inside gunicorn.
    server gunicorn 127.0.0.1:{s.app_port} {_server(s)}
{_backups(s) if s.neighbours else ""}
{_neighbours(s) if s.neighbours else ""}frontend metrics
    bind {s.edge_host}:{s.edge_metrics_port}
    http-request use-service prometheus-exporter if {{ path /metrics }}
    http-request return status 200 content-type text/plain string ok if {{ path /healthz }}
    http-request return status 404
    no log
"""
