create or replace function temporary_access.shown_grant(p_grant_id uuid) returns latchkey.grants
  language sql stable
as $$
  select shown from latchkey.grants as shown where id = p_grant_id
$$;
comment on function temporary_access.shown_grant(uuid) is 'The grant as latchkey.grants shows it.';

create or replace function temporary_access.known_grant(p_grant_id uuid) returns temporary_access.grants
  language plpgsql stable
as $$
declare
  v_grant temporary_access.grants;
begin
  if p_grant_id is null then
    raise exception 'p_grant_id: must not be null' using errcode = '22023';
  end if;
  select * into v_grant from temporary_access.grants where id = p_grant_id;
  if not found then
    raise exception 'Grant not found' using errcode = 'PT404';
  end if;
  return v_grant;
end
$$;
comment on function temporary_access.known_grant(uuid) is 'The grant as it is now; PT404 when there is none.';

create or replace function temporary_access.revocable_grant(p_grant_id uuid) returns temporary_access.grants
  language plpgsql stable
as $$
declare
  v_grant temporary_access.grants := temporary_access.known_grant(p_grant_id);
begin
  if v_grant.revoked_at is not null then
    raise exception 'The grant is revoked already' using errcode = 'PT409';
  end if;
  if v_grant.expires_at <= clock_timestamp() then
    raise exception 'The grant has expired already' using errcode = 'PT409';
  end if;
  return v_grant;
end
$$;
comment on function temporary_access.revocable_grant(uuid) is 'As known_grant; PT409 when the grant has ended.';

create or replace function temporary_access.changeable_grant(p_grant_id uuid) returns temporary_access.grants
  language plpgsql stable
as $$
declare
  v_grant temporary_access.grants := temporary_access.known_grant(p_grant_id);
begin
  if temporary_access.grant_status(v_grant.starts_at, v_grant.expires_at, v_grant.revoked_at, clock_timestamp()) in ('expired', 'revoked') then
    raise exception 'The grant has ended; grant access again' using errcode = 'PT409';
  end if;
  return v_grant;
end
$$;
comment on function temporary_access.changeable_grant(uuid) is 'As known_grant; PT409 when the grant has ended.';
