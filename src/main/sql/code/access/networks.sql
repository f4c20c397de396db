create or replace function temporary_access.address_allowed(p_address inet, p_networks cidr[]) returns boolean
  language sql immutable parallel safe
as $$
  select cardinality(p_networks) = 0
    or coalesce(
      (
        select bool_or(api_keys_private.plain_address(p_address) <<= api_keys_private.plain_address(network::inet))
        from unnest(p_networks) as listed (network)
      ),
      false
    )
$$;
comment on function temporary_access.address_allowed(inet, cidr[]) is 'Whether one of the networks contains the address. An empty list allows any; an unknown address is in no network.';

create or replace function temporary_access.networks_within(p_inner cidr[], p_outer cidr[]) returns boolean
  language sql immutable parallel safe
as $$
  select cardinality(p_outer) = 0
    or (
      cardinality(p_inner) > 0
      and not exists (
        select
        from unnest(p_inner) as inner_list (network)
        where not exists (select from unnest(p_outer) as outer_list (network) where inner_list.network <<= outer_list.network)
      )
    )
$$;
comment on function temporary_access.networks_within(cidr[], cidr[]) is 'Whether each address that the first list allows is allowed by one network of the second. An empty list allows any.';

create or replace function temporary_access.require_networks(p_parameter text, p_networks cidr[]) returns void
  language plpgsql stable
as $$
begin
  if not (select networks_required from temporary_access.settings) then
    return;
  end if;
  if cardinality(p_networks) = 0 or exists (select from unnest(p_networks) as listed (network) where masklen(network) = 0) then
    raise exception '%: the policy asks for the networks that access is allowed from', p_parameter using errcode = '22023';
  end if;
end
$$;
comment on function temporary_access.require_networks(text, cidr[]) is 'Refuses a grant from anywhere, as an empty list or a network of all addresses, where the policy asks for networks.';
