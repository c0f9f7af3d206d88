"""Where whoever misses something may look: the suppliers of competitors too (2.5h)."""

from __future__ import annotations

import numpy as np

from keian.crisis._arrays import F, Static

FINAL_KINDS = 2
ALONE = 1e-12  # share of what all competitors buy; below it a client has none who buys the product


def link_competitors(st: Static) -> F:
    """Calculate the shares of suppliers in rerouted orders when new links are allowed.

    Competitors of a unit are the units that make the same product elsewhere, those of a final user
    the final users of its kind elsewhere. Half of a client's own shares, half of theirs together;
    its own alone where no competitor buys the product.

    Returns
    -------
    blocks (suppliers, J) one behind the other, as `Static.s_t`.
    """
    n, (n_products, n_clients) = st.x0.size, st.b.shape
    kinds = n_products + np.arange(n_clients - n) % FINAL_KINDS
    kind = np.concatenate([st.unit_product, kinds])
    member = np.zeros((n_clients, n_products + FINAL_KINDS))
    member[np.arange(n_clients), kind] = 1.0
    out = np.empty_like(st.s_t)
    for p in range(n_products):
        part = slice(int(st.s_ptr[p]), int(st.s_ptr[p + 1]))
        own = np.asarray(st.s_t[part]).reshape(-1, n_clients)
        bought = st.b[p] * own
        theirs = np.maximum(0.0, ((bought @ member) @ member.T) - bought)
        whole = (st.b[p] @ member) @ member.T
        rest = whole - st.b[p]
        some = (st.b[p] > 0.0) & (rest > ALONE * whole)
        mean = np.divide(theirs, rest, out=own.copy(), where=some[None, :])
        out[part] = (0.5 * (own + mean)).ravel()
    return out
