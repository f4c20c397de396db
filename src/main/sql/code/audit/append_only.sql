create or replace function audit.refuse_change() returns trigger
  language plpgsql
as $$
begin
  raise exception 'audit.% is append-only: % is refused', tg_table_name, lower(tg_op) using errcode = '42501';
end
$$;
comment on function audit.refuse_change() is 'Refuses every UPDATE, DELETE and TRUNCATE of the table it is put on.';

create or replace trigger events_append_only
  before update or delete or truncate on audit.events
  for each statement execute function audit.refuse_change();

-- Also when session_replication_role would switch ordinary triggers off.
alter table audit.events enable always trigger events_append_only;

comment on trigger events_append_only on audit.events is 'What was written stays as it was written.';
