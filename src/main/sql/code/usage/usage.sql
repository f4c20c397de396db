create or replace view latchkey.usage as
select
  l.api_key_id, l.timestamp, l.id, l.endpoint, l.method, l.status_code, l.ip_address, l.user_agent, l.outcome, l.ip_text
from api_keys_private.api_key_logs as l
where (select latchkey.is_operator() or latchkey.is_auditor());
comment on view latchkey.usage is 'The usage log. Page it by (timestamp, id), or by (api_key_id, timestamp, id) for one key.';
grant select on latchkey.usage to latchkey_operator, latchkey_auditor;
