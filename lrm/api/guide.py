"""What the OpenAPI document says of the whole: all that a program needs which knows nothing else of LRM."""

GUIDE = """\
Learning relationship management: standards, class lists, results, mastery, groups, goals and paths of a school
district.

## Begin
1. Get a token. A person of the staff makes one under **Your sign-in**, **Access tokens**; for a system that works
   by itself, a district administrator makes one under **Integrations**. It is shown once and has the scopes that
   were ticked: each operation names the one it needs.
2. Send it with every request: `Authorization: Bearer lrm_…`. Bodies are JSON in UTF-8, addresses end with a slash.
3. `GET /api/v1/sections/` says which classes the token reaches. `id` of a thing is what other operations call it
   by; `uuid` and `key` (of the student information system) are the same in other systems. `roster` is a class list;
   a section is a course taught to it.

What the person or system behind the token may not see is 404, as if it were not there.

## Lists
`results` holds a page; `next` and `previous` are whole addresses, or null: follow them as they are. `limit` is 1 to
100. A filter that does not exist, or is empty or said twice, is refused by its name.

## What has not changed
Each answer to a GET has an `ETag`. Send it as `If-None-Match`: what is the same is 304 without a body.

## Two writers
What may be changed by several has a `version`. Send the one that you read: where another one stands now, the answer
is 409 `stale` with `current_version`; read again and decide. A result that is already there is not overwritten
either: 400 `recorded_differently`, until `replaces` names the one that it corrects.

## Sent twice
Put an `Idempotency-Key` of your own on each POST that takes one. When no answer came, send the same request with
the same key: it is done once, and answered as the first time with `Idempotent-Replayed: true`. Keys are kept for
two days, and not for refusals.

## How often
`RateLimit-Policy: "token";q=300;w=60` and `RateLimit: "token";r=287;t=42` come with every answer: of 300 requests
in any 60 seconds, 287 are left; one more comes free in 42 seconds. Beyond that it is 429, and `Retry-After` says
how many seconds to wait. It is 429 as well, `too_many_learners`, once an answer to a GET would show more different
learners in one day than a person by tokens and sessions together, or the token of a system, may read of.

## When something is wrong
Every refusal is `application/problem+json` (Problem), and nothing was changed. `code` is for programs and stays,
`detail` is for people, in the language of `Accept-Language`; with 400, `errors` names each field, in a batch by its
row: `results.17.standard`.

## Words and numbers
Moments carry their offset (`2026-11-23T08:30:00Z`); days are those of the district's calendar. Levels are 1 to 4;
null is no level. In a receipt `value` and each `part` are whole numbers of `1/unit` levels, and the parts add up to
the value exactly.

## Webhooks
A district administrator registers an https address under **Webhooks**, or a program with `POST /api/v1/webhooks/`,
where it is theirs or a system's that reaches the whole district. Either chooses events and is told a secret that
begins with `whsec_`, once. `POST /api/v1/webhooks/{id}/ping/` sends a test; deliveries say what became of it.
Messages are POSTed there as [Standard Webhooks](https://www.standardwebhooks.com/) says. To check one: decode the
base64 after `whsec_` to get the key; take HMAC-SHA256 over `webhook-id`, a dot, `webhook-timestamp`, a dot and the
body as it came; `webhook-signature` holds, separated by spaces, one or two of `v1,` and the base64 of it; one that
fits is enough. Refuse a timestamp (seconds since 1970) of more than five minutes ago, and take each `webhook-id`
once: a message is sent at least once, in no certain order. Answer 2xx within ten seconds, else it is sent again, for
three days. Redirects are not followed; 410 switches the webhook off. Messages hold ids only: ask the API for more.
"""
