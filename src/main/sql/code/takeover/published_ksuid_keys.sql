-- The published KSUID design, where it is.
do $$
begin
  perform api_keys_private.adopt_ksuid_keys();
end
$$;
