create or replace function latchkey.add_member(p_email text, p_display_name text default null, p_user_id uuid default null)
  returns latchkey.members
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_email text;
  v_name text;
  v_user_id uuid := coalesce(p_user_id, gen_random_uuid());
  v_row latchkey.members;
begin
  perform api_keys_private.require_operator('add members');
  v_email := api_keys_private.checked_name('p_email', p_email, 254);
  if v_email !~ '^[^@[:space:]]+@[^@[:space:]]+$' then
    raise exception 'p_email: is not an e-mail address' using errcode = '22023';
  end if;
  v_name := coalesce(api_keys_private.checked_text('p_display_name', p_display_name, 100), split_part(v_email, '@', 1));

  insert into temporary_access.members (user_id, email, display_name, created_by, created_by_name)
  values (v_user_id, v_email, v_name, temporary_access.acting_user_id(), latchkey.actor() ->> 'display')
  on conflict do nothing;
  if not found then
    raise exception 'A member with this e-mail address or user id exists' using errcode = 'PT409';
  end if;
  perform audit.record_event(
    'member.added', 'member', v_user_id::text, temporary_access.label(v_user_id, ''), 'add', 'ok', null, null, null,
    jsonb_build_object('email', v_email, 'display_name', v_name)
  );
  select * into strict v_row from latchkey.members where user_id = v_user_id;
  return v_row;
end
$$;
comment on function latchkey.add_member(text, text, uuid) is 'Adds a person who may be given temporary access. Without p_user_id a new one is made; the display name defaults to the address before the @.';
grant execute on function latchkey.add_member(text, text, uuid) to latchkey_operator;
