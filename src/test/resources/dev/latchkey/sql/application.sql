-- An application as one finds it: users, accounts and their members, in the shape that MakerKit gives them.
-- Schema auth belongs to whoever provides the platform; where it is there, it is used as it is.

create schema if not exists extensions;
create extension if not exists pgcrypto with schema extensions;
create schema if not exists auth;

do $$
begin
  if to_regclass('auth.users') is null then
    create table auth.users (id uuid primary key, email text);
    create function auth.jwt() returns jsonb language sql stable
      as 'select nullif(current_setting(''request.jwt.claims'', true), '''')::jsonb';
    create function auth.uid() returns uuid language sql stable
      as 'select (nullif(current_setting(''request.jwt.claims'', true), '''')::jsonb ->> ''sub'')::uuid';
  end if;
end
$$;

create table public.accounts (
  id uuid primary key default gen_random_uuid(),
  primary_owner_user_id uuid references auth.users on delete cascade,
  name varchar(255) not null,
  slug text unique,
  is_personal_account boolean not null default false
);
create table public.accounts_memberships (
  user_id uuid not null references auth.users on delete cascade,
  account_id uuid not null references public.accounts on delete cascade,
  account_role varchar(50) not null,
  primary key (user_id, account_id)
);

create function public.has_role_on_account(account_id uuid, account_role varchar(50) default null) returns boolean
  language sql stable security definer set search_path = ''
as $$
  select exists (
    select
    from public.accounts_memberships as m
    where m.user_id = auth.uid()
      and m.account_id = has_role_on_account.account_id
      and (has_role_on_account.account_role is null or m.account_role = has_role_on_account.account_role))
$$;
