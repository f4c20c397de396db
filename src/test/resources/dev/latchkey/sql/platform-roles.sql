-- The roles of a Supabase project, with project_owner in the place of its postgres: no superuser, but may make roles and
-- databases. For a server of its own, once.

create role supabase_admin superuser createrole createdb replication bypassrls login;
create role project_owner login createrole createdb replication bypassrls;
create role anon nologin noinherit;
create role authenticated nologin noinherit;
create role service_role nologin noinherit bypassrls;
create role authenticator login noinherit;
create role supabase_auth_admin login noinherit createrole;
grant anon, authenticated, service_role to authenticator;
grant anon, authenticated, service_role to project_owner with admin option;
