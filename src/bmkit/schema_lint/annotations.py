"""Whether the annotations (x-…) of schemas are known, stand where they are read, and can hold."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.issue import Place, Proposal, format_pointer
from bmkit.jsontext import parse_json
from bmkit.schema import Kind
from bmkit.schema.compare import BrokenRelationError, resolve_other_field
from bmkit.schema.frame import find_lost_fields
from bmkit.schema.roles import NO_ROLE, explain_unfit_role, load_roles, select_field_role
from bmkit.sentence import TemplateError, iter_slots
from bmkit.shipped import read_shipped_schema_file
from bmkit.suggest import suggest_hint
from bmkit.write_json import format_json

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from bmkit.issue import PathPart
    from bmkit.schema import Field, Schemas
    from bmkit.schema.annotations import PlausibleRange
    from bmkit.shape import ShapeChecker
    from bmkit.shape.context import Message
    from bmkit.shape.faults import ShapeFault

METASCHEMA_FILE = "meta/annotations.schema.json"

_KIND_ANNOTATIONS = ("x-group", "x-sentence", "x-role", "x-gravity", "x-named")
_KIND_ONLY_ANNOTATIONS = ("x-group", "x-sentence")
# On a list, these may stand on the items; all others stand on the field.
_ITEM_ANNOTATIONS = ("x-ref", "x-unit")
_RECORD_PATH = ("$defs", "record")
_SENTENCE_PATH = ("x-sentence",)


class SchemaFault(NamedTuple):
    """A convention that a schema breaks: its name in the family "schema", where, and what."""

    fault_name: str
    path: tuple[PathPart, ...]
    message: str
    hint: str = ""
    key: bool = False


class AnnotationMetaschema:
    """What the metaschema of annotations says of the x- keywords of a schema."""

    def __init__(self, shape_checker: ShapeChecker) -> None:
        self._shape_checker = shape_checker
        metaschema = parse_json(read_shipped_schema_file(METASCHEMA_FILE))
        # The engines take a kind; what a file of this one would hold are the annotations of one schema.
        self._metaschema_kind = Kind(
            "annotations",
            title=metaschema["title"],
            description=metaschema["description"],
            group="",
            sentence_template="",
            fields=(),
            bundled_schema=metaschema,
            file=f"schema/{METASCHEMA_FILE}",
        )
        self.annotation_names = tuple(metaschema["properties"])

    def find_faults(
        self, subschema: dict[str, Any], schema_path: tuple[PathPart, ...], *, is_condition: bool = False
    ) -> Iterator[SchemaFault]:
        """Yield what is wrong with the annotations of the schema at `schema_path`.

        A condition restricts what is described elsewhere, and has no annotations of its own.
        """
        annotation_values = {
            keyword: value for keyword, value in subschema.items() if keyword.startswith("x-")
        }
        yield from self._find_misplaced(annotation_values, schema_path, is_condition=is_condition)
        for keyword in annotation_values:
            if keyword not in self.annotation_names:
                message = f'"{keyword}" is not an annotation that bmkit knows'
                hint = suggest_hint(keyword, self.annotation_names)
                yield SchemaFault("annotation", (*schema_path, keyword), message, hint, key=True)
        shape_faults = (
            self._shape_checker.find_faults(self._metaschema_kind, annotation_values)
            if annotation_values
            else ()
        )
        if shape_faults:
            # Only a faulty schema pays for these imports.
            from bmkit.shape.faults import BundledSchema, select_instance
            from bmkit.shape.messages import describe_mistake
            from bmkit.shape.mistakes import find_mistakes

            schema = BundledSchema(self._metaschema_kind.bundled_schema)
            for mistake in find_mistakes(shape_faults, schema, annotation_values):
                instance_path = mistake.fault.instance_path
                # Unknown annotations are reported above, and groups by the check of the kind.
                if instance_path and instance_path != ("x-group",):
                    shape_message = describe_mistake(
                        mistake,
                        schema,
                        select_instance(annotation_values, instance_path),
                        str(instance_path[0]),
                    )
                    fault_path = (*schema_path, *instance_path, *shape_message.subpath)
                    # What starts with the name of the annotation would say it twice.
                    message = f"{instance_path[0]}: {shape_message.text.removeprefix(f'{instance_path[0]} ')}"
                    hint = choose_fitting_hint(
                        shape_message,
                        instance_path,
                        annotation_values,
                        partial(self._shape_checker.find_faults, self._metaschema_kind),
                    )
                    yield SchemaFault("annotation", fault_path, message, hint, key=shape_message.key)

    def _find_misplaced(
        self, annotation_values: dict[str, Any], schema_path: tuple[PathPart, ...], *, is_condition: bool
    ) -> Iterator[SchemaFault]:
        """Yield a fault for each annotation that nothing reads where it stands."""
        for keyword in annotation_values:
            is_kind_annotation = keyword in _KIND_ONLY_ANNOTATIONS
            if keyword not in self.annotation_names or (keyword in _KIND_ANNOTATIONS and not schema_path):
                continue
            is_on_items = schema_path[-1:] == ("items",) and keyword not in _ITEM_ANNOTATIONS
            if (
                is_kind_annotation
                or not schema_path
                or schema_path == _RECORD_PATH
                or is_on_items
                or is_condition
            ):
                allowed_on = (
                    "a kind only"
                    if is_kind_annotation
                    else "a list, not on its items"
                    if is_on_items
                    else "a field only"
                )
                message = f"{keyword} is read on {allowed_on}"
                yield SchemaFault("annotation", (*schema_path, keyword), message, key=True)


def find_unit_faults(subschema: dict[str, Any], schema_path: tuple[PathPart, ...]) -> Iterator[SchemaFault]:
    """Yield what is wrong with the dimension and the units of the quantity at `schema_path`."""
    from bmkit.ucum.dimensions import has_dimension, list_dimension_names, name_dimension

    dimension, known_names = subschema["x-unit"], list_dimension_names()
    if isinstance(dimension, str) and dimension not in known_names:
        hint = suggest_hint(
            dimension, known_names, "docs/dimensions.md lists the dimensions and their groups"
        )
        yield SchemaFault("unit", (*schema_path, "x-unit"), f'unknown dimension "{dimension}"', hint)
    for list_path, codes in _iter_unit_lists(subschema):
        for index, code in enumerate(codes):
            code_path = (*schema_path, *list_path, index)
            if not isinstance(code, str) or not (name_dimension(code) or _is_ucum_code(code)):
                yield SchemaFault("unit", code_path, f'"{code}" is not a unit of UCUM')
            elif dimension in known_names and not has_dimension(code, dimension):
                yield SchemaFault("unit", code_path, f'"{code}" is no unit of {dimension}')
            elif isinstance(dimension, list) and len(codes) > 1 and not name_dimension(code):
                message = f'"{code}" is in no dimension, so it cannot be compared with the other units'
                yield SchemaFault("unit", code_path, message)


def _is_ucum_code(code: str) -> bool:
    # What the table of dimensions has needs no table of UCUM.
    from bmkit.ucum.units import is_valid_unit

    return is_valid_unit(code)


def _iter_unit_lists(subschema: dict[str, Any]) -> Iterator[tuple[tuple[PathPart, ...], list[Any]]]:
    """Yield the lists of units with their paths: the annotation itself, or the closed list of the unit."""
    if isinstance(subschema["x-unit"], list):
        yield ("x-unit",), subschema["x-unit"]
    unit_schema = subschema.get("properties", {}).get("unit")
    if isinstance(unit_schema, dict) and isinstance(unit_schema.get("enum"), list):
        yield ("properties", "unit", "enum"), unit_schema["enum"]


def find_relation_faults(kind: Kind, schemas: Schemas) -> Iterator[SchemaFault]:
    """Yield the relations and plausible ranges of a kind's fields that cannot hold."""
    for field in kind.related_fields:
        for relation in field.relations:
            try:
                resolve_other_field(kind, field, relation, schemas)
            except BrokenRelationError as error:
                fault_path, message = (
                    _locate_annotation(kind, field, relation.keyword),
                    f"{relation.keyword}: {error}",
                )
                yield SchemaFault(
                    "annotation",
                    fault_path,
                    message,
                    suggest_hint(error.unknown_name, error.known_names),
                )
    for field in kind.walk_fields():
        for index, plausible_range in enumerate(field.plausible_ranges):
            message, hint = _explain_unfit_range(field, plausible_range), ""
            if not message:
                message, hint = _explain_unfit_conditions(kind, plausible_range)
            if not message and _repeats_range(field, index):
                message = f"there is another range in a unit like {plausible_range.unit} for the same records"
            if message:
                yield SchemaFault(
                    "annotation",
                    _locate_annotation(kind, field, "x-plausible"),
                    f"x-plausible: {message}",
                    hint,
                )


