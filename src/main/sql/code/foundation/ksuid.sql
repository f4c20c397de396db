create or replace function api_keys_private.ksuid(p_at timestamptz default clock_timestamp()) returns text
  language plpgsql volatile strict
as $$
declare
  v_micros constant numeric := floor(extract(epoch from p_at) * 1000000);
  v_seconds constant numeric := div(v_micros, 1000000) - 1400000000;
  v_random constant bytea := api_keys_private.random_bytes(14);
  v_low numeric := get_byte(v_random, 0) % 16;
begin
  if v_seconds not between 0 and 4294967295 then
    raise exception 'p_at: a KSUID counts seconds from 2014-05-13 to 2150-06-19' using errcode = '22023';
  end if;

  for i in 1..13 loop
    v_low := v_low * 256 + get_byte(v_random, i);
  end loop;
  -- 32 bits of seconds, 20 bits of microseconds, 108 random bits: ids sort by time also within a second.
  return api_keys_private.base62(
    (v_seconds * 1048576 + v_micros % 1000000) * 324518553658426726783156020576256 + v_low, 27);
end
$$;
comment on function api_keys_private.ksuid(timestamptz) is
  'A new KSUID, 27 base62 digits: seconds since 1400000000, then microseconds, rounded down, then 108 random bits. '
  'Any segmentio/ksuid parser reads its time. Compare under collation "C".';

create or replace function api_keys_private.ksuid_time(p_ksuid text) returns timestamptz
  language plpgsql immutable strict parallel safe
as $$
declare
  v_digits constant text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  v_value numeric := 0;
begin
  if p_ksuid !~ '^[0-9A-Za-z]{27}$' or p_ksuid collate "C" > 'aWgEPTl1tmebfsQzFP4bxwgy80V' then
    raise exception 'p_ksuid: is no KSUID' using errcode = '22023';
  end if;

  for i in 1..27 loop
    v_value := v_value * 62 + (strpos(v_digits, substr(p_ksuid, i, 1)) - 1);
  end loop;
  return to_timestamp((div(v_value, 340282366920938463463374607431768211456) + 1400000000)::double precision);
end
$$;
comment on function api_keys_private.ksuid_time(text) is
  'When a KSUID was made, to the second, whoever made it.';
