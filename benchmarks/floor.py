"""The floor under benchmarks/webhooks.py: a bare Flask view that checks the signature and answers."""

import base64
import hmac
import os

from flask import Flask, request

app = Flask(__name__)
SECRET = os.environ["SHOPIFY_API_SECRET"].encode()


@app.post("/webhooks")
def webhook() -> tuple[str, int]:
    digest = base64.b64encode(hmac.digest(SECRET, request.get_data(), "sha256")).decode()
    given = request.headers.get("X-Shopify-Hmac-Sha256", "")
    return ("", 200) if hmac.compare_digest(digest, given) else ("", 401)
