"""The articles of a content, each with the terms that it uses: what an export of the article carries.

A record uses a term that it refers to, and whatever that term refers to: its parent, class, substances.  A
term that nothing can refer to, such as a usual dose, is used where all that it is about is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.content import TERMS_FOLDER, Content, File, Folder, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bmkit.schema import Field, Kind, Schemas

TermKey = tuple[str, str]
"""The kind and the id of a term."""

# What the articles themselves call a term.
_WORDING_FIELD = "as_in_article"
# No article: several use the term, and whose words they are is not known.
_SEVERAL_ARTICLES = ""


class ArticleContent(NamedTuple):
    """One article: the name of its folder, its records with the terms that it uses, and all it might use.

    `vocabulary` is the article with all shared terms, for lists of what may be chosen and for code systems.
    """

    name: str
    content: Content
    vocabulary: Content


def iter_articles(content: Content) -> Iterator[ArticleContent]:
    """Yield each article of a content that was read as a whole; terms without an article are one, "terms"."""
    selector = ArticleSelector(content)
    article_names = [folder_name for folder_name in content.folders if folder_name != TERMS_FOLDER]
    for article_name in article_names:
        selector.note_article(content.folders[article_name])
    for article_name in article_names or [TERMS_FOLDER]:
        yield selector.select_article(content, article_name)


class ArticleSelector:
    """Tells what an article uses of the shared terms; the terms are those of a content without errors.

    All articles are to be noted before the first is selected: of a term that several use nobody can tell
    whose words `as_in_article` has, so that no article gets them.
    """

    def __init__(self, content: Content) -> None:
        self._terms = content.folders.get(TERMS_FOLDER, Folder(TERMS_FOLDER))
        self._graph = _TermGraph(self._terms, content.schemas)
        self._worded_terms = frozenset(
            (record.kind.name, record.id)
            for record in self._terms.list_valid_records()
            if _WORDING_FIELD in record.value
        )
        self._article_by_worded_term: dict[TermKey, str] = {}

    def note_article(self, article: Folder) -> None:
        """Note which terms an article uses."""
        if self._worded_terms:
            for key in self._worded_terms & self._graph.find_used_terms(article):
                if self._article_by_worded_term.setdefault(key, article.name) != article.name:
                    self._article_by_worded_term[key] = _SEVERAL_ARTICLES

    def select_article(self, content: Content, article_name: str) -> ArticleContent:
        """Return one article of a content; of "terms", the terms, all are used."""
        folders = {folder.name: folder for folder in (self._terms,) if folder.files}
        if article_name != TERMS_FOLDER:
            folders[article_name] = content.folders[article_name]
        vocabulary = content.make_view(folders)
        if len(folders) < 2:  # noqa: PLR2004  an article and the terms
            return ArticleContent(article_name, vocabulary, vocabulary)
        article = folders[article_name]
        used_terms = self._select_terms(self._graph.find_used_terms(article), article, content.schemas)
        used_content = content.make_view({TERMS_FOLDER: used_terms, article_name: article})
        return ArticleContent(article_name, used_content, vocabulary)

    def _select_terms(self, used_keys: set[TermKey], article: Folder, schemas: Schemas) -> Folder:
        """Return the terms that an article uses, without what others say of them."""
        used_terms = Folder(TERMS_FOLDER)
        for file in self._terms.files:
            records = [
                self._select_words(record, article, schemas)
                for record in file.records
                if record.is_valid and (file.kind.name, record.id) in used_keys
            ]
            if records:
                used_file = File(file.path, file.folder, file.kind, None)
                used_file.records = records
                used_terms.add_file(used_file)
        return used_terms

    def _select_words(self, record: Record, article: Folder, schemas: Schemas) -> Record:
        """Return a term without the words and records of other articles."""
        value = _drop_foreign_members(record, article, schemas)
        if self._article_by_worded_term.get((record.kind.name, record.id), article.name) != article.name:
            value = {name: member for name, member in value.items() if name != _WORDING_FIELD}
        if value is record.value:
            return record
        return Record(record.kind, record.folder, record.file, record.index, value)


class _TermGraph:
    """Which shared terms refer to which others."""

    def __init__(self, terms: Folder, schemas: Schemas) -> None:
        self._targets_by_term: dict[TermKey, list[TermKey]] = {}
        unreferred_kinds = _find_unreferred_kinds(terms, schemas)
        # Terms that no other kind can refer to, with what must be used for them to be.
        self._subjects_by_term: dict[TermKey, list[TermKey]] = {}
        for file in terms.files:
            term_fields = [
                field for field in file.kind.reference_fields if _is_term_kind(field.target_kind, schemas)
            ]
            for record in file.records:
                if not record.is_valid:
                    continue
                key = (file.kind.name, record.id)
                self._targets_by_term[key] = _list_targets(record, term_fields)
                if file.kind.name in unreferred_kinds:
                    required_fields = [
                        field for field in term_fields if field.required and len(field.path) == 1
                    ]
                    self._subjects_by_term[key] = _list_targets(record, required_fields or term_fields)

    def find_used_terms(self, article: Folder) -> set[TermKey]:
        """Return the shared terms that the records of an article use."""
        used_keys: set[TermKey] = set()
        for field_references in article.list_field_references():
            kind_name = field_references.field.target_kind
            self._add_terms(used_keys, ((kind_name, target_id) for target_id in field_references.target_ids))
        pending_subjects = dict(self._subjects_by_term)
        while added_keys := [
            key
            for key, subject_keys in pending_subjects.items()
            if subject_keys and used_keys.issuperset(subject_keys)
        ]:
            for key in added_keys:
                del pending_subjects[key]
            self._add_terms(used_keys, added_keys)
        return used_keys

    def _add_terms(self, used_keys: set[TermKey], keys: Iterable[TermKey]) -> None:
        """Add terms, and all that they lead to; what is no shared term is passed over."""
        pending_keys = list(keys)
        while pending_keys:
            key = pending_keys.pop()
            if key not in used_keys and key in self._targets_by_term:
                used_keys.add(key)
                pending_keys += self._targets_by_term[key]


def _find_unreferred_kinds(terms: Folder, schemas: Schemas) -> set[str]:
    """Return the kinds of the terms that no field of another kind refers to."""
    kind_names = {file.kind.name for file in terms.files}
    for file in terms.files:
        kind_names -= _list_other_targets(file.kind)
    # Only then the schemas of all kinds have to be read.
    for kind in schemas if kind_names else ():
        kind_names -= _list_other_targets(kind)
    return kind_names


def _list_other_targets(kind: Kind) -> set[str]:
    return {field.target_kind for field in kind.reference_fields if field.target_kind != kind.name}


def _is_term_kind(kind_name: str, schemas: Schemas) -> bool:
    return kind_name in schemas and schemas.get_kind(kind_name).group == "term"


def _list_targets(record: Record, fields: Sequence[Field]) -> list[TermKey]:
    return [
        (field.target_kind, target_id)
        for field in fields
        for target_id in record.list_values(field)
        if isinstance(target_id, str)
    ]


def _drop_foreign_members(record: Record, article: Folder, schemas: Schemas) -> dict[str, Any]:
    """Return the value of a shared term without what leads to records, no terms, of other articles.

    Of an object that refers to one, such as a place in another article, nothing stays.
    """
    value = record.value
    for field in record.kind.fields:
        member = value.get(field.name)
        if member is None or not (field.type == "reference" or field.fields):
            continue
        items = member if field.is_list else [member]
        own_items = [item for item in items if not _is_foreign(item, field, article, schemas)]
        if len(own_items) != len(items):
            value = {name: kept for name, kept in value.items() if name != field.name}
            if own_items:
                value[field.name] = own_items
    return value


def _is_foreign(item: Any, field: Field, article: Folder, schemas: Schemas) -> bool:
    """Return whether a value of a field is, or has in it, a reference to a record of another article."""
    if isinstance(item, dict):
        return any(
            _is_foreign(part, inner_field, article, schemas)
            for inner_field in field.fields
            if inner_field.name in item
            for part in (item[inner_field.name] if inner_field.is_list else [item[inner_field.name]])
        )
    return (
        field.type == "reference"
        and not _is_term_kind(field.target_kind, schemas)
        and item not in article.ids_by_kind.get(field.target_kind, ())
    )
