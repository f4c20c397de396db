-- V16: limits: for how long unregistered tokens pass, and that role api_key is a member of nothing.

alter table api_keys_private.http_gate_settings
  add column if not exists unregistered_tokens_until timestamptz,
  add column if not exists unregistered_tokens_by_name text;
comment on column api_keys_private.http_gate_settings.unregistered_tokens_until is
  'Until when long-lived tokens of users pass that nobody registered; null where they are refused.';

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
