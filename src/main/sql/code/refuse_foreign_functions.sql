-- After owner.sql: what owns Latchkey is known then.
do $$
declare
  v_foreign record;
begin
  select * into v_foreign
  from latchkey.foreign_functions as f
  -- Who installs may become the owner, or was just made it.
  where not pg_has_role(f.owner, current_user, 'member')
  order by f.function
  limit 1;
  if found then
    raise exception '% belongs to %, and %', v_foreign.function, v_foreign.owner,
      case v_foreign.use
        when 'is called' then 'would be called with rights over every key'
        else v_foreign.use || ', where it would run with rights over every key'
      end
      using errcode = '42501',
        hint = format('Look at it; if it is as it should be: alter function %s owner to %I. Nothing was changed.', v_foreign.function, current_user);
  end if;
end
$$;