def _explain_unfit_conditions(kind: Kind, plausible_range: PlausibleRange) -> tuple[str, str]:
    """Return why no record can fulfil the conditions of a range, and a hint; "" and "" if some can."""
    for name, values in plausible_range.conditions:
        if name not in kind:
            field_names = [field.name for field in kind.fields]
            return f'{kind.name} has no field "{name}"', suggest_hint(name, field_names)
        allowed_values = kind.get_field(name).values
        for value in values if allowed_values else ():
            if value not in allowed_values:
                return f"{name} is never {format_json(value)}", suggest_hint(
                    str(value), [text for text in allowed_values if isinstance(text, str)]
                )
    return "", ""


def _repeats_range(field: Field, index: int) -> bool:
    """Return whether a range before this one is for the same records and overlaps it, in whatever unit.

    A refrigerator and a freezer are two ranges; two that overlap could be one.
    """
    plausible_range = field.plausible_ranges[index]
    return any(
        other.conditions == plausible_range.conditions
        and _is_comparable_unit(other.unit, plausible_range.unit, field.dimension)
        and (
            other.unit != plausible_range.unit
            or (other.low <= plausible_range.high and plausible_range.low <= other.high)
        )
        for other in field.plausible_ranges[:index]
    )


def _explain_unfit_range(field: Field, plausible_range: PlausibleRange) -> str:
    """Return why a range cannot be that of a field, "" if it can."""
    if field.type != "quantity":
        return f"{field.name} is not a quantity"
    if plausible_range.low >= plausible_range.high:
        return f"low {plausible_range.low} is not below high {plausible_range.high}"
    if not any(_is_comparable_unit(plausible_range.unit, unit, field.dimension) for unit in field.units):
        return f"{plausible_range.unit} does not measure what {', '.join(field.units)} do"
    return ""


