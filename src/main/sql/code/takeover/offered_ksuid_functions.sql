-- Once more where the published KSUID design was taken over: grants.sql keeps only what every database has.
do $$
begin
  if exists (select from api_keys_private.taken_over_designs as d where d.design = 'ksuid') then
    perform api_keys_private.offer_ksuid_functions();
  end if;
end
$$;
