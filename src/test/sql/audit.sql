-- What was written to the audit stays, whoever asks.
begin;
set local search_path = tap, public;
select plan(8);

select isnt_empty($$ select latchkey.create_project_key('publishable', 'pgTAP') $$, 'a key is made');
select results_eq(
    $$ select type, object_label, outcome from latchkey.events order by occurred_at desc, id desc limit 1 $$,
    $$ values ('key.created'::text, 'pgTAP'::text, 'ok'::text) $$,
    'which leaves an event');
select throws_ok($$ update audit.events set entry = '{}' $$, '42501', null, 'UPDATE is refused');
select throws_ok($$ delete from audit.events $$, '42501', null, 'DELETE is refused');
select throws_ok($$ truncate audit.events $$, '42501', null, 'TRUNCATE is refused');
set local session_replication_role = replica;
select throws_ok($$ delete from audit.events $$, '42501', null, 'DELETE is refused where ordinary triggers are off');
set local session_replication_role = origin;
select is(
    (select count(*) from audit.events where entry::text ~ '(key_hash|salt|secret_hash)'), 0::bigint, 'no event has a hash or a salt');
select ok(not has_table_privilege('latchkey_operator', 'audit.events', 'insert'), 'an operator writes no event by hand');

select * from finish();
rollback;
