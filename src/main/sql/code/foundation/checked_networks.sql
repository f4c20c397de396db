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
      v_networks := v_networks || api_keys_private.plain_address(v_network.value::cidr)::cidr;
    exception when invalid_text_representation then
      raise exception '%: entry % must be a network such as 203.0.113.0/24 or 2001:db8::/32',
        p_parameter, v_network.position using errcode = '22023';
    end;
  end loop;
  return array(select distinct n.network from unnest(v_networks) as n (network) order by n.network);
end
$$;
comment on function api_keys_private.checked_networks(text, jsonb) is
  'Networks, IPv4 and IPv6, sorted and without duplicates; null for any network.';
