"""Words of medicine that British and American English spell in different ways."""

from __future__ import annotations

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
"""The other spelling of each word; names of institutions, which start with a capital, are not among them."""
