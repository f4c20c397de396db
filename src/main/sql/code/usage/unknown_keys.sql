create or replace view latchkey.unknown_keys as
select c.minute, sum(c.attempts)::bigint as attempts
from api_keys_private.unknown_key_counts as c
where (select latchkey.is_operator() or latchkey.is_auditor())
group by c.minute;
comment on view latchkey.unknown_keys is 'How many strings that are no key were offered for verification, by minute.';
grant select on latchkey.unknown_keys to latchkey_operator, latchkey_auditor;
