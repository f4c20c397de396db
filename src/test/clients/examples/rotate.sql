-- psql -U keys_admin -v id=… -f rotate.sql
-- Both work for a day. Give the new key to its client, and watch the old one fall silent.
select latchkey.rotate_api_key(:'id', '1 day') as made \gset
select :'made'::jsonb ->> 'key' as key, :'made'::jsonb ->> 'grace_ends_at' as both_work_until;
select status, last_used_at from latchkey.keys where id = :'id';
