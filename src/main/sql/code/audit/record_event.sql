create or replace function audit.utc(p_at timestamptz) returns text
  language sql stable strict parallel safe
  return to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
comment on function audit.utc(timestamptz) is 'A time as events write it: UTC, ISO 8601, microseconds.';

create or replace function audit.compact_json(p_value jsonb) returns text
  language plpgsql immutable strict parallel safe
as $$
begin
  return case jsonb_typeof(p_value)
    when 'object' then
      '{' || coalesce((
        select string_agg(to_json(e.key)::text || ':' || audit.compact_json(e.value), ',' order by e.key collate "C")
        from jsonb_each(p_value) as e), '') || '}'
    when 'array' then
      '[' || coalesce((
        select string_agg(audit.compact_json(e.value), ',' order by e.position)
        from jsonb_array_elements(p_value) with ordinality as e (value, position)), '') || ']'
    else p_value::text
  end;
end
$$;
comment on function audit.compact_json(jsonb) is
  'JSON without blanks and with sorted keys: equal values have equal text, whatever server wrote it.';

create or replace function audit.shortened(p_json text) returns text
  language sql immutable strict parallel safe
  return format(
    '{"omitted_bytes":%s,"sha256":"%s"}',
    octet_length(convert_to(p_json, 'UTF8')), encode(sha256(convert_to(p_json, 'UTF8')), 'hex'));
comment on function audit.shortened(text) is
  'Stands in an entry for a state that is too long: its length and SHA-256, by which the stored column can be checked.';

create or replace function audit.json_text(p_text text) returns text
  language sql immutable parallel safe
  return coalesce(to_json(p_text)::text, 'null');
comment on function audit.json_text(text) is 'A text as a JSON string, or null.';

create or replace function audit.record_event(
  p_type text,
  p_object_type text,
  p_object_id text,
  p_object_label text,
  p_action text,
  p_outcome text,
  p_code text,
  p_reason text,
  p_before jsonb,
  p_after jsonb
) returns text
  language plpgsql volatile
as $$
declare
  v_id constant text := api_keys_private.ksuid();
  v_at constant timestamptz := clock_timestamp();
  v_actor constant jsonb := latchkey.actor();
  v_address constant inet := inet_client_addr();
  v_application constant text := nullif(left(current_setting('application_name'), 200), '');
  v_txid constant xid8 := pg_current_xact_id();
  v_before text := coalesce(audit.compact_json(p_before), 'null');
  v_after text := coalesce(audit.compact_json(p_after), 'null');
  v_layout constant text :=
    '{"v":1,"id":%s,"type":%s,"occurred_at":%s,"actor":{"id":%s,"type":%s,"display":%s,"via":%s},"on_behalf_of":null,'
    '"source":{"address":%s,"application":%s,"version":null},"object":{"type":%s,"id":%s,"label":%s},"action":%s,'
    '"outcome":%s,"code":%s,"reason":%s,"ticket":null,"before":%s,"after":%s,"txid":%s}';
begin
  if octet_length(v_before) + octet_length(v_after) > 49152 then
    v_before := case when octet_length(v_before) > 512 then audit.shortened(v_before) else v_before end;
    v_after := case when octet_length(v_after) > 512 then audit.shortened(v_after) else v_after end;
  end if;

  insert into audit.events (
    id, version, type, occurred_at, actor_id, actor_type, actor_display, actor_via, source_address, source_application,
    object_type, object_id, object_label, action, outcome, code, reason, before, after, txid, entry)
  values (
    v_id, 1, p_type, v_at, v_actor ->> 'id', v_actor ->> 'type', v_actor ->> 'display', v_actor ->> 'via', v_address,
    v_application, p_object_type, p_object_id, p_object_label, p_action, p_outcome, p_code, p_reason, p_before, p_after,
    v_txid,
    convert_to(
      format(
        v_layout,
        audit.json_text(v_id), audit.json_text(p_type), audit.json_text(audit.utc(v_at)),
        audit.json_text(v_actor ->> 'id'), audit.json_text(v_actor ->> 'type'),
        audit.json_text(v_actor ->> 'display'), audit.json_text(v_actor ->> 'via'),
        audit.json_text(host(v_address)), audit.json_text(v_application),
        audit.json_text(p_object_type), audit.json_text(p_object_id), audit.json_text(p_object_label),
        audit.json_text(p_action), audit.json_text(p_outcome), audit.json_text(p_code), audit.json_text(p_reason),
        v_before, v_after, audit.json_text(v_txid::text)),
      'UTF8'));
  return v_id;
end
$$;
comment on function audit.record_event(text, text, text, text, text, text, text, text, jsonb, jsonb) is
  'Writes one event about a change made in this transaction and returns its id. For our own definer functions only: it runs as its caller '
  'and has no rights of its own. Labels and reasons are bounded by the callers (200 and 1,000 characters).';
