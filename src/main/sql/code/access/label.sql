create or replace function temporary_access.label(p_user_id uuid, p_rest text) returns text
  language sql stable
as $$
  select left(member.email || p_rest, 200)
  from temporary_access.members as member
  where member.user_id = p_user_id
$$;
comment on function temporary_access.label(uuid, text) is 'How an audit event names something of a member: his e-mail address and what follows.';
