"""What cuts of submarine cables leave of the service that they carry (2.1d)."""

from __future__ import annotations

import numpy as np

from keian.core import Triple
from keian.crisis._arrays import F
from keian.crisis.cast import Cast, draw_loss
from keian.crisis.run import draw_input
from keian.economy.nouns import CablePool
from keian.scenario import nouns as n


def calc_cable_outage(left: F, share: F, *, abroad: float, other: float, used: float) -> F:
    """Calculate the share of a service that is lost when part of its cables is.

    What is left carries the busy hour as long as it can; only what needs the world is lost.

    Parameters
    ----------
    left : (k, T) share of the capacity of each landing that is whole.
    share : (k,) share of the landings in all capacity; scaled here so that they sum to 1.
    abroad : share of the use of the service that needs the world.
    other : share of that use which other means carry.
    used : share of the capacity that the busy hour takes, above 0.

    Returns
    -------
    (T,) float, share of the service lost, 0 to `abroad`.

    Examples
    --------
    Two landings of like size; one is cut, while six tenths of all capacity are in use.

    >>> left = np.array([[0.0], [1.0]])
    >>> calc_cable_outage(left, np.array([0.5, 0.5]), abroad=0.4, other=0.0, used=0.6).round(4)
    array([0.0667])
    """
    whole = (share / share.sum()) @ left
    carried = np.minimum(1.0, whole / used + other)
    return np.asarray(abroad * (1.0 - carried), np.float64)


def fail_cables(cast: Cast, pool: CablePool) -> F:
    """Draw what the cuts of a run take from the service of a pool of cables, by day.

    Returns
    -------
    (T,) float, share of the service lost; cuts of one landing multiply what is left of it.
    """
    place = {landing.id: k for k, landing in enumerate(pool.landings)}
    left = np.ones((len(pool.landings), cast.days))
    for shock in cast.run.scenario.shocks:
        if isinstance(shock, n.CableCut) and shock.cables == pool.id:
            lost = draw_loss(cast, shock, shock.loss, "loss")
            for name in place if shock.landings == "all" else shock.landings:
                left[place[name]] *= 1.0 - lost

    def draw(name: str, triple: Triple) -> float:
        return draw_input(cast.run, f"cables.{pool.id}.{name}", triple)

    share = np.array(
        [draw(f"{x.id}.capacity_share", x.capacity_share) for x in pool.landings], np.float64
    )
    lost = calc_cable_outage(
        left, share,
        abroad=draw("international_share", pool.international_share),
        other=draw("other_means_share", pool.other_means_share),
        used=1.0 if pool.used_share is None else draw("used_share", pool.used_share),
    )  # fmt: skip
    # manual control and guards against intruders splice no cable: only what says so helps
    return np.asarray(lost * (1.0 - cast.eased.get(f"cables.{pool.id}", 0.0)), np.float64)
