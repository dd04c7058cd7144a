"""The control panel."""

from flask import Blueprint

blueprint = Blueprint("panel", __name__)
