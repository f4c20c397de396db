-- Functions and views of an earlier Latchkey in our schemas that this text does not make any more. A function of the same
-- name with other arguments would make calls ambiguous, and an old one goes on doing what it did. Nothing is dropped that
-- something else uses: installing is refused then and says what, since only its owner knows what it is to use instead.
-- In schema public only what we made there is ours; so far no function of ours there has gone or changed its arguments.
do $$
declare
  v_before constant text[] := string_to_array(current_setting('latchkey.before_code'), ';');
  v_leftover record;
  v_dropped integer;
  v_uses text;
  v_used text;
begin
  loop
    v_dropped := 0;
    v_used := null;
    for v_leftover in
      select format('%s %s', case p.prokind when 'a' then 'aggregate' when 'p' then 'procedure' else 'function' end, p.oid::regprocedure) as name
      from pg_catalog.pg_proc as p
      where concat_ws(' ', p.oid, p.xmin, p.ctid) = any (v_before)
      union all
      select format('view %s', r.ev_class::regclass)
      from pg_catalog.pg_rewrite as r
      where concat_ws(' ', r.ev_class, r.xmin, r.ctid) = any (v_before)
    loop
      begin
        execute format('drop %s', v_leftover.name);
        v_dropped := v_dropped + 1;
        raise notice 'Dropped %, which an earlier Latchkey made', v_leftover.name;
      exception when dependent_objects_still_exist then
        get stacked diagnostics v_uses = pg_exception_detail;
        v_used := concat_ws(E'\n', v_used, v_uses);
      end;
    end loop;
    exit when v_used is null;
    if v_dropped = 0 then
      raise exception 'Something of yours uses what this version of Latchkey does not have any more: %', v_used
        using errcode = '2BP01', hint = 'Change or drop it, then install. Nothing was changed.';
    end if;
  end loop;
  perform set_config('latchkey.before_code', '', false);
end
$$;
