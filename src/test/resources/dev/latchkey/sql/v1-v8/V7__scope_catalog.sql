-- V7: Which scopes there are to give: what the policies of this database ask about.

create or replace function api_keys_private.call_arguments(p_text text) returns text[]
  language plpgsql immutable strict parallel safe
as $$
declare
  v_arguments text[] := '{}';
  v_argument text := '';
  v_depth integer := 0;
  v_quote text := '';
  v_character text;
begin
  foreach v_character in array regexp_split_to_array(p_text, '') loop
    if v_quote <> '' then
      -- A doubled quote ends and begins again, which comes to the same.
      v_quote := case when v_character = v_quote then '' else v_quote end;
    elsif v_character in ('''', '"') then
      v_quote := v_character;
    elsif v_character in ('(', '[') then
      v_depth := v_depth + 1;
    elsif v_character in (')', ']') then
      if v_depth = 0 then
        return v_arguments || btrim(v_argument);
      end if;
      v_depth := v_depth - 1;
    elsif v_character = ',' and v_depth = 0 then
      v_arguments := v_arguments || btrim(v_argument);
      v_argument := '';
      continue;
    end if;
    v_argument := v_argument || v_character;
  end loop;
  return null;
end
$$;
comment on function api_keys_private.call_arguments(text) is
  'The arguments of a call in an expression that PostgreSQL printed, from behind its opening parenthesis on; null when it does not end.';

create or replace function api_keys_private.literal_text(p_argument text) returns text
  language sql immutable strict parallel safe
  return case
    when p_argument ~ '^''([^'']|'''')*''(::(text|character varying))?$'
      then replace(substring(p_argument from '^''((?:[^'']|'''')*)'''), '''''', '''')
    when p_argument ~ '^\(''([^'']|'''')*''::character varying\)::text$'
      then replace(substring(p_argument from '^\(''((?:[^'']|'''')*)'''), '''''', '''')
  end;
comment on function api_keys_private.literal_text(text) is 'The text that a printed argument is; null when it is computed.';

create or replace function api_keys_private.scope_questions(p_expression text)
  returns table (entity_type text, action text, is_per_row boolean)
  language plpgsql immutable
as $$
declare
  v_call constant text := '(?:^|[^0-9A-Za-z_$".])(?:public\.)?(has_scope|scoped_ids|has_scope_on_all)\(';
  v_rest text := p_expression;
  v_match text[];
  v_arguments text[];
begin
  loop
    v_match := regexp_match(v_rest, '^(.*?' || v_call || ')');
    exit when v_match is null;
    v_rest := substr(v_rest, length(v_match[1]) + 1);
    v_arguments := api_keys_private.call_arguments(v_rest);
    is_per_row := v_match[2] = 'has_scope';
    continue when cardinality(v_arguments) is distinct from case when is_per_row then 3 else 2 end;
    entity_type := api_keys_private.literal_text(v_arguments[1]);
    action := api_keys_private.literal_text(v_arguments[cardinality(v_arguments)]);
    return next;
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

create or replace view latchkey.scope_catalog as
select c.entity_type, c.action, c.table_schema, c.table_name, c.policy, c.command, c.is_per_row
from latchkey.read_scope_catalog() as c;
comment on view latchkey.scope_catalog is
  'Which entity types and actions the policies of this database ask keys'' scopes about, on which table, in which policy, for which command '
  '(ALL, SELECT, INSERT, UPDATE, DELETE). One that is computed is null. is_per_row: by has_scope, which costs a look-up for each row.';

revoke all on latchkey.scope_catalog from public, anon, authenticated, service_role;
revoke all on all functions in schema api_keys_private, latchkey from public, anon, authenticated, service_role;
grant execute on function latchkey.read_scope_catalog() to latchkey_operator, latchkey_auditor;
grant select on latchkey.scope_catalog to latchkey_operator, latchkey_auditor;

do $$
begin
  if latchkey.schema_version() < 7 then
    create or replace function latchkey.schema_version() returns integer
      language sql immutable parallel safe
      return 7;
  end if;
end
$$;
