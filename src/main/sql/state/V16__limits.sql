-- V16: limits: for how long unregistered tokens pass, and that role api_key is a member of nothing.

create table if not exists api_keys_private.token_transition (
  only_row boolean not null default true,
  unregistered_until timestamptz,
  allowed_by_name text,
  constraint token_transition_pkey primary key (only_row),
  constraint token_transition_only_row check (only_row)
);
alter table api_keys_private.token_transition enable row level security;
comment on table api_keys_private.token_transition is 'One row: what passes the gate for HTTP for a while only.';
comment on column api_keys_private.token_transition.unregistered_until is
  'Until when long-lived tokens of users pass that nobody registered; null where they are refused.';
insert into api_keys_private.token_transition default values on conflict do nothing;

create table if not exists api_keys_private.key_settings (
  only_row boolean not null default true,
  keys_per_account integer not null default 1000,
  changed_at timestamptz,
  changed_by_name text,
  constraint key_settings_pkey primary key (only_row),
  constraint key_settings_only_row check (only_row),
  constraint key_settings_keys_per_account_range check (keys_per_account between 1 and 1000000)
);
alter table api_keys_private.key_settings enable row level security;
comment on table api_keys_private.key_settings is 'One row: what holds for the keys of every account.';
comment on column api_keys_private.key_settings.keys_per_account is 'How many keys that have not ended an account may have.';
insert into api_keys_private.key_settings default values on conflict do nothing;

-- What its scopes give and no more: role api_key is a member of nothing.
do $$
declare
  v_membership record;
begin
  for v_membership in
    select distinct
      m.roleid::regrole as role,
      case when current_setting('server_version_num')::integer >= 160000 then format('granted by %s', m.grantor::regrole) else '' end as granted_by
    from pg_catalog.pg_auth_members as m
    where m.member = 'api_key'::regrole
    order by 1
  loop
    begin
      execute format('revoke %s from api_key %s', v_membership.role, v_membership.granted_by);
      raise notice 'Role api_key was a member of %: it is no more, since a key would have more than its scopes give', v_membership.role;
    exception when insufficient_privilege then
      raise exception 'Role api_key is a member of %, and % may not end that', v_membership.role, current_user
        using errcode = '42501', hint = format('As a superuser: revoke %s from api_key %s', v_membership.role, v_membership.granted_by);
    end;
  end loop;
end
$$;
