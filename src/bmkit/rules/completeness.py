"""Completeness: records without the records or fields that belong to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.content import CONTENT_FOLDER, TERMS_FOLDER
from bmkit.issue import Severity
from bmkit.rules.derived.amounts import has_only_dimensions, has_value
from bmkit.rules.derived.facts import find_facts
from bmkit.rules.derived.hierarchy import find_lineage, is_exception
from bmkit.rules.derived.roles import (
    are_role_terms_related,
    find_role_term,
    find_role_text,
    has_role_value,
    locate_role,
)
from bmkit.rules.medication.populations import holds_for, may_share_patients
from bmkit.rules.medication.regimens import (
    USUAL_DOSE,
    find_dose_role,
    find_dosed_records,
    find_product_routes,
    format_patients,
    iter_dosed_records,
    iter_regimens,
    list_product_records,
)
from bmkit.rules.medication.usual_doses import USUAL_DOSE_ROLES, index_usual_doses
from bmkit.rules.rule import Faults, rule
from bmkit.wording import join_phrases

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bmkit.content import Content, Record

_ARTICLE_KIND = "article"

# So many records are named in a hint.
_MAX_NAMED = 8


@rule(
    Severity.ERROR,
    fix="add the record of the article to its folder, or move the facts to the folder of their article",
)
def no_article(content: Content) -> Faults:
    """A folder has facts, but no record of their article.

    Every export then lacks the title, language and review date of the article, and the spans of its facts
    cannot be compared with its length.
    """
    reported_folders: set[str] = set()
    for record in find_facts(content) if _ARTICLE_KIND in content.schemas else ():
        folder = content.folders[record.folder]
        if (
            record.folder in reported_folders
            or record.folder == TERMS_FOLDER
            or _ARTICLE_KIND in folder.unread_kinds
        ):
            continue
        reported_folders.add(record.folder)
        if not folder.records_by_kind.get(_ARTICLE_KIND):
            message = f'folder "{record.folder}" has facts but no article record'
            yield (
                record.locate_field(),
                message,
                f"add its record in {CONTENT_FOLDER}/{record.folder}/{_ARTICLE_KIND}.json",
            )


@rule(Severity.ERROR)
def several_articles(content: Content) -> Faults:
    """A folder has more than one record of an article.

    Nobody can tell to which of them its facts belong, and an export uses the first.
    """
    first_by_folder: dict[str, Record] = {}
    for record in content.list_records(_ARTICLE_KIND):
        first_article = first_by_folder.setdefault(record.folder, record)
        if first_article is not record:
            message = (
                f'"{record.id}" is a second article in the folder '
                f'"{record.folder}", beside "{first_article.id}"'
            )
            yield record.locate_field("id"), message, "give each article a folder of its own"


@rule(Severity.WARNING, across_articles=True)
def no_route(content: Content) -> Faults:
    """A product has doses or strengths, but no fact states by which route it is given.

    Readers have to guess whether it is swallowed or injected.
    """
    product_facts = [record for record in find_facts(content) if find_role_text(record, "product")]
    routed_products = {
        find_role_text(record, "product") for record in product_facts if has_role_value(record, "route")
    }
    dosed_products = {
        find_role_text(record, "product")
        for record in product_facts
        for field in record.kind.quantity_fields
        if find_role_text(record, "product") not in routed_products
        and has_value(record, field.path[0])
        and has_only_dimensions(field, "dose", "dose-rate")
    }
    for record in content.list_records_of_role("product"):
        if record.id in dosed_products and content.is_complete(record):
            message = f'no fact states by which route "{record.id}" is given'
            yield record.locate_field("id"), message, "add its presentation"


@rule(Severity.WARNING, across_articles=True)
def no_fact(content: Content) -> Faults:
    """A tumour or another condition is listed, but no fact refers to it.

    Only other terms refer to it, so its page is empty.  A fact about patients with the condition, or about a
    form of it, counts.  Where most are without facts it is a standing list, and nothing is said.
    """
    if any(folder.partial_kinds for folder in content.folders.values()) or not find_facts(content):
        return
    fact_mentions = [mention for mention in content.iter_field_references() if mention.kind.group == "fact"]
    mentioned_terms = {
        (mention.field.target_kind, target) for mention in fact_mentions for target in mention.target_ids
    }
    # Facts refer to patients by a term, and that term refers to their conditions.
    mentioned_terms |= {
        (reference.field.target_kind, reference.target_id)
        for mention in content.iter_field_references()
        if mention.kind.group == "term" and mention.field.name != "parent"
        for reference in mention.iter_references()
        if (mention.kind.name, reference.record.id) in mentioned_terms
    }
    mentioned_conditions = {
        (kind, ancestor_id)
        for kind, condition_id in mentioned_terms
        if content.schemas.get_kind_role(kind) == "condition"
        for ancestor_id in find_lineage(content, kind, condition_id)
    }
    conditions = list(content.list_records_of_role("condition"))
    unmentioned = [
        record for record in conditions if (record.kind.name, record.id) not in mentioned_conditions
    ]
    for record in unmentioned if is_exception(unmentioned, conditions) else ():
        yield record.locate_field("id"), f'no fact refers to "{record.id}"', "add the fact, or remove it"


@rule(Severity.WARNING, across_articles=True)
def no_class(content: Content) -> Faults:
    """A product belongs to no class of medicines, though most do.

    What facts state of a class, above all its dangers, is not found for the product.
    """
    classified_products = {
        find_role_text(record, "product")
        for record in find_facts(content)
        if has_role_value(record, "drug-class")
    }
    products = list(content.list_records_of_role("product"))
    has_classes = classified_products or any(has_role_value(record, "drug-class") for record in products)
    unclassified = [
        record
        for record in products
        if not has_role_value(record, "drug-class") and record.id not in classified_products
    ]
    for record in unclassified if has_classes and is_exception(unclassified, products) else ():
        if record.kind.find_role_field("drug-class") and content.is_complete(record):
            yield record.locate_field("id"), f'"{record.id}" belongs to no drug class', "add its drug class"


@rule(Severity.ERROR)
def no_source(content: Content) -> Faults:
    """A fact has no source.

    Nobody can check it against the article.  Kinds whose schema requires a source are checked with their
    shape.
    """
    for record in find_facts(content):
        if (
            "source" in record.kind
            and not has_value(record, "source")
            and not record.kind.get_field("source").required
        ):
            yield (
                record.locate_field("id"),
                f'the fact "{record.id}" has no source',
                "add its section and spans, its page, table or publication",
            )


@rule(Severity.WARNING)
def no_usual_range(content: Content) -> Faults:
    """A product is dosed by a route for which the list of dose ranges has no entry.

    Without a usual range a slip of a decimal point or unit in its doses, or in their limits, is not noticed.
    If the list has no range at all, this is reported once for each product.  What is usual of adults alone
    says nothing of children.
    """
    reported_keys: set[tuple[str, ...]] = set()
    has_usual_doses = any(content.iter_reachable_records_of_role(USUAL_DOSE))
    dosed_records = list(iter_dosed_records(content))
    # Which kinds there are is read of every schema: where nothing is dosed, none need be.
    can_have_some = has_usual_doses or (dosed_records and content.schemas.list_kinds_of_role(USUAL_DOSE))
    for record, role in dosed_records if can_have_some else ():
        product_id = find_role_text(record, "product")
        route = find_role_text(record, "route") if has_usual_doses else ""
        patients = find_role_text(record, "population") if has_usual_doses else ""
        key = (record.folder, product_id, route, patients)
        is_dangling = find_role_term(record, "product", content) is None
        if key in reported_keys or is_dangling or not content.has_all_of_roles(record, USUAL_DOSE, "route"):
            continue
        reported_keys.add(key)
        usual_doses = [
            usual_dose
            for usual_dose in list_product_records(record, content, USUAL_DOSE)
            if find_dose_role(usual_dose)
        ]
        if not usual_doses or (route and not _is_covered_route(record, usual_doses, content)):
            # A product that does not exist for the route breaks a graver rule.
            presentations = find_product_routes(record, content) if route else []
            if not presentations or _is_covered_route(record, presentations, content):
                route_phrase = f" by the route {route}" if route else ""
                message = f'there is no usual range for the doses of "{product_id}"{route_phrase}'
                usual_routes = dict.fromkeys(
                    find_role_text(usual_dose, "route") for usual_dose in usual_doses
                )
                correction = (
                    f"correct the route, as {' and '.join(usual_routes)} has one, or "
                    if any(usual_routes)
                    else ""
                )
                yield locate_role(record, role), message, f"{correction}add a usual dose", (route,)
        elif patients and not any(
            may_share_patients(usual_dose, record, content)
            for usual_dose in usual_doses
            if are_role_terms_related(usual_dose, record, "route", content)
        ):
            message = f'there is no usual range for the doses of "{product_id}" for the patients "{patients}"'
            hint = "correct the patients, or add a usual dose"
            yield locate_role(record, role), message, hint, (route, patients)


@rule(Severity.WARNING)
def no_usual_of_patients(content: Content) -> Faults:
    """A product has usual doses, and none that is for all patients of a dose.

    What is usual of others says nothing of these patients: a slip of a decimal point, or a "per kilogram"
    that is lost, is not noticed.
    """
    usual_doses = index_usual_doses(content)
    for record in iter_regimens(content):
        others = find_dosed_records(record, content, USUAL_DOSE)
        closest = usual_doses.select(record, "dose")
        # Where none is for any of them, the rule above says so.
        is_compared = any(may_share_patients(each, record, content) for each in others)
        if (
            is_compared
            and content.has_all_of_roles(record, *USUAL_DOSE_ROLES)
            and not (closest and all(holds_for(each, record, content) for each in closest))
        ):
            product_id, patients = find_role_text(record, "product"), format_patients(record)
            message = f'no usual dose of "{product_id}" is for all patients of this dose{patients}'
            ids = [each.id for each in others[:_MAX_NAMED]]
            hint = f"add one, or correct the patients of {join_phrases(ids, 'or')}"
            yield locate_role(record, find_dose_role(record)), message, hint


def _is_covered_route(record: Record, others: Iterable[Record], content: Content) -> bool:
    """Return whether the route of a record is that of another one, or one of the two belongs to the other."""
    return any(are_role_terms_related(other, record, "route", content) for other in others)
