"""What crosses the wire. The only folder that imports httpx and h11."""

from crawler.net.addresses import AddressGuard, is_public
from crawler.net.fetch import Fetcher
from crawler.net.proxy import Proxy, parse_proxy
from crawler.net.resolve import Resolver, parse_resolve
from crawler.net.transport import REDACTED_HEADERS

__all__ = [
    "REDACTED_HEADERS",
    "AddressGuard",
    "Fetcher",
    "Proxy",
    "Resolver",
    "is_public",
    "parse_proxy",
    "parse_resolve",
]
