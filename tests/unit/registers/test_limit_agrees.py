"""One limit of force, told in three places: the act, the policy record and the economy."""

from datetime import date
from importlib.resources import files

import yaml

from keian.registers import load_shelf
from keian.registers.due import find_limit

SERVICES = files("keian.economy") / "data" / "japan" / "essential_services" / "named_shares.yaml"


def test_medical_care_is_due_on_the_same_day_everywhere():
    shelf = load_shelf()
    (act,) = (e for e in shelf.registers["acts"].entries if e.id == "espa-medical")
    (policy,) = (e for e in shelf.registers["policies"].entries if e.id == "H-21")
    limit = find_limit(act)
    assert limit == date(2027, 12, 16)
    assert policy.value is not None
    assert policy.value["next"]["by"] == limit
    services = yaml.safe_load(SERVICES.read_text(encoding="utf-8"))
    rows = next(v for v in services.values() if isinstance(v, list) and v and "tier" in v[0])
    (note,) = (row["note"] for row in rows if row["id"] == "medical-care")
    assert f"by {limit.isoformat()} " in note
