"""Finding every fault of a text that the fast parser refused."""

from __future__ import annotations

from bmkit.jsontext.blanks import drop_faults_in_merges
from bmkit.jsontext.encoding import decode_utf8
from bmkit.jsontext.errors import MAX_FAULTS, JsonError, TextFault
from bmkit.jsontext.leap import ValueSkipper
from bmkit.jsontext.numbers import find_suspect_offsets, has_suspect_number
from bmkit.jsontext.recover import FaultScanner
from bmkit.jsontext.stopped import locate_parser_stop, make_parser_stop_fault


def find_json_faults(data: bytes, parser_message: str) -> list[TextFault]:
    """List the faults of a text that the fast parser refused, in the order they stand in, at most 100.

    `why` is what the fast parser said of it; it is said again if nothing better is found.  After a fault
    behind which the text cannot be understood the search ends, and so it does after some hundred thousand
    values.
    """
    try:
        text = decode_utf8(data)
    except JsonError as error:
        return list(error.faults)
    parser_stop = locate_parser_stop(data, parser_message)
    suspect_offsets = find_suspect_offsets(text) if has_suspect_number(data) else []
    scanner = FaultScanner(text, ValueSkipper(text, suspect_offsets, parser_stop))
    scanner.scan_text()
    if not scanner.faults:
        return [make_parser_stop_fault(text, parser_stop, parser_message)]
    return sorted(drop_faults_in_merges(scanner.faults), key=lambda fault: (fault.start, fault.end))[
        :MAX_FAULTS
    ]
