-- What may be written, by two verbs: checked_… gives back the clean value, require_… nothing. Both raise 22023 for what may
-- not be, naming the parameter.

create or replace function api_keys_private.has_control_characters(p_text text) returns boolean
  language sql immutable strict parallel safe
  return p_text ~ '[\u0001-\u001F\u007F-\u009F\u200E\u200F\u2028-\u202E\u2066-\u2069]';
comment on function api_keys_private.has_control_characters(text) is
  'Whether a text has control characters, line breaks or marks that turn the direction of writing.';

create or replace function api_keys_private.trimmed(p_text text) returns text
  language sql immutable strict parallel safe
  return regexp_replace(p_text, '^[\s\u00A0\u3000]+|[\s\u00A0\u3000]+$', '', 'g');
comment on function api_keys_private.trimmed(text) is 'A text without blanks at its ends.';

create or replace function api_keys_private.checked_text(p_parameter text, p_text text, p_most integer) returns text
  language plpgsql immutable parallel safe
as $$
declare
  v_text constant text := nullif(api_keys_private.trimmed(p_text), '');
begin
  if char_length(v_text) > p_most then
    raise exception '%: must have at most % characters, has %', p_parameter, p_most, char_length(v_text)
      using errcode = '22023';
  end if;
  if api_keys_private.has_control_characters(v_text) then
    raise exception '%: must not contain control characters', p_parameter using errcode = '22023';
  end if;
  return v_text;
end
$$;
comment on function api_keys_private.checked_text(text, text, integer) is 'An optional text of one line; blank becomes null.';

create or replace function api_keys_private.checked_name(p_parameter text, p_name text, p_most integer default 100) returns text
  language plpgsql immutable parallel safe
as $$
declare
  v_name constant text := api_keys_private.checked_text(p_parameter, p_name, p_most);
begin
  if v_name is null then
    raise exception '%: must not be blank', p_parameter using errcode = '22023';
  end if;
  return v_name;
end
$$;
comment on function api_keys_private.checked_name(text, text, integer) is 'A text of one line that has to be there: 1 to p_most characters after trimming.';

create or replace function api_keys_private.checked_note(p_parameter text, p_note text, p_most integer) returns text
  language plpgsql immutable parallel safe
as $$
declare
  v_note constant text := nullif(api_keys_private.trimmed(p_note), '');
begin
  perform api_keys_private.checked_text(p_parameter, translate(v_note, E'\n\r\t', '   '), p_most);
  return v_note;
end
$$;
comment on function api_keys_private.checked_note(text, text, integer) is
  'An optional description or reason; line breaks and tabs are allowed, blank becomes null.';
