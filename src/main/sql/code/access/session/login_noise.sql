create or replace view latchkey.login_noise as
  select noise.minute, sum(noise.attempts)::bigint as attempts
  from temporary_access.noise as noise
  where (select latchkey.is_operator() or latchkey.is_auditor())
  group by noise.minute;
comment on view latchkey.login_noise is 'Refused attempts, by minute, that were too many to be logged one by one: beyond 100 without a genuine token, or 10 of one token.';
grant select on latchkey.login_noise to latchkey_operator, latchkey_auditor;
