"""Stock httpx on trio, fetching alone: a known list of URLs, one in flight a host, no links, no archive.

python httpx_trio.py FILE_OF_URLS
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import trio


async def fetch_host(client, urls):
    for url in urls:
        response = await client.get(url)
        response.raise_for_status()


async def main(urls):
    hosts = defaultdict(list)
    for url in urls:
        hosts[urlsplit(url).netloc].append(url)
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=len(hosts))
    async with (
        httpx.AsyncClient(trust_env=False, limits=limits, timeout=60) as client,
        trio.open_nursery() as nursery,
    ):
        for chain in hosts.values():
            nursery.start_soon(fetch_host, client, chain)


trio.run(main, Path(sys.argv[1]).read_text().split())
