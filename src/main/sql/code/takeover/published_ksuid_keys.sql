-- The published KSUID design, where it is, and its functions, where it was.
do $$
begin
  perform api_keys_private.adopt_ksuid_keys();
  if exists (select from api_keys_private.taken_over_designs as d where d.design = 'ksuid') then
    perform api_keys_private.offer_ksuid_functions();
  end if;
end
$$;
