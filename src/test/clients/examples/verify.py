import json
import os
import time
import urllib.request

import jwt
import psycopg

connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)


def verify(key, address):
    """The key's id and account, or None for what is no key that works now."""
    answer = connection.execute("select verify_api_key(%s, %s::inet)", (key, address)).fetchone()[0]
    return (answer["api_key_id"], answer["account_id"]) if answer["valid"] else None


def documents_of(key_id):
    """What the key may read, through PostgREST, with a token for an hour."""
    now = int(time.time())
    claims = {"role": "api_key", "sub": key_id, "iat": now, "exp": now + 3600}
    token = jwt.encode(claims, os.environ["JWT_SECRET"], algorithm="HS256")
    request = urllib.request.Request(
        os.environ["API_URL"] + "/rest/v1/documents?select=title&order=title",
        headers={"Authorization": "Bearer " + token},
    )
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def log_use(lines):
    """Up to 1,000 lines in one call, all of them or none."""
    connection.execute("select log_api_key_usage_batch(%s)", (psycopg.types.json.Jsonb(lines),))
