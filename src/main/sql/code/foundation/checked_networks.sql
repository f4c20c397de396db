create or replace function api_keys_private.checked_networks(p_parameter text, p_networks cidr[]) returns cidr[]
  language plpgsql immutable parallel safe
as $$
begin
  if array_ndims(p_networks) > 1 then
    raise exception '%: must be a plain list of networks', p_parameter using errcode = '22023';
  end if;
  if cardinality(p_networks) > 100 then
    raise exception '%: at most 100 networks are allowed', p_parameter using errcode = '22023';
  end if;
  if array_position(p_networks, null) is not null then
    raise exception '%: an entry is null', p_parameter using errcode = '22023';
  end if;
  return array(
    select distinct api_keys_private.plain_address(n.network)::cidr as network
    from unnest(p_networks) as n (network)
    order by network);
end
$$;
comment on function api_keys_private.checked_networks(text, cidr[]) is
  'Networks, IPv4 and IPv6, sorted and without duplicates, IPv4-mapped ones as IPv4. Null becomes an empty list.';

create or replace function api_keys_private.checked_networks(p_parameter text, p_networks jsonb) returns cidr[]
  language plpgsql immutable parallel safe
as $$
declare
  v_networks cidr[] := '{}';
  v_network record;
begin
  if p_networks is null or p_networks = 'null' then
    return null;
  end if;
  if jsonb_typeof(p_networks) <> 'array' or jsonb_array_length(p_networks) not between 1 and 100 then
    raise exception '%: must be an array of 1 to 100 networks, or null for any', p_parameter using errcode = '22023';
  end if;

  for v_network in
    select e.value, e.position from jsonb_array_elements_text(p_networks) with ordinality as e (value, position)
  loop
    begin
      if v_network.value is null then
        raise invalid_text_representation;
      end if;
      v_networks := v_networks || v_network.value::cidr;
    exception when invalid_text_representation then
      raise exception '%: entry % must be a network such as 203.0.113.0/24 or 2001:db8::/32',
        p_parameter, v_network.position using errcode = '22023';
    end;
  end loop;
  return api_keys_private.checked_networks(p_parameter, v_networks);
end
$$;
comment on function api_keys_private.checked_networks(text, jsonb) is
  'The same of a JSON array of texts; null, for any network, stays null.';
