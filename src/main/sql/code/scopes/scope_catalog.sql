-- Which scopes there are to give: what the policies of this database ask about.

create or replace function api_keys_private.literal_text(p_argument text) returns text
  language sql immutable strict parallel safe
  return case
    when p_argument ~ '^''([^'']|'''')*''(::(text|character varying))?$'
      then replace(substring(p_argument from '^''((?:[^'']|'''')*)'''), '''''', '''')
    when p_argument ~ '^[(]''([^'']|'''')*''::character varying[)]::text$'
      then replace(substring(p_argument from '^[(]''((?:[^'']|'''')*)'''), '''''', '''')
  end;
comment on function api_keys_private.literal_text(text) is 'The text that a printed argument is; null when it is computed.';

create or replace function api_keys_private.scope_questions(p_expression text)
  returns table (entity_type text, action text, is_per_row boolean)
  language plpgsql immutable rows 3
as $$
declare
  v_token text;
  -- What is open, outermost first: the function that is called there, how many arguments it has so far, the first and the latest.
  v_depth integer := 1;
  v_calls text[] := '{""}';
  v_counts integer[] := '{1}';
  v_firsts text[] := '{""}';
  v_latest text[] := '{""}';
begin
  -- Read once from end to end, whatever its length: strings, quoted names, names with the bracket of a call, marks, and what is between.
  for v_token in
    select t[1]
    from regexp_matches(
      p_expression, '(''(?:[^'']|'''')*''|"(?:[^"]|"")*"|[0-9A-Za-z_$.]*[(]|[[]|[]),]|[0-9A-Za-z_$.]+|[^][(),''"0-9A-Za-z_$.]+)', 'g') as t
  loop
    case
      when right(v_token, 1) in ('(', '[') and left(v_token, 1) not in ('''', '"') then
        v_depth := v_depth + 1;
        v_calls[v_depth] := regexp_replace(v_token, '^public[.](?=(has_scope|scoped_ids|has_scope_on_all)[(]$)', '');
        v_counts[v_depth] := 1;
        v_firsts[v_depth] := '';
        v_latest[v_depth] := '';
      when v_token = ',' then
        if v_counts[v_depth] = 1 then
          v_firsts[v_depth] := v_latest[v_depth];
        end if;
        v_counts[v_depth] := v_counts[v_depth] + 1;
        v_latest[v_depth] := '';
      else
        if v_token in (')', ']') and v_depth > 1 then
          if v_calls[v_depth] in ('has_scope(', 'scoped_ids(', 'has_scope_on_all(') then
            is_per_row := v_calls[v_depth] = 'has_scope(';
            if v_counts[v_depth] = (case when is_per_row then 3 else 2 end) then
              entity_type := api_keys_private.literal_text(btrim(v_firsts[v_depth]));
              action := api_keys_private.literal_text(btrim(v_latest[v_depth]));
              return next;
            end if;
          end if;
          v_token := case
            when v_calls[v_depth] = '(' and v_counts[v_depth] = 1 then '(' || v_latest[v_depth] || ')'
            else '()'
          end;
          v_depth := v_depth - 1;
        end if;
        -- What is longer is no text that names something.
        v_latest[v_depth] := left(v_latest[v_depth] || v_token, 1000);
    end case;
  end loop;
end
$$;
comment on function api_keys_private.scope_questions(text) is
  'What an expression of a policy asks has_scope, scoped_ids and has_scope_on_all about. An entity type or action that is computed is null.';

create or replace function latchkey.read_scope_catalog()
  returns table (
    entity_type text,
    action text,
    table_schema text,
    table_name text,
    policy text,
    command text,
    is_per_row boolean
  )
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
  if (latchkey.is_operator() or latchkey.is_auditor()) is not true then
    return;
  end if;

  return query
  select q.entity_type, q.action, p.schemaname::text, p.tablename::text, p.policyname::text, p.cmd, bool_or(q.is_per_row)
  from pg_catalog.pg_policies as p
  cross join lateral (values (p.qual), (p.with_check)) as e (expression)
  cross join lateral api_keys_private.scope_questions(e.expression) as q
  where e.expression is not null
  group by q.entity_type, q.action, p.schemaname, p.tablename, p.policyname, p.cmd;
end
$$;
comment on function latchkey.read_scope_catalog() is
  'What latchkey.scope_catalog shows. It has the fixed search_path, so that expressions are printed the same for everybody; empty for who may not read it.';
grant execute on function latchkey.read_scope_catalog() to latchkey_operator, latchkey_auditor;

create or replace view latchkey.scope_catalog as
select c.entity_type, c.action, c.table_schema, c.table_name, c.policy, c.command, c.is_per_row
from latchkey.read_scope_catalog() as c;
comment on view latchkey.scope_catalog is
  'Which entity types and actions the policies of this database ask keys'' scopes about, on which table, in which policy, for which command '
  '(ALL, SELECT, INSERT, UPDATE, DELETE). One that is computed is null. is_per_row: by has_scope, which costs a look-up for each row.';
grant select on latchkey.scope_catalog to latchkey_operator, latchkey_auditor;
