"""Strict JSON text: its values, its faults, and where each value stands."""

from bmkit.json_text.disk import read_bytes
from bmkit.json_text.encoding import decode, readable
from bmkit.json_text.faults import Fault, JsonFault
from bmkit.json_text.lines import Lines
from bmkit.json_text.locate import Positions, locate
from bmkit.json_text.strict import DEEPEST, LARGEST, parse

__all__ = [
    "DEEPEST",
    "LARGEST",
    "Fault",
    "JsonFault",
    "Lines",
    "Positions",
    "decode",
    "locate",
    "parse",
    "read_bytes",
    "readable",
]
