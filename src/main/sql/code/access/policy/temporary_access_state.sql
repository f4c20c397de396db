create or replace function temporary_access.policy_facts(p_settings temporary_access.settings) returns jsonb
  language sql stable
as $$
  select jsonb_build_object(
    'max_duration', temporary_access.duration_text(p_settings.max_duration),
    'reason_required', p_settings.reason_required,
    'reason_pattern', p_settings.reason_pattern,
    'self_granting', p_settings.self_granting,
    'networks_required', p_settings.networks_required
  )
$$;
comment on function temporary_access.policy_facts(temporary_access.settings) is 'The policy, in the fields that latchkey.set_access_policy takes.';

create or replace function latchkey.temporary_access_state() returns jsonb
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
  perform api_keys_private.require_reader('see the state of temporary access');
  return (
    select jsonb_build_object('state', state, 'changed_at', state_changed_at)
      || temporary_access.policy_facts(settings)
      || jsonb_build_object(
        'max_duration_seconds', extract(epoch from max_duration)::bigint,
        'enforced_at', enforced_at,
        'members', (select count(*) from temporary_access.members),
        'live_grants', (
          select count(*)
          from temporary_access.grants as granted
          where temporary_access.grant_status(granted.starts_at, granted.expires_at, granted.revoked_at, clock_timestamp())
            in ('active', 'expiring')
        ),
        'scheduled_grants', (
          select count(*)
          from temporary_access.grants as granted
          where temporary_access.grant_status(granted.starts_at, granted.expires_at, granted.revoked_at, clock_timestamp())
            = 'scheduled'
        ),
        'live_sessions', case
          when temporary_access.why_unseen() is null then (select count(*) from temporary_access.live_sessions())
        end,
        'not_known', temporary_access.why_unseen(),
        'not_ended', temporary_access.why_not_ended()
      )
    from temporary_access.settings as settings
  );
end
$$;
comment on function latchkey.temporary_access_state() is 'Whether temporary access is enabled, since when, its policy, when ended access was last looked for, and how many members, live and scheduled grants and live sessions there are. Where the owner of the functions may not see sessions, their number is null and not_known says why; where it may not end them, not_ended does.';
grant execute on function latchkey.temporary_access_state() to latchkey_operator, latchkey_auditor;
