"""What buyers and staff can do with a return, each in one transaction: callers need to know this module only."""

from shopify_app.returns.requests.amending import amend
from shopify_app.returns.requests.asking import answer, ask, cancel, change
from shopify_app.returns.requests.deciding import approve, assign, decline, note, question, settle, try_again
from shopify_app.returns.requests.handling import receive, refund
from shopify_app.returns.requests.inspecting import Verdict, inspect
from shopify_app.returns.requests.labelling import label
from shopify_app.returns.requests.lookup import entries, get, items, of_order, of_orders, of_return, steps
from shopify_app.returns.requests.units import Taken

__all__ = (
    "Taken",
    "Verdict",
    "amend",
    "answer",
    "approve",
    "ask",
    "assign",
    "cancel",
    "change",
    "decline",
    "entries",
    "get",
    "inspect",
    "items",
    "label",
    "note",
    "of_order",
    "of_orders",
    "of_return",
    "question",
    "receive",
    "refund",
    "settle",
    "steps",
    "try_again",
)
