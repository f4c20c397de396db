create or replace function audit.sealed_until(p_log text) returns timestamptz
  language sql stable strict
  return '-infinity'::timestamptz;
comment on function audit.sealed_until(text) is
  'Up to when a log is sealed, so that its rows may be dropped. Nothing is sealed yet.';
