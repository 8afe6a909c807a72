"""What `broadsheet verify` has to say of each sample made by other tools, and why, where the sample's own row in
README.md does not call it wrong."""

from __future__ import annotations

import re

__all__ = ["CALLED_WRONG", "SAMPLES", "WHY"]

CALLED_WRONG = re.compile(
    "invalid|bad|wrong|illegal|malformed|broken|trunc|corrupt|garbage|missing|without|ONE |in ONE"
)
"""What a row, or the file's name, says of one that is not as it should be."""

SAMPLES = {
    # the right verdict on each sample that is not quite right; those not named are right (notes aside)
    "cdxj-indexer__missing-http.warc.gz": "payload-digest",  # warcio check says so too
    "cdxj-indexer__post-test-more.warc": "payload-digest-framed",
    "gowarc__corrupted-mid-record.warc.gz.open": "http-length member member-per-record",
    "gowarc__corrupted-trailing-bytes.warc.gz.open": "http-length member member-per-record",
    "gowarc__empty.warc.gz.open": "empty",
    "gowarc__good.warc.gz.open": "http-length member-per-record",  # length 216 for bodies of 263 bytes
    "gowarc__single-record.warc.gz.open": "http-length",
    "jwat__invalid-arcfile-record-then-garbage.arc": "junk",
    "jwat__invalid-warcfile-contenttype-recommended.warc": (
        "concurrent content-type id-repeated payload-digest profile revisit-unresolvable version"
    ),
    "jwat__invalid-warcfile-contenttype-warcinfo-recommended.warc": "content-type-advised",
    "jwat__invalid-warcfile-digest-fields.warc": (
        "block-digest digest-algorithm digest-label http-length id-repeated payload-digest version"
    ),
    "jwat__invalid-warcfile-duplicate-fields.warc": "repeated",
    "jwat__invalid-warcfile-fields-empty.warc": "mandatory",
    "jwat__invalid-warcfile-fields-invalidformat.warc": "mandatory",
    "jwat__invalid-warcfile-fields-missing.warc": "mandatory",
    "jwat__invalid-warcfile-lonely-continuation.warc": "mandatory",
    "jwat__invalid-warcfile-lonely-monkeys.warc": "mandatory",
    "jwat__invalid-warcfile-lonely-request-response-resource-conversion.warc": "mandatory",
    "jwat__invalid-warcfile-lonely-revisit.warc": "mandatory",
    "jwat__invalid-warcfile-lonely-warcinfo-metadata.warc": "mandatory",
    "jwat__invalid-warcfile-record-then-garbage.warc": "junk",
    "jwat__invalid-warcfile-segment-number-continuation.warc": "id-repeated segment version",
    "jwat__invalid-warcfile-segment-number-response.warc": "id-repeated segment version",
    "jwat__valid-warcfile-contenttype-continuation.warc": "version",  # WARC/0.17: a draft
    "jwat__valid-warcfile-duplicate-concurrentto.warc": "concurrent",
    "jwat__valid-warcfile-fields-continuation.warc": "version",
    "jwat__valid-warcfile-fields-metainfo.warc": "concurrent version",
    "jwat__valid-warcfile-fields-warcinfo.warc": "version",
    "jwat__valid-warcfile-upper-lower-case.warc": "date version",  # dates have case
    "jwat__valid-warcfile-utf8.warc": "version",
    "py-wacz__example-warcinfo-metadata.warc": "http-coding http-length",  # decoded body under the coded head
    "pywb__dupes.warc.gz": "profile-unknown",  # a profile of WARC 0.18
    "pywb__example-extra.warc": "http-head id-repeated payload-digest profile-unknown record-end",
    "pywb__example-url-agnostic-orig.warc.gz": "record-end",
    "pywb__example-url-agnostic-revisit.warc.gz": "profile-unknown record-end",
    "pywb__example-wget-1-14.warc.gz": "id-repeated",
    "pywb__example-wpull.warc.gz": "forbidden",  # WARC-Warcinfo-ID on the warcinfo record itself
    "pywb__iana.warc.gz": "http-chunked profile-unknown",  # chunked heads over bodies without chunks
    "pywb__invalid_example_1.wacz": "container",
    "pywb__missing-status-text.warc": "encoding http-head line-end record-end",  # CR CR LF everywhere
    "replayweb.page__netpreserve-twitter.warc": "block-digest concurrent http-chunked",  # digests of nothing
    "selfmade__iana.warc.zst": "http-chunked profile-unknown",
    "selfmade__wget-1.21.3-local.warc.gz": "payload-digest-framed target-brackets",
    "warc-specifications__20130729-heritrix-revisit-with-http-headers.warc.gz": "revisit-unresolvable",
    "warc-specifications__20141124-heritrix-server-not-modified.warc.gz": "record-end revisit-unresolvable",
    "warc2zim__example-revisit.warc.gz": "id-repeated profile-unknown record-end",
    "warc2zim__http-return-codes.warc.gz": "http-head http-length payload-digest",  # bodies dropped
    "warcio__bad.arc": "junk",
    "warcio__example-bad-non-chunked.warc.gz": "block-digest member-per-record profile-unknown",
    "warcio__example-bad.warc.gz.bad": "member-per-record profile-unknown",
    "warcio__example-digest.warc": "concurrent digest-label id-repeated",
    "warcio__example-iana.org-chunked.warc": "payload-digest-framed",
    "warcio__example-space-in-target-uri.warc.gz": "target-uri",
    "warcio__example-space-in-url.arc": "length",
    "warcio__example-trunc.warc": "block-digest http-length junk payload-digest record-end",
    "warcio__example-wget-bad-target-uri.warc.gz": "target-brackets",
    "warcio__example-wrong-chunks.warc.gz": "block-digest http-length record-end",
    "warcio__example.warc": "profile-unknown",
    "warcio__example.warc.gz": "profile-unknown",
}

