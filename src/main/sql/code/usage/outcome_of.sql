create or replace function api_keys_private.outcome_of(p_status_code integer) returns text
  language sql immutable parallel safe
  return case
    when p_status_code in (401, 403) then 'denied'
    when p_status_code >= 500 then 'server_error'
    when p_status_code >= 400 then 'client_error'
    else 'ok'
  end;
comment on function api_keys_private.outcome_of(integer) is 'The outcome of a request by its HTTP status; ok where there is none.';
