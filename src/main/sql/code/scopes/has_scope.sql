create or replace function public.has_scope(p_entity_type text, p_entity_id text, p_action text) returns boolean
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_scopes constant jsonb := api_keys_private.current_scopes();
  v_scope jsonb;
begin
  -- One by one, because a query over them would cost as much for every row as all the rest.
  for v_index in 0..coalesce(jsonb_array_length(v_scopes), 0) - 1 loop
    v_scope := v_scopes -> v_index;
    if v_scope ->> 'entity_id' in ('*', p_entity_id)
      and v_scope ->> 'action' in ('*', p_action)
      and (
        v_scope ->> 'entity_type' = p_entity_type and p_entity_type <> '*'
        or v_scope ->> 'entity_type' = '*' and v_scope ->> 'entity_id' = '*' and v_scope ->> 'action' = '*')
      -- Exactly these three fields, and all of them texts.
      and v_scope = jsonb_build_object(
        'entity_type', v_scope ->> 'entity_type', 'entity_id', v_scope ->> 'entity_id', 'action', v_scope ->> 'action')
    then
      return p_entity_type is not null and p_entity_id is not null and p_action is not null;
    end if;
  end loop;
  return false;
end
$$;
comment on function public.has_scope(text, text, text) is
  'Whether the key of this request may do the action: by */*/*, type/*/*, type/*/action, type/id/action or type/id/*, and nothing else. '
  'A scope with any other field, or a null question, grants nothing. Called per row; for whole tables use has_scope_on_all and scoped_ids.';
revoke all on function public.has_scope(text, text, text) from public, anon, authenticated, service_role;
grant execute on function public.has_scope(text, text, text) to api_key, authenticated, service_role, latchkey_operator;
