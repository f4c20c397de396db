create or replace function temporary_access.known_member(p_user_id uuid) returns temporary_access.members
  language plpgsql stable
as $$
declare
  v_member temporary_access.members;
begin
  if p_user_id is null then
    raise exception 'p_user_id: must not be null' using errcode = '22023';
  end if;
  select * into v_member from temporary_access.members where user_id = p_user_id;
  if not found then
    raise exception 'Member not found' using errcode = 'PT404';
  end if;
  return v_member;
end
$$;
comment on function temporary_access.known_member(uuid) is 'The member as he is now; PT404 when there is none.';

create or replace function temporary_access.require_unblocked(p_member temporary_access.members) returns void
  language plpgsql immutable
as $$
begin
  if p_member.blocked_at is not null then
    raise exception 'The member is blocked' using errcode = 'PT409';
  end if;
end
$$;
comment on function temporary_access.require_unblocked(temporary_access.members) is 'Refuses a member who is blocked (PT409).';

create or replace function temporary_access.locked_member(p_user_id uuid) returns temporary_access.members
  language plpgsql volatile
as $$
begin
  perform temporary_access.known_member(p_user_id);
  perform temporary_access.take_locks(false, p_user_id => p_user_id);
  return temporary_access.known_member(p_user_id);
end
$$;
comment on function temporary_access.locked_member(uuid) is 'The member, locked until the end of the transaction; PT404 when there is none.';
