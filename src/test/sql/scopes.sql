-- has_scope: five shapes, and nothing else.
begin;
set local search_path = tap, public;
select * from no_plan();

insert into api_keys_private.api_keys (id, ksuid, kind, account_id, name, key_prefix, prefix, key_hash, salt, role)
values ('00000000-0000-0000-0000-00000000c0de', api_keys_private.ksuid(), 'scoped', gen_random_uuid(), 'pgTAP', 'sk_', 'sk_', '00', '\x00', 'api_key');
select set_config('request.jwt.claims', '{"sub": "00000000-0000-0000-0000-00000000c0de", "role": "api_key"}', true);

-- The answer of has_scope to a key that has these scopes; 't' and 'f' for the set-based functions follow.
create function pg_temp.answers(p_scopes jsonb, p_type text, p_id text, p_action text) returns text
  language plpgsql
as $$
begin
  update api_keys_private.api_keys set scopes = p_scopes where id = '00000000-0000-0000-0000-00000000c0de';
  return (
    select concat_ws(' ', public.has_scope(p_type, p_id, p_action),
      (public.has_scope_on_all(p_type, p_action) or p_id = any (public.scoped_ids(p_type, p_action))) is true));
end
$$;

create function pg_temp.scope(p_type text, p_id text, p_action text) returns jsonb
  language sql
as $$
  select jsonb_build_array(jsonb_build_object('entity_type', p_type, 'entity_id', p_id, 'action', p_action))
$$;

select is(
    pg_temp.answers(pg_temp.scope(s.type, s.id, s.action), q.type, q.id, q.action),
    case
      -- Everything.
      when s.type = '*' and s.id = '*' and s.action = '*' then 't t'
      -- A type of *, otherwise, is no shape.
      when s.type = '*' or q.type = '*' then 'f f'
      when s.type <> q.type then 'f f'
      -- type/*/* and type/*/action
      when s.id = '*' and s.action in ('*', q.action) then 't t'
      -- type/id/* and type/id/action
      when s.id = q.id and s.action in ('*', q.action) then 't t'
      else 'f f'
    end,
    format('%s/%s/%s asked for %s/%s/%s', s.type, s.id, s.action, q.type, q.id, q.action))
from (
  select *
  from unnest(array['*', 'document']) as type, unnest(array['*', '5']) as id, unnest(array['*', 'read']) as action
) as s
cross join (
  select *
  from unnest(array['*', 'document', 'Document']) as type, unnest(array['*', '5', '6']) as id, unnest(array['*', 'read', 'write']) as action
) as q;

-- What is stored from elsewhere and breaks the rules grants nothing.
select is(pg_temp.answers(broken::jsonb, 'document', '5', 'read'), 'f f', broken || ' grants nothing')
from unnest(array[
  '[]', '{}', 'null', '"*"', '7', '[[]]', '[null]', '["*"]', '[{}]',
  '[{"entity_type": "document", "action": "read"}]',
  '[{"entity_type": "document", "entity_id": null, "action": "read"}]',
  '[{"entity_type": "document", "entity_id": 5, "action": "read"}]',
  '[{"entity_type": "document", "entity_id": ["5"], "action": "read"}]',
  '[{"entity_type": "document", "entity_id": "5 ", "action": "read"}]',
  '[{"entity_type": "*", "entity_id": "*", "action": "*", "effect": "deny"}]',
  '[{"entity_type": ["document"], "entity_id": "*", "action": "*"}]',
  '{"entity_type": "*", "entity_id": "*", "action": "*"}',
  '[[{"entity_type": "*", "entity_id": "*", "action": "*"}]]'
]) as broken;

-- A null question is answered with no.
select is(pg_temp.answers(pg_temp.scope('*', '*', '*'), null, '5', 'read'), 'f f', 'no type asked for');
select is(public.has_scope('document', null, 'read'), false, 'no id asked for');
select is(pg_temp.answers(pg_temp.scope('*', '*', '*'), 'document', '5', null), 'f f', 'no action asked for');

-- Only a scoped key that works has scopes.
create function pg_temp.answers_of_a_key_that(p_change text) returns text
  language plpgsql
as $$
begin
  update api_keys_private.api_keys set scopes = pg_temp.scope('*', '*', '*') where id = '00000000-0000-0000-0000-00000000c0de';
  execute 'update api_keys_private.api_keys set ' || p_change || ' where id = ''00000000-0000-0000-0000-00000000c0de''';
  return concat_ws(' ', public.has_scope('document', '5', 'read'), public.has_scope_on_all('document', 'read'));
end
$$;

select is(pg_temp.answers_of_a_key_that('name = ''works'''), 't t', 'a key that works');
select is(pg_temp.answers_of_a_key_that('disabled_at = now()'), 'f f', 'a disabled key');
select is(pg_temp.answers_of_a_key_that('disabled_at = null, revoked_at = now()'), 'f f', 'a revoked key');
select is(pg_temp.answers_of_a_key_that('revoked_at = null, expires_at = now()'), 'f f', 'an expired key');
select is(
    pg_temp.answers_of_a_key_that('expires_at = null, kind = ''secret'', role = ''service_role'', account_id = null'), 'f f', 'a secret key');

select * from finish();
rollback;
