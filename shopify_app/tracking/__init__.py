"""Where is my order? The look-up, the page of one order, the link by mail."""

from flask import Blueprint

blueprints: tuple[Blueprint, ...] = ()
