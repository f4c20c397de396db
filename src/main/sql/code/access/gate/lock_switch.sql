create or replace function temporary_access.lock_switch() returns void
  language sql volatile
as $$
  -- Not an advisory lock: anybody who is in the database could take that and keep everybody out.
  lock table temporary_access.settings in row share mode
$$;
comment on function temporary_access.lock_switch() is 'Held by logins: temporary access is not switched meanwhile. Without writing to a shared row.';
