create or replace function public.scoped_ids(p_entity_type text, p_action text) returns text[]
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
  return array(
    select distinct s.scope ->> 'entity_id'
    from jsonb_array_elements(api_keys_private.current_scopes()) as s (scope)
    where p_entity_type <> '*'
      and s.scope ->> 'entity_id' <> '*'
      and s.scope in (
        jsonb_build_object('entity_type', p_entity_type, 'entity_id', s.scope -> 'entity_id', 'action', p_action),
        jsonb_build_object('entity_type', p_entity_type, 'entity_id', s.scope -> 'entity_id', 'action', '*'))
      and jsonb_typeof(s.scope -> 'entity_id') = 'string'
      and p_action is not null);
end
$$;
comment on function public.scoped_ids(text, text) is
  'The ids of the type that the key of this request may do the action on by name, besides what has_scope_on_all allows. Never null.';
revoke all on function public.scoped_ids(text, text) from public, anon, authenticated, service_role;
grant execute on function public.scoped_ids(text, text) to api_key, authenticated, service_role, latchkey_operator;
