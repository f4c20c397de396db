create or replace function public.has_scope_on_all(p_entity_type text, p_action text) returns boolean
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
  return exists (
    select
    from jsonb_array_elements(api_keys_private.current_scopes()) as s (scope)
    where p_entity_type is not null
      and p_action is not null
      and (
        s.scope = '{"entity_type": "*", "entity_id": "*", "action": "*"}'
        or p_entity_type <> '*'
          and s.scope in (
            jsonb_build_object('entity_type', p_entity_type, 'entity_id', '*', 'action', '*'),
            jsonb_build_object('entity_type', p_entity_type, 'entity_id', '*', 'action', p_action))));
end
$$;
comment on function public.has_scope_on_all(text, text) is
  'Whether the key of this request may do the action on every entity of the type. For policies that evaluate once per statement. '
  'A row whose id is null is one of all here, while has_scope refuses it.';
revoke all on function public.has_scope_on_all(text, text) from public, anon, authenticated, service_role;
grant execute on function public.has_scope_on_all(text, text) to api_key, authenticated, service_role, latchkey_operator;