def _is_comparable_unit(unit: str, other: str, within: str) -> bool:
    if unit == other:
        return True
    from bmkit.ucum.dimensions import share_dimension

    return share_dimension(unit, other, within)


def _locate_annotation(kind: Kind, field: Field, annotation: str) -> tuple[PathPart, ...]:
    """Return the place of the annotation, or of the field that holds it where it stands in common/."""
    schema_path: tuple[str, ...] = ("$defs", "record", "properties", field.path[0])
    property_schema = kind.bundled_schema["$defs"]["record"]["properties"][field.path[0]]
    is_declared_here = len(field.path) == 1 and annotation in property_schema
    return (*schema_path, annotation) if is_declared_here else schema_path


def find_system_faults(kind: Kind, terminology_names: Collection[str]) -> Iterator[SchemaFault]:
    """Yield what is wrong with x-systems: it stands on a list of codes and names systems of theirs.

    Codes whose systems are no closed list may have those of `terminology_names`.
    """
    for field in kind.fields:
        known_systems = next(
            (member.values or terminology_names for member in field.fields if member.name == "system"), None
        )
        schema_path = ("$defs", "record", "properties", field.name, "x-systems")
        if field.systems and known_systems is None:
            message = f"x-systems: {field.name} holds no codes, objects with a system"
            yield SchemaFault("annotation", schema_path, message)
        for index, system in enumerate(field.systems if known_systems else ()):
            if system not in (known_systems or ()):
                system_names = [
                    known_system for known_system in known_systems or () if isinstance(known_system, str)
                ]
                message = f'x-systems: "{system}" is not one of the systems of a code'
                yield SchemaFault(
                    "annotation",
                    (*schema_path, index),
                    message,
                    suggest_hint(system, system_names),
                )


def find_template_faults(kind: Kind) -> Iterator[SchemaFault]:
    """Yield what is wrong with a template: its form, names that are no fields, fields that may be absent."""
    if kind.group == "fact" and not kind.sentence_template:
        yield SchemaFault("sentence", (), "a fact needs an x-sentence")
    try:
        template_slots = list(iter_slots(kind.sentence_template))
    except TemplateError as error:
        yield SchemaFault(
            "sentence",
            _SENTENCE_PATH,
            f"the template cannot be read at character {error.offset + 1}: {error}",
        )
        return
    for slot, is_optional in template_slots:
        name = ".".join(slot.path)
        try:
            fields = _list_fields_along(kind, slot.path)
        except KeyError as error:
            known_names = [field.name for field in kind.fields]
            yield SchemaFault(
                "sentence",
                _SENTENCE_PATH,
                f"the template names {{{name}}}: {error.args[0]}",
                suggest_hint(name, known_names),
            )
            continue
        asks_for_word = slot.word and (fields[-1].values or fields[-1].type in {"text", "reference"})
        if asks_for_word and slot.word not in map(str, fields[-1].values):
            message = f'the template asks whether {name} is "{slot.word}", which is not in its closed list'
            known_words = [word for word in fields[-1].values if isinstance(word, str)]
            yield SchemaFault("sentence", _SENTENCE_PATH, message, suggest_hint(slot.word, known_words))
        if not is_optional and not all(field.required for field in fields):
            message = f"the template needs {{{name}}}, which a record may not have"
            yield SchemaFault("sentence", _SENTENCE_PATH, message, f"put it in brackets: [{{{name}}}]")


def _list_fields_along(kind: Kind, path: tuple[str, ...]) -> list[Field]:
    return [kind.get_field(".".join(path[: length + 1])) for length in range(len(path))]


