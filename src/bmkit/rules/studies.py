"""Studies: their facts are about their own arms, and about no more patients than these had."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.content import per_content
from bmkit.issue import Severity
from bmkit.rules.derived.hierarchy import are_related
from bmkit.rules.derived.roles import find_role_term, name_role_field
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record
    from bmkit.schema import Field, Kind

_COUNTED_PATIENTS = (None, "patient")


@rule(Severity.ERROR, fix="name the arm of the same study, or correct the study")
def arm_of_another_study(content: Content) -> Faults:
    """An arm belongs to another study than the fact, or than the arm that it is compared with.

    Arms of many studies are called alike ("placebo"), and one is soon taken for the other.
    """
    for kind, arm_fields in _find_kinds_with_arms(content):
        for record in content.list_records(kind.name):
            study = find_role_term(record, "study", content)
            for field, arm in _iter_arms(record, arm_fields, content):
                arm_study = find_role_term(arm, "study", content)
                if study is None:
                    study = arm_study
                elif arm_study is not None and not are_related(
                    content, study.kind.name, arm_study.id, study.id, record
                ):
                    message = f'{field.name} "{arm.id}" is an arm of "{arm_study.id}", not of "{study.id}"'
                    yield record.locate_field(field.name), message


@rule(Severity.ERROR, fix="correct the sample size, or the number of patients of the arm or study")
def sample_too_large(content: Content) -> Faults:
    """A fact is about more patients than its arms or its study had.

    Most often a digit too many, or the number of another study.  What counts lesions or samples may be more.
    """
    for kind, arm_fields in _find_kinds_with_arms(content):
        for record in content.list_records(kind.name):
            sample_size = record.find_value("sample-size")
            if sample_size is None or record.find_value("unit-of-analysis") not in _COUNTED_PATIENTS:
                continue
            arms = [arm for _, arm in _iter_arms(record, arm_fields, content)]
            study = find_role_term(record, "study", content)
            for group in [arms, [study] if study is not None else []]:
                sizes = [term.find_value("population-size") for term in group]
                if sizes and None not in sizes and sample_size > sum(sizes):
                    names = " and ".join(f'"{term.id}"' for term in group)
                    field_name = name_role_field(record, "sample-size")
                    message = f"{field_name} {sample_size} is above the {sum(sizes)} patients of {names}"
                    yield record.locate_field(field_name), message, "", tuple(group)
                    break


@per_content
def _find_kinds_with_arms(content: Content) -> list[tuple[Kind, list[Field]]]:
    """Return the kinds of facts that may be about a study, with their references to arms."""
    get_role = content.schemas.get_kind_role
    return [
        (kind, [field for field in kind.reference_fields if get_role(field.target_kind) == "arm"])
        for kind in content.list_kinds()
        if kind.group == "fact" and kind.find_role_field("study") is not None
    ]


def _iter_arms(record: Record, arm_fields: list[Field], content: Content) -> Iterator[tuple[Field, Record]]:
    for field in arm_fields:
        for arm_id in record.list_values(field):
            arm = content.find_record(field.target_kind, arm_id, record)
            if arm is not None:
                yield field, arm
