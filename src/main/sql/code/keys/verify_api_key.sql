create or replace function api_keys_private.learn_digest(p_api_key_id uuid, p_key text) returns void
  language plpgsql volatile
as $$
begin
  update api_keys_private.api_keys as k
  set key_digest = sha256(convert_to(p_key, 'UTF8') || k.salt)
  from (
    select s.id
    from api_keys_private.api_keys as s
    where s.id = p_api_key_id and s.key_digest is null and s.prefix = 'sk_' and s.ksuid is not null
    for no key update skip locked
  ) as unlearnt
  where k.id = unlearnt.id;
end
$$;
comment on function api_keys_private.learn_digest(uuid, text) is
  'Keeps the digest of a key that was just verified and has none yet. Never waits; no change of the key, as use is none.';

create or replace function api_keys_private.verify_slowly(p_key text, p_client_ip inet) returns jsonb
  language plpgsql volatile
as $$
declare
  v_answer constant jsonb := api_keys_private.check_key(p_key, 'scoped', p_client_ip) - 'role';
begin
  if v_answer is null then
    return '{"valid": false, "error": "Invalid API key"}'::jsonb;
  end if;
  if current_setting('transaction_read_only') = 'off' and octet_length(p_key) = 68 then
    perform api_keys_private.learn_digest((v_answer ->> 'api_key_id')::uuid, p_key);
  end if;
  return v_answer;
end
$$;
comment on function api_keys_private.verify_slowly(text, inet) is
  'What public.verify_api_key() does with everything but a settled use: check_key decides and records, and the key''s digest is learnt.';

create or replace function public.verify_api_key(p_api_key text, p_client_ip inet default null) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
  -- One statement for most calls, since plpgsql prepares every expression again in every transaction. The nearest key at or before
  -- the id stands in for an unknown one: it costs the same row, salt and hash as a wrong secret.
  return coalesce(
    (
      select
        case
          when octet_length(p_api_key) <> 68
            or k.key_digest is null
            or current_setting('transaction_isolation') not in ('read committed', 'read uncommitted')
          then null
          when k.key_digest = sha256(convert_to(p_api_key, 'UTF8') || k.salt) then
            case
              when k.is_active
                and k.kind = 'scoped'
                and k.prefix = 'sk_'
                and (k.expires_at is null or k.expires_at > clock_timestamp())
                and k.allowed_cidrs is null
                and k.rate_limit is null
                and k.last_used_at >= clock_timestamp() - interval '1 minute'
              then jsonb_build_object('valid', true, 'api_key_id', k.id, 'account_id', k.account_id)
            end
          when starts_with(p_api_key, 'sk_') and current_setting('transaction_read_only') = 'on'
          then '{"valid": false, "error": "Invalid API key"}'::jsonb
        end
      from api_keys_private.api_keys as k
      where k.ksuid <= substr(p_api_key, 4, 27)
      order by k.ksuid desc
      limit 1
    ),
    api_keys_private.verify_slowly(p_api_key, p_client_ip));
end
$$;
comment on function public.verify_api_key(text, inet) is
  'Whether a string is a scoped key that works now: {valid: true, api_key_id, account_id} or {valid: false, error: "Invalid API key"}, never '
  'why. Keys of the project, a publishable one above all, prove no account and are not valid here.';
revoke all on function public.verify_api_key(text, inet) from public, anon, authenticated, service_role;
grant execute on function public.verify_api_key(text, inet) to service_role, api_key, authenticated;
