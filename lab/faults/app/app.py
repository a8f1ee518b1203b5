"""The application inside the original container. The brief says its code is irrelevant; this one has a route per fault."""

import os
import time

from flask import Flask, jsonify, request

time.sleep(float(os.environ.get("SLOW_IMPORT", "0")))
if os.environ.get("BROKEN_IMPORT"):
    raise ImportError("the application cannot be imported")

app = Flask(__name__)
NAME = os.environ.get("APP_NAME", "original")


@app.get("/")
def hello():
    return f"Hello, world! ({NAME})\n"


@app.get("/healthz")
def health():
    return "ok\n"


@app.get("/sleep/<float:seconds>")
def sleep(seconds):
    time.sleep(seconds)
    return f"slept {seconds}\n"


@app.post("/echo")
def echo():
    return request.get_data()


@app.get("/boom")
def boom():
    raise RuntimeError("boom: the cause that somebody must be able to read")


@app.get("/client")
def client():
    """What the application believes of its client."""
    return jsonify(remote=request.remote_addr, forwarded=request.headers.get("X-Forwarded-For"), scheme=request.scheme)
