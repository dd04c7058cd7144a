"""The app with two shops, once on each database."""

from collections.abc import Iterator

import pytest

from tests.faults.ground import GROUNDS
from tests.fuzz import world
from tests.fuzz.world import World


@pytest.fixture(scope="module", params=list(GROUNDS))
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    ground = GROUNDS[request.param](tmp_path_factory.mktemp(request.param))
    built = world.build(ground.fresh())
    yield built
    built.close()
    ground.close()
