create or replace function api_keys_private.checked_scope(p_parameter text, p_position bigint, p_scope jsonb) returns jsonb
  language plpgsql immutable parallel safe
as $$
declare
  v_field text;
  v_value jsonb;
  v_scope jsonb := p_scope;
begin
  if jsonb_typeof(p_scope) is distinct from 'object' then
    raise exception '%: entry % must be an object', p_parameter, p_position using errcode = '22023';
  end if;
  if p_scope - array['entity_type', 'entity_id', 'action'] <> '{}' then
    raise exception '%: entry % must have no other field than entity_type, entity_id and action', p_parameter, p_position
      using errcode = '22023';
  end if;
  if p_scope -> 'entity_id' = 'null' then
    v_scope := jsonb_set(p_scope, '{entity_id}', '"*"');
  end if;

  foreach v_field in array array['entity_type', 'entity_id', 'action'] loop
    v_value := v_scope -> v_field;
    if v_value is null then
      raise exception '%: entry % lacks %', p_parameter, p_position, v_field using errcode = '22023';
    end if;
    if jsonb_typeof(v_value) <> 'string' or api_keys_private.trimmed(v_value #>> '{}') = '' then
      raise exception '%: % of entry % must be a text that is not blank', p_parameter, v_field, p_position
        using errcode = '22023';
    end if;
    if char_length(v_value #>> '{}') > 200 then
      raise exception '%: % of entry % must have at most 200 characters', p_parameter, v_field, p_position
        using errcode = '22023';
    end if;
    if api_keys_private.has_control_characters(v_value #>> '{}') then
      raise exception '%: % of entry % must not contain control characters or invisible ones', p_parameter, v_field, p_position
        using errcode = '22023';
    end if;
  end loop;
  return v_scope;
end
$$;
comment on function api_keys_private.checked_scope(text, bigint, jsonb) is
  'One scope with exactly three texts. A null entity_id means *. Positions count from 1.';

create or replace function api_keys_private.checked_scopes(p_parameter text, p_scopes jsonb) returns jsonb
  language plpgsql immutable parallel safe
as $$
declare
  v_scopes jsonb;
begin
  if jsonb_typeof(p_scopes) is distinct from 'array' then
    raise exception '%: must be an array of scopes', p_parameter using errcode = '22023';
  end if;
  if jsonb_array_length(p_scopes) > 1000 then
    raise exception '%: must have at most 1,000 entries, has %',
      p_parameter, ltrim(to_char(jsonb_array_length(p_scopes), '999,999,999')) using errcode = '22023';
  end if;

  select coalesce(jsonb_agg(d.scope order by d.position), '[]') into v_scopes
  from (
    select c.scope, min(c.position) as position
    from (
      select api_keys_private.checked_scope(p_parameter, e.position, e.value) as scope, e.position
      from jsonb_array_elements(p_scopes) with ordinality as e (value, position)
    ) as c
    group by c.scope
  ) as d;
  return v_scopes;
end
$$;
comment on function api_keys_private.checked_scopes(text, jsonb) is
  'At most 1,000 scopes in the order given, without duplicates. An empty array is a key that may do nothing.';
