-- A database as a Supabase project has it: schemas auth and extensions by others, and everything that project_owner makes
-- in public given to the roles of requests.

create schema extensions authorization supabase_admin;
create extension pgcrypto with schema extensions;
grant usage on schema extensions to anon, authenticated, service_role;
grant usage, create on schema extensions to project_owner;

create schema auth authorization supabase_auth_admin;
grant usage on schema auth to anon, authenticated, service_role, project_owner;
create table auth.users (id uuid primary key, email text);
create function auth.uid() returns uuid language sql stable
  as 'select nullif(current_setting(''request.jwt.claims'', true)::json ->> ''sub'', '''')::uuid';
create function auth.jwt() returns jsonb language sql stable
  as 'select nullif(current_setting(''request.jwt.claims'', true), '''')::jsonb';
alter table auth.users owner to supabase_auth_admin;
alter function auth.uid() owner to supabase_auth_admin;
alter function auth.jwt() owner to supabase_auth_admin;
grant all on auth.users to project_owner;

grant usage on schema public to anon, authenticated, service_role;
alter default privileges for role project_owner in schema public
  grant all on tables to anon, authenticated, service_role;
alter default privileges for role project_owner in schema public
  grant all on functions to anon, authenticated, service_role;
alter default privileges for role project_owner in schema public
  grant all on sequences to anon, authenticated, service_role;
