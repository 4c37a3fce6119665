"""Words that British and American English spell differently: an article keeps to one spelling of each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.proposals import propose_value
from bmkit.rules.derived.free_text import find_field_texts, split_words
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content
    from bmkit.rules.derived.free_text import FieldTexts, FreeText

_BRITISH = """
anaemia anaemic anaesthesia anaesthetic aetiology bacteraemia behaviour caecum caesium catheterisation centre
centres colour colours coeliac diarrhoea dyspnoea faeces faecal fibre fibres foetus foetal gynaecological
haematology haematological haematoma haemoglobin haemolysis haemolytic haemorrhage haemorrhages haemorrhagic
hypercalcaemia hypocalcaemia hyperglycaemia hypoglycaemia hyperkalaemia hypokalaemia hypophosphataemia
ischaemia ischaemic leukaemia leukaemias litre litres metre metres millilitre millilitres millimetre
millimetres oedema oedemas oesophageal oesophagus oestrogen oestrogens orthopaedic paediatric septicaemia
tumour tumours
uraemia
""".split()  # noqa: SIM905  a list of a hundred words is easier to read so
_AMERICAN = """
anemia anemic anesthesia anesthetic etiology bacteremia behavior cecum cesium catheterization center
centers color colors celiac diarrhea dyspnea feces fecal fiber fibers fetus fetal gynecological
hematology hematological hematoma hemoglobin hemolysis hemolytic hemorrhage hemorrhages hemorrhagic
hypercalcemia hypocalcemia hyperglycemia hypoglycemia hyperkalemia hypokalemia hypophosphatemia
ischemia ischemic leukemia leukemias liter liters meter meters milliliter milliliters millimeter
millimeters edema edemas esophageal esophagus estrogen estrogens orthopedic pediatric septicemia tumor tumors
uremia
""".split()  # noqa: SIM905  as above

OTHER_SPELLINGS = {
    **dict(zip(_BRITISH, _AMERICAN, strict=True)),
    **dict(zip(_AMERICAN, _BRITISH, strict=True)),
}
"""The other spelling of each word, in lower case: names of institutions keep theirs."""


@rule(Severity.WARNING, fix="choose one of the two spellings and write it everywhere")
def two_spellings(content: Content) -> Faults:
    """A word has its British and its American spelling in one article.

    A search for one finds half of the facts.  The other spelling belongs among the synonyms.
    """
    own_fields = [
        field_texts
        for field_texts in find_field_texts(content)
        if not field_texts.quoted and field_texts.field.name != "synonyms"
    ]
    used_words = {word for field_texts in own_fields for word in field_texts.words if word in OTHER_SPELLINGS}
    for word in sorted(word for word in used_words if OTHER_SPELLINGS[word] in used_words):
        other_spelling = OTHER_SPELLINGS[word]
        texts_by_folder = _group_texts_with_word(own_fields, word)
        other_texts_by_folder = _group_texts_with_word(own_fields, other_spelling)
        for folder, folder_texts in texts_by_folder.items():
            other_count = len(other_texts_by_folder.get(folder, ()))
            # The rarer spelling is at fault; of equals the later in the alphabet, mostly the British one.
            is_rarer = other_count and (len(folder_texts), other_spelling) < (other_count, word)
            for text in folder_texts if is_rarer else ():
                word_match = re.search(rf"(?<!\w){word}(?!\w)", text.value)
                place = text.locate_words(*word_match.span()) if word_match else text.place
                message = f'"{word}" is spelt "{other_spelling}" elsewhere'
                hint = f'write "{other_spelling}", or "{word}" everywhere'
                yield place, message, propose_value(other_spelling, hint) if word_match else hint


def _group_texts_with_word(own_fields: list[FieldTexts], word: str) -> dict[str, list[FreeText]]:
    """Return the texts with a word, by article."""
    texts_by_folder: dict[str, list[FreeText]] = {}
    for field_texts in own_fields:
        if word in field_texts.words:
            for text in field_texts.select_texts(lambda value: word in split_words(value)):
                texts_by_folder.setdefault(text.record.folder, []).append(text)
    return texts_by_folder
