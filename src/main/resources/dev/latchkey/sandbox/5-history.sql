-- Events say when a thing happened: they follow what was moved into the past. Only a sandbox may do this; everywhere else the log of events
-- refuses every change.

create temporary table event_times as
select
  event.id,
  coalesce(
    case event.type
      when 'key.created' then times.created_at
      when 'key.updated' then times.created_at + interval '3 minutes'
      when 'key.disabled' then times.ended_at
      when 'key.revoked' then times.ended_at
      when 'member.added' then member.created_at
      when 'grant.created' then granted.granted_at
      when 'grant.revoked' then granted.revoked_at
      when 'token.created' then token.created_at
      when 'token.revoked' then token.revoked_at
      when 'temporary_access.enabled' then now() - interval '255 days'
      when 'access.policy_changed' then now() - case when event.after ->> 'max_duration' is null then interval '254 days' else interval '182 days' end
    end,
    event.occurred_at) as occurred_at
from audit.events as event
left join key_times as times on event.object_type = 'key' and times.key_id::text = event.object_id
left join temporary_access.members as member on event.object_type = 'member' and member.user_id::text = event.object_id
left join temporary_access.grants as granted on event.object_type = 'grant' and granted.id::text = event.object_id
left join temporary_access.tokens as token on event.object_type = 'token' and token.id::text = event.object_id;

alter table audit.events disable trigger events_append_only, disable trigger events_append_only_rows;

do $$
declare
  v_event record;
  v_moved record;
  v_entry text;
  v_before text;
  v_after text;
  v_id text;
begin
  for v_event in
    select event.*, times.occurred_at as moment
    from audit.events as event
    join event_times as times on times.id = event.id
    where times.occurred_at <> event.occurred_at
  loop
    v_id := api_keys_private.ksuid(v_event.moment);
    v_entry := replace(convert_from(v_event.entry, 'UTF8'), v_event.id, v_id);
    v_entry := replace(v_entry, audit.utc(v_event.occurred_at), audit.utc(v_event.moment));
    v_before := v_event.before::text;
    v_after := v_event.after::text;
    for v_moved in
      select was, became from moved where object_id = v_event.object_id
      union all
      select v_event.after ->> 'checked_at', to_json(v_event.moment) #>> '{}' where v_event.after ? 'checked_at'
    loop
      v_entry := replace(v_entry, v_moved.was, v_moved.became);
      v_before := replace(v_before, v_moved.was, v_moved.became);
      v_after := replace(v_after, v_moved.was, v_moved.became);
    end loop;

    update audit.events
    set id = v_id, occurred_at = v_event.moment, before = v_before::jsonb, after = v_after::jsonb, entry = convert_to(v_entry, 'UTF8')
    where id = v_event.id;
  end loop;
end
$$;

alter table audit.events enable always trigger events_append_only, enable always trigger events_append_only_rows;

-- Mara's way in was for the set-up only.
update temporary_access.logins
set ended_at = clock_timestamp(), ended_why = 'closed', backend_pid = null
where backend_pid = pg_backend_pid();
select latchkey.revoke_access_token(id, 'Set-up finished')
from temporary_access.tokens
where name = 'Sandbox set-up';

drop table event_times, hour_of_use, planned_use, caller, key_times, key_plan, moved;
