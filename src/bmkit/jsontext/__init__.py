"""Strict JSON text: its values, its faults, and where each value stands."""

from bmkit.jsontext.encoding import decode, readable
from bmkit.jsontext.errors import Fault, JsonFault, amount
from bmkit.jsontext.files import read_bytes
from bmkit.jsontext.locate import Positions, locate
from bmkit.jsontext.parse import DEEPEST, LARGEST, parse
from bmkit.jsontext.positions import Lines

__all__ = [
    "DEEPEST",
    "LARGEST",
    "Fault",
    "JsonFault",
    "Lines",
    "Positions",
    "amount",
    "decode",
    "locate",
    "parse",
    "read_bytes",
    "readable",
]
