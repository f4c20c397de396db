-- V13: the gate for HTTP: tokens of users, the two legacy keys, and what the gate has to remember.

create table if not exists api_keys_private.user_tokens (
  jti text collate "C" not null,
  name text not null,
  user_id uuid not null,
  role text not null,
  claims jsonb not null,
  created_at timestamptz not null,
  created_by_name text,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  revoked_by_name text,
  constraint user_tokens_pkey primary key (jti)
);
create index if not exists user_tokens_user_id_idx on api_keys_private.user_tokens (user_id, jti desc);
alter table api_keys_private.user_tokens enable row level security;
comment on table api_keys_private.user_tokens is
  'Long-lived tokens (JWTs) of users. They are signed outside; the database knows their claims and never the signing secret.';
comment on column api_keys_private.user_tokens.jti is 'The token''s id, a KSUID.';
comment on column api_keys_private.user_tokens.claims is 'What was to be signed, jti, sub, role, iat and exp included.';

create table if not exists api_keys_private.legacy_keys (
  name text not null,
  switched_off_at timestamptz,
  switched_off_by_name text,
  revoked_at timestamptz,
  revoked_by_name text,
  revoke_reason text,
  constraint legacy_keys_pkey primary key (name),
  constraint legacy_keys_name_known check (name in ('anon', 'service_role'))
);
alter table api_keys_private.legacy_keys enable row level security;
comment on table api_keys_private.legacy_keys is
  'The two keys of the project that are JWTs without jti, signed for years: on, off, or revoked for good, each alone.';
insert into api_keys_private.legacy_keys (name) values ('anon'), ('service_role') on conflict do nothing;

create table if not exists api_keys_private.legacy_key_minutes (
  name text not null,
  minute timestamptz not null,
  backend integer not null,
  constraint legacy_key_minutes_pkey primary key (name, minute, backend)
);
alter table api_keys_private.legacy_key_minutes enable row level security;
comment on table api_keys_private.legacy_key_minutes is
  'Minutes in which a legacy key was used by a request that writes. Whoever finds none yet adds a row of its own backend, so that '
  'nobody waits; mostly there is one.';

create table if not exists api_keys_private.http_gate_settings (
  only_row boolean not null default true,
  earlier_pre_request text,
  constraint http_gate_settings_pkey primary key (only_row),
  constraint http_gate_settings_only_row check (only_row)
);
alter table api_keys_private.http_gate_settings enable row level security;
comment on table api_keys_private.http_gate_settings is 'One row: what the gate needs to remember.';
comment on column api_keys_private.http_gate_settings.earlier_pre_request is
  'The function that was PostgREST''s db-pre-request before, as schema.name. public.pre_request() calls it first.';
insert into api_keys_private.http_gate_settings default values on conflict do nothing;
