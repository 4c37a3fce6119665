"""The tables of a database: one a kind and one a list in it, all made from the fields of the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.tables import ID_FIELD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bmkit.schema import Field, Kind

FieldPath = tuple[str, ...]

SENTENCE_COLUMN = "sentence"
SENTENCES_TABLE = "sentences"
SEARCH_TABLE = "sentences_fts"
ABOUT_TABLE = "about"
VIEW_SUFFIX = "_labelled"
_RECORD, _POSITION, _VALUE = "record", "position", "value"
_STORAGE_TYPES = {"integer": "INTEGER", "number": "REAL", "boolean": "INTEGER"}
_DAY_PATTERN = "[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]"


class SqlColumn(NamedTuple):
    """A column with the field whose values it holds; None in columns that only order or identify.

    `path` are the names from the value of a row down, none where an entry of a list is the value itself.
    """

    name: str
    definition: str
    field: Field | None = None
    path: FieldPath = ()
    target_table: str = ""
    comment: str = ""


class SqlTable(NamedTuple):
    """A table of the records of a kind, or of the entries of a list in them.

    `path` are the names from the value of a row of the table above down to the list, `field_path` those from
    the record down; `lists` are the tables of the lists in its rows.  `checks` hold for a row as a whole.
    The view of a kind has labels, too.
    """

    name: str
    kind: Kind
    key: tuple[str, ...]
    columns: tuple[SqlColumn, ...]
    lists: tuple[SqlTable, ...]
    comment: str
    checks: tuple[str, ...]
    path: FieldPath = ()
    field_path: FieldPath = ()
    parent: str = ""
    parent_key: tuple[str, ...] = ()
    view_name: str = ""

    @property
    def entry_column(self) -> SqlColumn | None:
        """The column of a list that has its entries, None where an entry is an object."""
        return next((column for column in self.columns if column.field is not None and not column.path), None)

    def walk_tables(self) -> Iterator[SqlTable]:
        """Yield this table and, first to last, those of the lists in it."""
        yield self
        for table in self.lists:
            yield from table.walk_tables()


def quote_name(name: str) -> str:
    """Return a name as SQL has it wherever a name may stand."""
    return '"' + name.replace('"', '""') + '"'


def quote_text(value: Any) -> str:
    """Return a value as SQL writes it out."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(value)


def make_sql_tables(kinds: Sequence[Kind]) -> tuple[SqlTable, ...]:
    """Return the tables of these kinds, in their order.

    Names are those of kinds and fields with _ for each hyphen and dot, so that nobody needs quotes: SQLite
    takes a name in double quotes that it does not know for a text, without a word.
    """
    used_names = {SENTENCES_TABLE, SEARCH_TABLE, ABOUT_TABLE}
    table_names = {kind.name: make_unique(_to_sql_name(kind.name), used_names) for kind in kinds}
    tables = [_KindTables(kind, table_names, used_names).make_table() for kind in kinds]
    return tuple(
        table._replace(view_name=make_unique(f"{table.name}{VIEW_SUFFIX}", used_names)) for table in tables
    )


def _to_sql_name(*parts: str) -> str:
    return "_".join(parts).replace("-", "_").replace(".", "_")


def make_unique(name: str, used_names: set[str]) -> str:
    """Return the name, with as many _ at its end as set it apart from those used; SQL ignores case."""
    while name.casefold() in used_names:
        name += "_"
    used_names.add(name.casefold())
    return name


class _Row:
    """The columns, lists and checks of a table, while they are made; `key` identifies a row."""

    def __init__(self, table_name: str, key: tuple[str, ...], taken_columns: Iterable[str]) -> None:
        self.table_name = table_name
        self.key = key
        self.columns: list[SqlColumn] = []
        self.lists: list[SqlTable] = []
        self.checks: list[str] = []
        self.taken_columns = set(taken_columns)