def find_role_faults(kind: Kind) -> Iterator[SchemaFault]:
    """Yield the roles of a kind and its fields that do not exist, do not suit, or stand twice."""
    roles = load_roles()
    declared_role = kind.bundled_schema.get("x-role")
    if isinstance(declared_role, str) and declared_role != NO_ROLE and declared_role not in roles.of_kinds:
        yield _make_unknown_role_fault(("x-role",), declared_role, "kind", roles.of_kinds)
    yield from _find_field_role_faults(kind, kind.fields)


def _find_field_role_faults(kind: Kind, fields: Sequence[Field]) -> Iterator[SchemaFault]:
    field_roles = load_roles().of_fields
    seen_names: dict[str, str] = {}
    for field in fields:
        path = _locate_annotation(kind, field, "x-role")
        declared_role = field.declared_role
        if declared_role is not None and declared_role != NO_ROLE and declared_role not in field_roles:
            yield _make_unknown_role_fault(path, declared_role, "field", field_roles)
        role = field_roles.get(select_field_role(field))
        if role is not None and (message := explain_unfit_role(role, field)):
            yield SchemaFault("annotation", path, message, f'write "x-role": "{NO_ROLE}", or another role')
        if field.role and field.role in seen_names:
            message = f'{seen_names[field.role]} and {field.name} have the role "{field.role}" both'
            yield SchemaFault("annotation", path, message, f'write "x-role": "{NO_ROLE}" on one of them')
        seen_names.setdefault(field.role, field.name)
        if field.type == "object":
            yield from _find_field_role_faults(kind, field.fields)


def _make_unknown_role_fault(
    path: tuple[PathPart, ...], role_name: str, holder: str, role_names: Iterable[str]
) -> SchemaFault:
    hint = suggest_hint(role_name, [*role_names, NO_ROLE], "docs/roles.md lists the roles")
    return SchemaFault("annotation", path, f'no {holder} has the role "{role_name}"', hint)


def find_lost_field_faults(kind: Kind, schemas: Schemas) -> Iterator[SchemaFault]:
    """Yield what rules ask for and a kind has not that stands in the place of a shipped one."""
    replaced_kind = schemas.get_replaced_kind(kind.name)
    for words in find_lost_fields(kind, replaced_kind) if replaced_kind is not None else ():
        message = f"{kind.name} replaces a kind that comes with bmkit, and lacks {words}"
        hint = "take it over from there, records need not fill it; or give the kind a name of its own"
        yield SchemaFault("lost-field", (), message, hint)


def find_part_faults(kind: Kind) -> Iterator[SchemaFault]:
    """Yield the fields of a fact whose part of the statement is not said, or does not suit."""
    for field in kind.walk_fields() if kind.group == "fact" else ():
        is_closed_list = field.type == "text" and bool(field.values) and not field.is_list
        if field.part == "value" and is_closed_list and field.poles is None:
            message = f"{field.name} is a value from a closed list and needs x-means"
            hint = "give words of opposite meaning different poles; {} says that none oppose each other"
            yield SchemaFault("annotation", _locate_annotation(kind, field, "x-part"), message, hint)
        if field.type == "quantity" and not field.part:
            message = f"{field.name} is a quantity and needs an x-part"
            hint = "value if it is what the fact states; docs/annotations.md lists the parts"
            yield SchemaFault("annotation", _locate_annotation(kind, field, "x-part"), message, hint)
    for field in kind.walk_fields():
        list_annotations = {"x-many": bool(field.joined_by), "x-sequence": field.is_sequence}
        for annotation, is_declared in list_annotations.items():
            if is_declared and not field.is_list:
                path = _locate_annotation(kind, field, annotation)
                yield SchemaFault("annotation", path, f"{annotation}: {field.name} is no list")
        if field.poles is not None:
            path = _locate_annotation(kind, field, "x-means")
            for word in field.poles:
                if word not in field.values:
                    known_words = [value for value in field.values if isinstance(value, str)]
                    message = f'x-means: "{word}" is not in the closed list of {field.name}'
                    yield SchemaFault("annotation", path, message, suggest_hint(word, known_words))


def choose_fitting_hint(
    message: Message,
    path: tuple[PathPart, ...],
    document: Any,
    find_faults: Callable[[Any], list[ShapeFault]],
) -> str:
    """Return the hint of a message on what stands at a path; another where what it proposes does not fit."""
    if not isinstance(message.hint, Proposal):
        return message.hint
    # Only a faulty schema pays for this import.
    from bmkit.hints import change_document

    place = message.hint.place or Place("", format_pointer((*path, *message.subpath)), message.key)
    changed_parts = [*path, *message.subpath][: None if not message.key else -1]
    faults = find_faults(change_document(document, place, message.hint.value))
    is_faulty = any([*fault.instance_path[: len(changed_parts)]] == changed_parts for fault in faults)
    return message.hint.otherwise if is_faulty else str(message.hint)
