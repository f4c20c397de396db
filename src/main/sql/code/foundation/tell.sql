create or replace function api_keys_private.tell(p_channel text, p_message text) returns boolean
  language plpgsql volatile
as $$
begin
  -- A full queue refuses the commit of whoever adds to it, and one session that listens and never finishes fills it.
  if pg_notification_queue_usage() >= 0.5 then
    return false;
  end if;
  perform pg_notify(p_channel, p_message);
  return true;
end
$$;
comment on function api_keys_private.tell(text, text) is
  'NOTIFY, unless the server''s queue is half full: false then. Nothing may depend on it, since everybody who listens also looks by himself.';
