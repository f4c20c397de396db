create or replace function temporary_access.known_token(p_token_id uuid) returns temporary_access.tokens
  language plpgsql stable
as $$
declare
  v_token temporary_access.tokens;
begin
  if p_token_id is null then
    raise exception 'p_token_id: must not be null' using errcode = '22023';
  end if;
  select * into v_token from temporary_access.tokens where id = p_token_id;
  if not found then
    raise exception 'Access token not found' using errcode = 'PT404';
  end if;
  return v_token;
end
$$;
comment on function temporary_access.known_token(uuid) is 'The token as it is now; PT404 when there is none.';

create or replace function temporary_access.revocable_token(p_token_id uuid) returns temporary_access.tokens
  language plpgsql stable
as $$
declare
  v_token temporary_access.tokens := temporary_access.known_token(p_token_id);
begin
  if v_token.revoked_at is not null then
    raise exception 'The access token is revoked already' using errcode = 'PT409';
  end if;
  if v_token.expires_at <= clock_timestamp() then
    raise exception 'The access token has expired already' using errcode = 'PT409';
  end if;
  return v_token;
end
$$;
comment on function temporary_access.revocable_token(uuid) is 'As known_token; PT409 when the token has ended.';

create or replace function latchkey.revoke_access_token(p_token_id uuid, p_reason text default null) returns latchkey.access_tokens
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_token temporary_access.tokens;
  v_reason text;
  v_freed integer[];
  v_proof jsonb;
  v_row latchkey.access_tokens;
begin
  perform api_keys_private.require_operator('revoke access tokens');
  v_reason := api_keys_private.checked_text('p_reason', p_reason, 500);
  perform temporary_access.require_read_committed();
  perform temporary_access.revocable_token(p_token_id);
  v_freed := temporary_access.take_locks(true, p_token_id => p_token_id);
  v_token := case
    when v_freed = '{}' then temporary_access.revocable_token(p_token_id)
    else temporary_access.known_token(p_token_id)
  end;

  update temporary_access.tokens
  set revoked_at = clock_timestamp(), revoked_by = temporary_access.acting_user_id(), revoked_by_name = latchkey.actor() ->> 'display',
    revoke_reason = v_reason
  where id = p_token_id;
  v_proof := temporary_access.end_logins(temporary_access.unfinished_logins(null, p_token_id, null), 'token_revoked');
  perform audit.record_event(
    'token.revoked', 'token', p_token_id::text, temporary_access.label(v_token.user_id, ': ' || v_token.name),
    'revoke', 'ok', null, v_reason, jsonb_build_object('revoked', false), jsonb_build_object('revoked', true) || temporary_access.with_freed(v_proof, cardinality(v_freed))
  );
  select * into strict v_row from latchkey.access_tokens where id = p_token_id;
  return v_row;
end
$$;
comment on function latchkey.revoke_access_token(uuid, text) is 'Revokes an access token and ends the sessions that it opened; the event holds how many ended, how many are left and when that was checked.';
grant execute on function latchkey.revoke_access_token(uuid, text) to latchkey_operator;
