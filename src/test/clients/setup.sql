-- What the client suite has beside Latchkey: the roles that its servers and people sign in as, and an account with a member.
-- Run once in a database where Latchkey is installed. Role names belong to the whole server.
\set ON_ERROR_STOP on

select not exists (select from pg_roles where rolname = 'keys_admin') as no_roles \gset
\if :no_roles
create role keys_admin login password :'password';
grant latchkey_operator to keys_admin;
-- A server that verifies keys and logs their use.
create role app_server login password :'password';
grant service_role to app_server;
-- A server that reads as its callers, over a connection of its own.
create role app_reader login password :'password';
grant latchkey_api_server, api_key to app_reader;
alter role authenticator login password :'password';
\endif

insert into accounts (id, name) values ('acc00000-0000-4000-8000-000000000001', 'Acme'), ('acc00000-0000-4000-8000-000000000002', 'Other');
insert into accounts_memberships (user_id, account_id, account_role)
values ('5e500000-0000-4000-8000-000000000001', 'acc00000-0000-4000-8000-000000000001', 'owner');
select latchkey.switch_http_gate(true);
