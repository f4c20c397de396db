create or replace view latchkey.events as
select
  e.id, e.version, e.type, e.occurred_at, e.actor_id, e.actor_type, e.actor_display, e.object_type, e.object_id,
  e.object_label, e.action, e.outcome, e.code, e.reason, e.before, e.after, e.actor_via, e.on_behalf_of,
  e.source_address, e.source_application, e.source_version, e.ticket, e.txid
from audit.events as e
where (select latchkey.is_operator() or latchkey.is_auditor());
comment on view latchkey.events is 'The audit log as operators and auditors read it.';
grant select on latchkey.events to latchkey_operator, latchkey_auditor;
