"""Finding every fault of a text that the fast parser refused."""

from __future__ import annotations

from bmkit.jsontext.blanks import outside_merges
from bmkit.jsontext.encoding import decode
from bmkit.jsontext.errors import MOST, Fault, JsonFault
from bmkit.jsontext.leap import Leap
from bmkit.jsontext.numbers import doubtful, doubtful_offsets
from bmkit.jsontext.recover import Scan
from bmkit.jsontext.stopped import stop_fault, stop_offset


def find_faults(data: bytes, why: str) -> list[Fault]:
    """List the faults of a text that the fast parser refused, in the order they stand in, at most 100.

    `why` is what the fast parser said of it; it is said again if nothing better is found.  After a fault
    behind which the text cannot be understood the search ends, and so it does after some hundred thousand
    values.
    """
    try:
        text = decode(data)
    except JsonFault as error:
        return list(error.faults)
    offset = stop_offset(data, why)
    marks = doubtful_offsets(text) if doubtful(data) else []
    scan = Scan(text, Leap(text, marks, offset))
    scan.run()
    if not scan.faults:
        return [stop_fault(text, offset, why)]
    return sorted(outside_merges(scan.faults), key=lambda fault: (fault.start, fault.end))[:MOST]
