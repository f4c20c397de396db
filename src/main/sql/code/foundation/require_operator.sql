create or replace function api_keys_private.require_operator(p_act text) returns void
  language plpgsql stable
as $$
begin
  if latchkey.is_operator() is not true then
    raise exception 'Only a member of role latchkey_operator may %', p_act using errcode = '42501';
  end if;
end
$$;
comment on function api_keys_private.require_operator(text) is 'Refuses everyone who is not an operator, naming what they wanted to do.';

create or replace function api_keys_private.require_reader(p_act text) returns void
  language plpgsql stable
as $$
begin
  if (latchkey.is_operator() or latchkey.is_auditor()) is not true then
    raise exception 'Only members of latchkey_operator and latchkey_auditor may %', p_act using errcode = '42501';
  end if;
end
$$;
comment on function api_keys_private.require_reader(text) is 'Refuses everyone who is neither an operator nor an auditor, naming what they wanted to do.';
