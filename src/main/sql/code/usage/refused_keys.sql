create or replace view latchkey.refused_keys as
select c.api_key_id, c.minute, sum(c.attempts)::bigint as attempts
from api_keys_private.refused_key_counts as c
where (select latchkey.is_operator() or latchkey.is_auditor())
group by c.api_key_id, c.minute;
comment on view latchkey.refused_keys is
  'How often verifying a known key was refused, by minute: all of them, while the usage log has a line for the first 20 in each backend.';
grant select on latchkey.refused_keys to latchkey_operator, latchkey_auditor;
