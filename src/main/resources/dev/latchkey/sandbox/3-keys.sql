-- Forty-six keys of every kind and in every state. Mara makes them (she is signed in on this backend, see 2-access.sql); times are moved
-- afterwards. scopes: type:action, type/id:action. Ages and ends in days from now. unused: days since the last use, null for a key in use.

create temporary table key_plan (
  number integer generated always as identity,
  kind text not null,
  account integer,
  name text not null,
  scopes text,
  age numeric not null,
  ends numeric,
  state text not null,
  calls numeric not null,
  shape text not null,
  unused numeric,
  description text,
  networks text,
  rate_limit integer,
  role text,
  key_id uuid
);

insert into key_plan (kind, account, name, scopes, age, ends, state, calls, shape, unused, description, networks, rate_limit, role)
values
  ('scoped', 2, 'partner-invoices', 'document:read document/7f3a2c90-1d54-4d1e-9c07-5f0e8a61b2d3:update invoice:read project:read project:delete *:read', 106, 2.6, 'in use', 26, 'office', null, 'Invoices and their documents for the partner portal.', '198.51.100.0/24 2001:db8:41::/48', null, null),
  ('scoped', 2, 'partner-sandbox', 'document:read document:create invoice:read', 106, 25, 'disabled', 0, 'office', 22, 'The partner''s own tests.', '198.51.100.0/24', 600, null),
  ('scoped', 3, 'billing-webhook', 'invoice:* project:read', 63, 13, 'in use', 18, 'flat', null, 'Payment provider tells us about paid invoices.', '192.0.2.64/27', null, null),
  ('scoped', 3, 'crm-sync', 'project:read project:create', 140, 24, 'in use', 22, 'flat', null, 'Customers and projects, every five minutes.', null, null, null),
  ('scoped', 1, 'etl-nightly', 'invoice:read document:read', 231, 53, 'in use', 16, 'night', null, 'Copies everything to the warehouse.', '10.20.0.0/16', null, null),
  ('scoped', 3, 'docs-indexer', 'document:read', 88, 98, 'in use', 44, 'flat', null, 'Search index of the documents.', null, null, null),
  ('scoped', 1, 'support-console', 'document:* invoice:read project:read project:create', 190, 129, 'in use', 17, 'office', null, 'What support sees of a customer.', '10.0.0.0/8', null, null),
  ('scoped', 1, 'bi-readonly', '*:read', 204, null, 'in use', 0, 'office', 94, 'Dashboards of the old BI tool.', null, null, null),
  ('scoped', 1, 'mobile-backend', 'document:read document:create document:update project:read', 77, 160, 'in use', 39, 'people', null, 'The apps'' own server.', null, 60000, null),
  ('scoped', 1, 'invoice-mailer', 'invoice:read invoice:update', 58, 90, 'in use', 7, 'office', null, 'Sends invoices and marks them sent.', '10.20.0.0/16', null, null),
  ('scoped', 1, 'export-worker', 'document:read invoice:read project:read', 44, 46, 'in use', 5, 'night', null, null, '10.20.0.0/16', 1200, null),
  ('scoped', 1, 'pdf-renderer', 'document:read', 120, 245, 'in use', 12, 'office', null, 'Draws documents as PDF.', null, null, null),
  ('scoped', 1, 'zapier-bridge', 'project:read project:create document:create', 95, 270, 'in use', 4, 'people', null, 'Automations of the sales team.', null, 120, null),
  ('scoped', 1, 'slack-bot', 'project:read', 33, 57, 'in use', 3, 'office', null, null, null, null, null),
  ('scoped', 1, 'status-page', 'project:read', 210, null, 'in use', 6, 'flat', null, 'Asks every minute whether we answer.', null, null, null),
  ('scoped', 1, 'data-lake', 'document:read invoice:read', 166, 5.2, 'in use', 6, 'night', null, 'Second copy, to be replaced by etl-nightly.', '10.20.0.0/16', null, null),
  ('scoped', 1, 'archive-2024', 'document/*:read', 312, null, 'in use', 0, 'night', 128, 'Archive run of last year.', null, null, null),
  ('scoped', 1, 'load-test', '*/*:*', 47, 43, 'disabled', 0, 'flat', 9, 'Load tests; enable only while one runs.', '10.8.0.0/16', null, null),
  ('scoped', 1, 'intern-project', 'document:read', 103, -13, 'in use', 1, 'office', 13.2, 'Summer project.', null, null, null),
  ('scoped', 2, 'northwind-portal', 'document:read invoice:read project:read', 175, 190, 'in use', 14, 'people', null, 'The customer portal.', null, null, null),
  ('scoped', 2, 'northwind-erp', 'invoice:read invoice:create invoice:update', 152, 213, 'in use', 9, 'office', null, 'Bookkeeping.', '203.0.113.32/28', null, null),
  ('scoped', 2, 'northwind-warehouse', 'project:read', 131, 60, 'in use', 5, 'office', null, null, '203.0.113.32/28', null, null),
  ('scoped', 2, 'edi-gateway', 'invoice:create invoice:read', 89, 6.4, 'in use', 4, 'night', null, 'Invoices by EDI.', '192.0.2.192/28', null, null),
  ('scoped', 2, 'scanner-fleet', 'document:create', 71, 108, 'in use', 6, 'office', null, 'Scanners in the mail room.', null, 3000, null),
  ('scoped', 2, 'migration-helper', 'document:* project:*', 240, -150, 'in use', 0, 'office', 152, 'Move from the old system.', null, null, null),
  ('scoped', 2, 'audit-sampler', 'document:read invoice:read', 19, 71, 'in use', 0, 'office', null, 'For the auditors; not used yet.', '10.0.0.0/8', null, null),
  ('scoped', 3, 'globex-dashboard', 'project:read invoice:read', 160, 205, 'in use', 11, 'people', null, null, null, null, null),
  ('scoped', 3, 'globex-mobile', 'document:read project:read', 118, 61, 'in use', 13, 'people', null, null, null, null, null),
  ('scoped', 3, 'globex-forms', 'document:create', 84, null, 'in use', 3, 'people', null, 'Contact forms.', null, 300, null),
  ('scoped', 3, 'legacy-import', 'document:create invoice:create', 170, -78, 'in use', 0, 'night', 80, 'First import.', null, null, null),
  ('scoped', 3, 'contractor-q2', 'project:* document:read', 150, 40, 'revoked: Contract ended', 0.4, 'office', 17, null, null, null, null),
  ('scoped', 1, 'jenkins-ci', 'project:read', 260, null, 'revoked: Found in a build log', 0.6, 'flat', 20, 'Builds.', null, null, null),
  ('scoped', 2, 'partner-invoices-old', 'invoice:read', 280, 10, 'revoked: Replaced by partner-invoices', 0, 'office', 104, null, '198.51.100.0/24', null, null),
  ('publishable', null, 'mobile-app-ios', null, 199, null, 'in use', 205, 'people', null, 'The iOS app.', null, null, null),
  ('publishable', null, 'mobile-app-android', null, 199, null, 'in use', 160, 'people', null, 'The Android app.', null, null, null),
  ('publishable', null, 'web-storefront', null, 225, null, 'in use', 128, 'people', null, 'The shop.', null, null, null),
  ('publishable', null, 'docs-site', null, 96, null, 'in use', 14, 'people', null, 'Search on the documentation site.', null, null, null),
  ('publishable', null, 'kiosk-lobby', null, 400, 3.1, 'in use', 2, 'office', null, 'Screen in the lobby.', null, null, null),
  ('publishable', null, 'beta-web', null, 142, null, 'disabled', 0, 'people', 31, 'The beta ended.', null, null, null),
  ('secret', null, 'edge-functions', null, 181, null, 'in use', 236, 'people', null, 'All edge functions.', null, null, null),
  ('secret', null, 'server-render', null, 97, 268, 'in use', 61, 'people', null, 'Pages rendered on the server.', null, null, null),
  ('secret', null, 'reports', null, 74, 106, 'in use', 8, 'night', null, 'Reports, with a role of their own.', null, null, 'reporting'),
  ('secret', null, 'backup-check', null, 27, null, 'in use', 0.8, 'night', null, 'Counts rows after each backup.', null, null, null),
  ('secret', null, 'admin-scripts', null, 134, null, 'in use', 0, 'office', 97, null, null, null, null),
  ('secret', null, 'staging-seed', null, 12, 18, 'in use', 0, 'office', null, 'Made for the new staging; not used yet.', null, null, null),
  ('secret', null, 'migration-2025', null, 330, null, 'revoked: Migration finished', 0.5, 'office', 61, null, null, null, null);

