-- Verifying a key. Nothing in this hot path updates a row that others update too: lines are inserted, counters belong to
-- one backend, and last_used_at is skipped while somebody else holds the key's row.

create or replace function api_keys_private.check_key(p_key text, p_kind text, p_client_ip inet) returns jsonb
  language plpgsql volatile
as $$
declare
  -- Nearly everything happens in one query, and what only some keys need outside of it: plpgsql prepares every expression
  -- again in every transaction, which costs more than the look-up and the hash together.
  v_body constant text := case when api_keys_private.is_key(p_key) then right(p_key, 65) else '' end;
  v_outcome text;
  v_id uuid;
  v_account_id uuid;
  v_role text;
begin
  select
    case
      when current_setting('transaction_isolation') not in ('read committed', 'read uncommitted') then 'old_snapshot'
      -- Hashed in any case: an unknown key takes as long as a wrong secret.
      when k.key_hash is distinct from encode(
        sha256(
          convert_to(left(right(v_body, 38), 32), 'UTF8') || coalesce(k.salt, E'\\x00112233445566778899aabbccddeeff')),
        'hex')
      then case when k.id is null then 'not_found' else 'wrong_secret' end
      when k.revoked_at is not null then 'revoked'
      when k.disabled_at is not null then 'disabled'
      when k.expires_at <= clock_timestamp() then 'expired'
      when k.allowed_cidrs is null and k.rate_limit is null and k.last_used_at >= clock_timestamp() - interval '1 minute'
      then 'settled'
      else 'valid'
    end,
    k.id, k.account_id, k.role
  into v_outcome, v_id, v_account_id, v_role
  from (select) as one
  left join api_keys_private.api_keys as k
    on k.ksuid = left(v_body, 27) and k.kind = p_kind and k.prefix = left(p_key, -65);

  if v_outcome <> 'settled' then
    if v_outcome = 'old_snapshot' then
      perform api_keys_private.require_fresh_snapshot();
    end if;
    if v_body = '' and p_kind = 'scoped' then
      return api_keys_private.check_older_key(p_key, p_client_ip);
    end if;
    if v_outcome = 'valid' then
      v_outcome := api_keys_private.restricted_outcome(v_id, p_client_ip);
    end if;
    if v_outcome <> 'valid' then
      if current_setting('transaction_read_only') = 'off' then
        perform api_keys_private.record_refusal(v_id, v_outcome, p_client_ip);
      end if;
      return null;
    end if;
    if current_setting('transaction_read_only') = 'off' then
      perform api_keys_private.touch_key(v_id, p_client_ip);
    end if;
  end if;
  return jsonb_build_object('valid', true, 'api_key_id', v_id, 'account_id', v_account_id, 'role', v_role);
end
$$;
comment on function api_keys_private.check_key(text, text, inet) is
  'Verifies a key of one kind: {valid: true, api_key_id, account_id, role}, or null. The outcome, valid, not_found, wrong_secret, revoked, disabled, expired, '
  'forbidden_ip or rate_limited, is recorded unless the transaction is read-only, and goes to no caller. Refused under a snapshot that may be older than a revocation.';
