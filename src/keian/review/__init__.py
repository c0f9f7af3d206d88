"""Review: what each crisis breaks first, what each measure buys, where it stops working."""

from keian.review.evaluate import Evaluation, Request, evaluate
from keian.review.nouns import Review

__all__ = ["Evaluation", "Request", "Review", "evaluate"]