do $$
declare
  v_plan key_plan;
  v_made jsonb;
  v_ends timestamptz;
  v_key latchkey.keys;
  v_changes jsonb;
begin
  for v_plan in select * from key_plan order by number loop
    -- An end in the past is moved there below.
    v_ends := now() + make_interval(secs => abs(v_plan.ends) * 86400);
    if v_plan.kind = 'scoped' then
      v_made := public.create_api_key(
        ('a0000000-0000-4000-8000-00000000000' || v_plan.account)::uuid,
        v_plan.name,
        (
          select jsonb_agg(jsonb_build_object(
            'entity_type', split_part(split_part(scope, ':', 1), '/', 1),
            'entity_id', coalesce(nullif(split_part(split_part(scope, ':', 1), '/', 2), ''), '*'),
            'action', split_part(scope, ':', 2)))
          from string_to_table(v_plan.scopes, ' ') as scope
        ),
        v_ends);
    else
      v_made := latchkey.create_project_key(v_plan.kind, v_plan.name, v_plan.role, v_plan.description, v_ends);
    end if;

    v_changes := jsonb_strip_nulls(jsonb_build_object(
      'description', case when v_plan.kind = 'scoped' then v_plan.description end,
      'allowed_cidrs', to_jsonb(string_to_array(v_plan.networks, ' ')),
      'rate_limit', v_plan.rate_limit));
    select * into strict v_key from latchkey.keys where id = (v_made ->> 'id')::uuid;
    if v_changes <> '{}' then
      v_key := latchkey.update_api_key(v_key.id, v_key.version, v_changes);
    end if;
    if v_plan.state = 'disabled' then
      v_key := latchkey.disable_api_key(v_key.id);
    elsif v_plan.state like 'revoked: %' then
      v_key := latchkey.revoke_key(v_key.id, substr(v_plan.state, 10));
    end if;
    update key_plan set key_id = v_key.id where number = v_plan.number;
  end loop;
