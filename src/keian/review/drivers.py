"""The inputs that move a scenario's result most, each played alone at both ends of its range."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from keian.review.describe import Setting
from keian.review.inputs import Input
from keian.review.nouns import Driver
from keian.review.parameters import Parameters
from keian.review.play import Summary
from keian.review.stats import make_figure
from keian.review.study import Study, find_binding

Measured = Callable[[Summary], float]


def list_drivers(
    setting: Setting, study: Study, inputs: Sequence[Input], parameters: Parameters
) -> tuple[Driver, ...]:
    """List the inputs whose range moves the result most, strongest first.

    The result is the day on which the binding need falls. Where no input moves that day (an
    attack that takes a service away on day 0 whatever else is true), or where none falls, it is
    the value added lost.
    """
    binding = find_binding(study)
    found: list[Driver] = []
    if binding is not None:
        found = _measure(setting, study, inputs, parameters, lambda s: s.first[binding], "days")
    if not found:
        year = setting.year()
        found = _measure(
            setting, study, inputs, parameters, lambda s: 100.0 * s.value_added / year,
            "% of one year",
        )  # fmt: skip
    return tuple(found[: parameters.driver_shown])


def _measure(
    setting: Setting,
    study: Study,
    inputs: Sequence[Input],
    parameters: Parameters,
    read: Measured,
    unit: str,
) -> list[Driver]:
    """Measure how far each input moves a result; those that do not move it are left out.

    A day that never comes is counted at the horizon, and the swing is told as "at least".
    """
    horizon = float(study.scenario.horizon_days)
    made = []
    for item in inputs:
        ends = [read(study.at("driver", item.key, q).summary) for q in parameters.driver_quantiles]
        low, high = (end if math.isfinite(end) else horizon for end in ends)
        if high == low:
            continue
        trace = f"{setting.run_id}/{study.scenario.id}/driver/{item.key}"
        figure = make_figure(abs(high - low), [], unit=unit, label=setting.label, trace=trace)
        if not all(map(math.isfinite, ends)):
            figure = replace(figure, censored=">=")
        made.append(Driver(item.key, item.names, figure, item.sources))
    return sorted(made, key=lambda d: -(d.swing.value or 0.0))
