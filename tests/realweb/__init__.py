"""A site of real pages behind nginx on loopback addresses, for tests and benchmarks.

corpus pages --dress--> own links point home, ours added --graph--> hosts/ADDRESS/….html.gz
RealWeb.build(dir) --serve()--> nginx on 127.x.y.z:port --access_log()--> who asked for what, when
"""

from __future__ import annotations

from tests.realweb.nginx import Hit, nginx_missing
from tests.realweb.web import RealWeb

__all__ = ["Hit", "RealWeb", "nginx_missing"]
