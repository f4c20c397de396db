-- What plpgsql_check says of every function and procedure that is not an extension's, one finding a line. Trigger
-- functions are checked once for each table that has one of their triggers.
with routines as (
  select p.oid, p.oid::regprocedure::text as name, p.prorettype
  from pg_proc as p
  join pg_language as l on l.oid = p.prolang
  join pg_namespace as n on n.oid = p.pronamespace
  where l.lanname = 'plpgsql'
    and n.nspname not in ('pg_catalog', 'information_schema')
    and not exists (select from pg_depend as d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
),
checks as (
  select distinct r.oid, r.name, coalesce(t.tgrelid, 0) as relation, t.tgoldtable::text as old_table, t.tgnewtable::text as new_table
  from routines as r
  left join pg_trigger as t on t.tgfoid = r.oid
  where r.prorettype <> 'trigger'::regtype or t.oid is not null
)
select format('plpgsql %s: trigger function without a trigger', name)
from routines as r
where r.prorettype = 'trigger'::regtype and not exists (select from pg_trigger as t where t.tgfoid = r.oid)
union
select format(
  'plpgsql %s: %s: %s',
  c.name,
  f.level,
  regexp_replace(concat_ws(' ', f.message, '(' || f.detail || ')'), '\s+', ' ', 'g'))
from
  checks as c,
  lateral checking.plpgsql_check_function_tb(
    c.oid, relid => c.relation, fatal_errors => false, all_warnings => true, oldtable => c.old_table, newtable => c.new_table) as f
order by 1;
