-- A token travels to authorize() as a parameter. No setting of the server may write that to a log. Where the installer
-- is not a superuser this is left to the administrator, and the gate refuses to work until it is done.
do $$
declare
  v_setting record;
begin
  for v_setting in
    select *
    from (
      values
        ('default_transaction_isolation', 'read committed'),
        ('statement_timeout', '10s'),
        ('lock_timeout', '5s'),
        ('idle_in_transaction_session_timeout', '10s'),
        ('log_statement', 'none'),
        ('log_duration', 'off'),
        ('log_min_duration_statement', '-1'),
        ('log_min_duration_sample', '-1'),
        ('log_transaction_sample_rate', '0'),
        ('log_min_error_statement', 'panic'),
        ('log_parameter_max_length', '0'),
        ('log_parameter_max_length_on_error', '0'),
        ('debug_print_parse', 'off'),
        ('debug_print_rewritten', 'off'),
        ('debug_print_plan', 'off'),
        ('auto_explain.log_min_duration', '-1'),
        ('pgaudit.log', 'none')
    ) as wanted (name, value)
  loop
    begin
      execute format('alter role latchkey_gatekeeper set %s = %L', v_setting.name, v_setting.value);
    exception
      when insufficient_privilege or undefined_object then
        raise notice 'latchkey_gatekeeper: % has to be set to % by a superuser', v_setting.name, v_setting.value;
    end;
  end loop;
end
$$;
