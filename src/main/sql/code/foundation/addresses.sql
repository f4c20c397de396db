create or replace function api_keys_private.plain_address(p_address inet) returns inet
  language sql immutable strict parallel safe
  return case
    when family(p_address) = 6 and p_address <<= inet '::ffff:0:0/96'
      then (split_part(host(p_address), ':', 4) || '/' || (masklen(p_address) - 96))::inet
    else p_address
  end;
comment on function api_keys_private.plain_address(inet) is
  'An IPv4 address or network that came dressed as IPv6 (::ffff:203.0.113.7) as itself, so that networks of either kind match; any other unchanged.';

create or replace function api_keys_private.address_of(p_text text) returns inet
  language plpgsql immutable strict parallel safe
as $$
begin
  if p_text ~ '^((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])([.](?!$)|$)){4}$' then
    return p_text::inet;
  end if;
  if p_text !~ '^[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*$' then
    return null;
  end if;
  return p_text::inet;
exception when invalid_text_representation then
  return null;
end
$$;
comment on function api_keys_private.address_of(text) is 'The IPv4 or IPv6 address that a text is, or null when it is none.';
