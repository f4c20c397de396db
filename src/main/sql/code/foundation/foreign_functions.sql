-- Functions of the application that ours call run with the rights of ours. Whoever could replace one would have them.

create or replace view latchkey.foreign_functions as
select
  p.oid::regprocedure::text as function,
  o.rolname::text as owner,
  case when t.name is null then 'is called' else 'is a trigger of ' || t.name end as use
from pg_catalog.pg_proc as p
join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
join pg_catalog.pg_roles as o on o.oid = p.proowner
left join lateral (
  select g.tgrelid::regclass::text as name
  from pg_catalog.pg_trigger as g
  where g.tgfoid = p.oid
    and g.tgrelid in (to_regclass('public.accounts'), to_regclass('public.accounts_memberships'))
    and g.tgenabled <> 'D'
    and not g.tgisinternal
    and not p.prosecdef
  limit 1
) as t on true
where (
    n.nspname = 'public' and p.proname = 'has_role_on_account'
    or n.nspname = 'auth' and p.proname in ('uid', 'jwt') and p.pronargs = 0
    or t.name is not null)
  and not o.rolsuper
  -- Supabase's own, which the project's postgres trusts with its sign-ins anyway.
  and not (n.nspname = 'auth' and o.rolname in ('supabase_auth_admin', 'supabase_admin'))
  and not exists (
    select
    from pg_catalog.pg_namespace as l
    where l.nspname = 'latchkey' and pg_has_role(o.oid, l.nspowner, 'member'))
  and (select latchkey.is_operator() or latchkey.is_auditor());
comment on view latchkey.foreign_functions is
  'Functions of the application that run with the rights of Latchkey''s owner and belong to neither a superuser nor somebody who may become '
  'that owner: whoever that is could read every key''s hash. Installing refuses them; one that came later is shown here.';
grant select on latchkey.foreign_functions to latchkey_operator, latchkey_auditor;