WHY = {
    "cdxj-indexer__post-test-more.warc": "its payload digests are of the bodies with their chunk framing",
    "gowarc__empty.warc.gz.open": "one gzip member of nothing: by the grammar a file is at least one record",
    "gowarc__single-record.warc.gz.open": "as its sister files: Content-Length 216 over a body of 263 bytes",
    "jwat__invalid-warcfile-encoding-headers.warc.gz": "right: the URL looks like an encoded word of RFC 2047, but is a URL, in ASCII",
    "jwat__valid-warcfile-contenttype-continuation.warc": "valid as WARC/0.17, a draft; neither 1.0 nor 1.1",
    "jwat__valid-warcfile-duplicate-concurrentto.warc": "the field may be there twice, as its row says; that what it names is not in the file is told",
    "jwat__valid-warcfile-fields-continuation.warc": "valid as WARC/0.17",
    "jwat__valid-warcfile-fields-metainfo.warc": "valid as WARC/0.17; what it is concurrent to is not in the file",
    "jwat__valid-warcfile-fields-warcinfo.warc": "valid as WARC/0.17",
    "jwat__valid-warcfile-upper-lower-case.warc": "names have no case, but the T and Z of a date do (5.4); WARC/0.18",
    "jwat__valid-warcfile-utf8.warc": "valid as WARC/0.17",
    "py-wacz__example-warcinfo-metadata.warc": "a decoded body under the head of the coded one",
    "py-wacz__invalid_signed_example_1.wacz": "right but for its signature, of which verify says that it was not checked",
    "pywb__dupes.warc.gz": "a revisit profile of WARC 0.18",
    "pywb__example-extra.warc": "put together by hand: record ends missing, ids twice",
    "pywb__example-url-agnostic-orig.warc.gz": "no CRLF CRLF behind the record",
    "pywb__example-url-agnostic-revisit.warc.gz": "no CRLF CRLF behind the record; a profile of its own",
    "pywb__example-wget-1-14.warc.gz": "wget 1.14 gives two records one id",
    "pywb__example-wpull.warc.gz": "WARC-Warcinfo-ID on the warcinfo record itself (5.16)",
    "pywb__iana.warc.gz": "heads that say chunked over bodies without chunks",
    "replayweb.page__netpreserve-twitter.warc": "heads that say chunked over bodies without chunks, block digests of nothing",
    "selfmade__iana.warc.zst": "made of pywb__iana.warc.gz",
    "selfmade__wget-1.21.3-local.warc.gz": "wget hashes chunk framing and writes brackets",
    "warc-specifications__20130729-heritrix-revisit-with-http-headers.warc.gz": "older than WARC-Refers-To-Target-URI: no replay tool finds its original",
    "warc-specifications__20141124-heritrix-server-not-modified.warc.gz": "the same, and one LF too few at its end",
    "warc2zim__example-revisit.warc.gz": "record ends missing, ids twice, a profile of its own",
    "warc2zim__http-return-codes.warc.gz": "bodies that were dropped under heads that count them",
    "warcio__example-iana.org-chunked.warc": "its payload digest is of the body with its chunk framing",
    "warcio__example-space-in-url.arc": "twelve bytes short: the space came into the URL, the length stayed",
    "warcio__example.warc": "a revisit profile of WARC 0.18",
    "warcio__example.warc.gz": "a revisit profile of WARC 0.18",
}