class _KindTables:
    """Makes the table of a kind, and those of its lists."""

    def __init__(self, kind: Kind, table_names: Mapping[str, str], used_names: set[str]) -> None:
        self._kind = kind
        self._table_names = table_names
        self._used_names = used_names

    def make_table(self) -> SqlTable:
        kind = self._kind
        row = _Row(self._table_names[kind.name], (ID_FIELD,), {SENTENCE_COLUMN})
        self._add_fields(row, kind.fields)
        row.columns.append(SqlColumn(SENTENCE_COLUMN, "TEXT", comment="Sentence. The record in words."))
        return SqlTable(
            row.table_name,
            kind,
            row.key,
            tuple(row.columns),
            tuple(row.lists),
            _join_words(kind.title, kind.description),
            tuple(row.checks),
        )

    def _add_fields(
        self, row: _Row, fields: Iterable[Field], parents: tuple[Field, ...] = (), *, is_required: bool = True
    ) -> None:
        """Add what fields become that are parts of `parents`; those are absent at times unless required."""
        for field in fields:
            if field.is_list:
                row.lists.append(self._make_list_table(row, field, parents))
                continue
            is_reference = field.type == "reference"
            if is_reference or not field.fields:
                self._add_column(row, field, parents, is_required=is_required and field.required)
            if field.fields:
                self._add_fields(
                    row,
                    # The first of a reference is the id, which stands there already.
                    field.fields[1:] if is_reference else field.fields,
                    (*parents, field),
                    is_required=is_required and field.required and not is_reference,
                )
            if field.type == "quantity":
                path = (*(parent.name for parent in parents), field.name)
                ends = [
                    column.name for column in row.columns if column.path in {(*path, "low"), (*path, "high")}
                ]
                row.checks.append(" <= ".join(map(quote_name, ends)))

    def _add_column(
        self,
        row: _Row,
        field: Field,
        parents: tuple[Field, ...],
        *,
        is_required: bool,
        is_entry: bool = False,
    ) -> None:
        path = () if is_entry else (*(parent.name for parent in parents), field.name)
        name = make_unique(_to_sql_name(*path) or _VALUE, row.taken_columns)
        target_table = self._table_names.get(field.target_kind, "")
        definition = " ".join(
            [
                _STORAGE_TYPES.get(field.type, "TEXT"),
                *(["NOT NULL"] if is_required else []),
                *(f"CHECK ({condition})" for condition in _iter_conditions(quote_name(name), field, parents)),
                *(
                    [f"REFERENCES {quote_name(target_table)} ({quote_name(ID_FIELD)})"]
                    if target_table
                    else []
                ),
            ]
        )
        title = ": ".join([*(parent.title for parent in parents), field.title])
        row.columns.append(
            SqlColumn(name, definition, field, path, target_table, _join_words(title, field.description))
        )

    def _make_list_table(self, owner: _Row, field: Field, parents: tuple[Field, ...]) -> SqlTable:
        """Return the table of a list: whose it is, the position of each entry from 1 on, and the entry."""
        path = (*(parent.name for parent in parents), field.name)
        # The key of the table above is the record, and the positions in the lists on the way.
        positions_above = tuple(f"{part}_above" for part in owner.key[1:])
        key = (_RECORD, *positions_above, _POSITION)
        table_name = make_unique(_to_sql_name(owner.table_name, *path), self._used_names)
        row = _Row(table_name, key, key)
        row.columns += [
            SqlColumn(part, "TEXT NOT NULL" if part == _RECORD else "INTEGER NOT NULL") for part in key
        ]
        entry_fields = field.fields
        if field.type == "reference" or not field.fields:
            entry = field._replace(is_list=False)
            self._add_column(row, entry, (), is_required=True, is_entry=True)
            entry_fields = field.fields[1:]
        self._add_fields(row, entry_fields)
        return SqlTable(
            table_name,
            self._kind,
            key,
            tuple(row.columns),
            tuple(row.lists),
            _join_words(field.title, field.description),
            tuple(row.checks),
            path,
            field.path,
            owner.table_name,
            owner.key,
        )


def _iter_conditions(column: str, field: Field, parents: tuple[Field, ...]) -> Iterator[str]:
    """Yield what the schema says of the values of a column and SQL can say, too."""
    is_unit = bool(parents) and parents[-1].type == "quantity" and field.name == "unit"
    values = parents[-1].units if is_unit else field.values
    if field.type == "boolean":
        yield f"{column} IN (0, 1)"
    elif values:
        yield f"{column} IN ({', '.join(map(quote_text, values))})"
    elif field.format == "date":
        yield f"{column} GLOB {quote_text(_DAY_PATTERN)}"
    for sign, limit in ((">=", field.minimum), ("<=", field.maximum)):
        if limit is not None:
            yield f"{column} {sign} {limit}"


def _join_words(title: str, description: str) -> str:
    return " ".join(f"{title}. {description}".split()) if description else title
