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
do $$
begin
  if exists (
    select from pg_catalog.pg_trigger where tgrelid = 'audit.events'::regclass and tgname = 'events_append_only' and tgenabled <> 'A')
  then
    alter table audit.events enable always trigger events_append_only;
  end if;
end
$$;

-- A subscription changes row by row, and no trigger of a statement sees it.
create or replace trigger events_append_only_rows
  before update or delete on audit.events
  for each row execute function audit.refuse_change();
do $$
begin
  if exists (
    select from pg_catalog.pg_trigger where tgrelid = 'audit.events'::regclass and tgname = 'events_append_only_rows' and tgenabled <> 'A')
  then
    alter table audit.events enable always trigger events_append_only_rows;
  end if;
end
$$;
comment on trigger events_append_only_rows on audit.events is 'The same under logical replication.';

comment on trigger events_append_only on audit.events is 'What was written stays as it was written.';
