create or replace function latchkey.allow_unregistered_tokens(p_until timestamptz) returns latchkey.http_gate
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_before api_keys_private.token_transition;
  v_after api_keys_private.token_transition;
  v_row latchkey.http_gate;
begin
  perform api_keys_private.require_operator('let unregistered tokens in');
  if p_until is not null and (not isfinite(p_until) or p_until not between clock_timestamp() and clock_timestamp() + interval '366 days') then
    raise exception 'p_until: must be within the next 366 days, or null to refuse them from now on' using errcode = '22023';
  end if;

  v_before := api_keys_private.token_transition_to_change();
  if v_before.unregistered_until is distinct from p_until then
    update api_keys_private.token_transition
    set unregistered_until = p_until,
      allowed_by_name = case when p_until is not null then latchkey.actor() ->> 'display' end
    returning * into v_after;
    perform audit.record_event(
      case when p_until is null then 'http_gate.unregistered_refused' else 'http_gate.unregistered_allowed' end,
      'http_gate', null, 'HTTP gate', case when p_until is null then 'refuse_unregistered' else 'allow_unregistered' end, 'ok', null, null,
      jsonb_build_object('unregistered_tokens_until', audit.utc(v_before.unregistered_until)),
      jsonb_build_object('unregistered_tokens_until', audit.utc(v_after.unregistered_until)));
  end if;

  select * into v_row from latchkey.http_gate;
  return v_row;
end
$$;
comment on function latchkey.allow_unregistered_tokens(timestamptz) is
  'Lets tokens of users that live longer than a day and have no jti pass until then, for the time in which they are replaced by registered '
  'ones; null refuses them from the next request on. latchkey.http_gate shows it. For operators.';
grant execute on function latchkey.allow_unregistered_tokens(timestamptz) to latchkey_operator;
