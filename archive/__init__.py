"""What was seen, kept: bytes in WARC files, what is known of them in SQLite. No network, no trio.

A capture's life, and why each part exists:

    capture, octets    one exchange as bytes          http, decoding   what the bytes say, within bounds
    warc               a capture as WARC records      recorder         the one commit point
    takeover           files that dead processes left recovery         when files and database disagree
    reader             captures out of any archive    importing        archives of others, in place
    store              queue, hosts, catalogue        index            articles, searched
    verify             proof: files, database, manners
"""

__all__: list[str] = []
