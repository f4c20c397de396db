create or replace view latchkey.keys as
select
  k.id,
  k.ksuid,
  k.kind,
  k.account_id,
  a.name as account_name,
  k.name,
  k.description,
  k.key_prefix::text as key_prefix,
  k.prefix,
  k.last4,
  k.role,
  k.scopes,
  case when jsonb_typeof(k.scopes) = 'array' then jsonb_array_length(k.scopes) else 0 end as scope_count,
  case
    when k.revoked_at is not null then 'revoked'
    when k.expires_at <= now() then 'expired'
    when k.disabled_at is not null then 'disabled'
    when k.replaced_by is not null then 'rotating'
    when k.expires_at <= now() + interval '7 days' then 'expiring'
    else 'active'
  end as status,
  k.expires_at,
  k.created_at,
  k.created_by,
  k.created_by_name,
  k.last_used_at,
  k.last_used_from,
  k.revoked_at,
  k.revoked_by_name,
  k.revoke_reason,
  k.disabled_at,
  k.allowed_cidrs,
  k.rate_limit,
  k.version,
  k.updated_at,
  floor(extract(epoch from now() - coalesce(k.last_used_at, k.created_at)) / 86400)::integer as unused_days,
  k.last_used_at is null as never_used,
  k.disabled_by_name,
  k.updated_by_name,
  k.hash_method,
  k.replaces,
  k.replaced_by
from api_keys_private.api_keys as k
left join public.accounts as a on a.id = k.account_id
where (select latchkey.is_operator() or latchkey.is_auditor());
comment on view latchkey.keys is
  'Every key with what a screen needs, its status derived at the time of reading, and no secret, hash or salt. last_used_at is the last use that '
  'was seen, and null is "not known", not "never": what runs read-only, as GET and HEAD behind PostgREST, leaves none. never_used and '
  'unused_days go by it.';
grant select on latchkey.keys to latchkey_operator, latchkey_auditor;

create or replace function api_keys_private.shown_key(p_api_key_id uuid) returns latchkey.keys
  language sql stable
  return (select shown from latchkey.keys as shown where shown.id = p_api_key_id);
comment on function api_keys_private.shown_key(uuid) is 'The key as latchkey.keys shows it.';