end
$$;

-- Back to when it would have happened.
create temporary table key_times as
select
  plan.key_id,
  now() - make_interval(secs => plan.age * 86400 + plan.number * 977) as created_at,
  case when plan.ends is not null then date_trunc('hour', now() + make_interval(secs => plan.ends * 86400)) end as expires_at,
  now() - make_interval(secs => coalesce(plan.unused, 0) * 86400 - 3600) as ended_at,
  now() - make_interval(secs => plan.unused * 86400) as last_used_at,
  null::text as ksuid
from key_plan as plan;
update key_times set ksuid = api_keys_private.ksuid(created_at);

insert into moved (object_id, was, became)
select key.id::text, change.was, change.became
from api_keys_private.api_keys as key
join key_times as times on times.key_id = key.id
cross join lateral (
  values
    (key.ksuid, times.ksuid),
    (audit.utc(key.created_at), audit.utc(times.created_at)),
    (audit.utc(key.expires_at), audit.utc(times.expires_at)),
    (audit.utc(key.disabled_at), audit.utc(times.ended_at)),
    (audit.utc(key.revoked_at), audit.utc(times.ended_at))
) as change (was, became)
where change.was is not null and change.became is not null;

update api_keys_private.api_keys as key
set ksuid = times.ksuid,
  key_prefix = left(key.prefix || times.ksuid, 7),
  created_at = times.created_at,
  expires_at = times.expires_at,
  disabled_at = case when key.disabled_at is not null then times.ended_at end,
  revoked_at = case when key.revoked_at is not null then times.ended_at end,
  last_used_at = times.last_used_at,
  updated_at = case
    when key.disabled_at is not null or key.revoked_at is not null then times.ended_at
    else times.created_at + interval '3 minutes'
  end
from key_times as times
where times.key_id = key.id;
