create or replace function api_keys_private.personal_account(p_user_id uuid) returns uuid
  language plpgsql volatile
as $$
declare
  v_account_id uuid;
  v_name text;
  v_columns text[];
begin
  select a.id into v_account_id from public.accounts as a where a.id = p_user_id;
  if v_account_id is null then
    select a.id into v_account_id
    from public.accounts as a
    where to_jsonb(a) ->> 'primary_owner_user_id' = p_user_id::text and to_jsonb(a) ->> 'is_personal_account' = 'true'
    limit 1;
  end if;
  if v_account_id is not null then
    return v_account_id;
  end if;

  if to_regclass('auth.users') is not null and has_table_privilege('auth.users', 'select') then
    select left(nullif(to_jsonb(u) ->> 'email', ''), 200) into v_name from auth.users as u where u.id = p_user_id;
  end if;
  v_columns := array(
    select a.attname
    from pg_catalog.pg_attribute as a
    where a.attrelid = 'public.accounts'::regclass
      and a.attname in ('primary_owner_user_id', 'is_personal_account')
      and not a.attisdropped);
  execute format(
    'insert into public.accounts (id, name%s%s) values ($1, $2%s%s)',
    case when 'primary_owner_user_id' = any (v_columns) then ', primary_owner_user_id' end,
    case when 'is_personal_account' = any (v_columns) then ', is_personal_account' end,
    case when 'primary_owner_user_id' = any (v_columns) then ', $1' end,
    case when 'is_personal_account' = any (v_columns) then ', true' end)
  using p_user_id, coalesce(v_name, 'Personal account');
  insert into public.accounts_memberships (user_id, account_id, account_role) values (p_user_id, p_user_id, 'owner')
  on conflict do nothing;
  return p_user_id;
end
$$;
comment on function api_keys_private.personal_account(uuid) is
  'The account of one user alone: the one with the user''s id or that says so, else a new one with the user''s id, of which the user is the owner.';
