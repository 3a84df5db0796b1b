"""Remove what retention does not keep, and give the bake's answer."""

from __future__ import annotations

from baker.messages import bake as messages
from baker.model.answer import Succeed
from baker.retention.cleanup import clean
from baker.steps.state import Bake


def clean_up(bake: Bake) -> Succeed:
    """Succeed, whatever becomes of the cleanup: the image is promoted."""
    promotion = bake.promotion
    assert promotion
    report = str(clean(bake, promotion))
    promoted = messages.PROMOTED(
        image=promotion.image_id,
        version=promotion.version,
        launch_template=promotion.launch_template_id,
    )
    return Succeed(f"{promoted}. {report}" if report else promoted, promotion)
