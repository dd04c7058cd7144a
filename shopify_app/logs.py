"""Structured logs: one JSON object a line, on standard error, without anything about a person."""

import logging
import sys

import structlog

FORBIDDEN = ("email", "phone", "token", "secret", "authorization", "body", "payload", "address", "query_string")
"""Keys that no line may carry, whoever wrote it."""


def configure(level: str) -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _drop_forbidden,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping().get(level, logging.INFO)),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _drop_forbidden(_logger: object, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    for key in FORBIDDEN:
        if key in event:
            event[key] = "[withheld]"
    return event
