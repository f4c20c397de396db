-- What may be written, by two verbs: checked_… gives back the clean value, require_… nothing. Both raise 22023 for what may
-- not be, naming the parameter.

-- dev.latchkey.change.TextRules has the same characters, and TextHolesTest compares them one by one.
create or replace function api_keys_private.invisible_characters() returns text
  language sql immutable parallel safe
  return E'\\u00AD\\u034F\\u115F\\u1160\\u17B4\\u17B5\\u180B-\\u180F\\u200B\\u2060-\\u2065\\u206A-\\u206F\\u3164\\uFEFF\\uFFA0'
    || E'\\uFFF0-\\uFFFB\\U0001BCA0-\\U0001BCA3\\U0001D173-\\U0001D17A\\U000E0000-\\U000E0FFF';
comment on function api_keys_private.invisible_characters() is
  'Characters that nobody sees, for the brackets of a regular expression: soft hyphens, fillers, blanks of width zero, byte order marks, tags.';

create or replace function api_keys_private.has_control_characters(p_text text) returns boolean
  language sql immutable strict parallel safe
  return p_text ~ (
    E'[\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069'
    || api_keys_private.invisible_characters()
    -- Joiners and variation selectors are the business of letters and signs elsewhere, and nobody's behind Latin, or at the end.
    || E']|(^|[\\u0001-\\u024F])[\\u200C\\u200D\\uFE00-\\uFE0F]|[\\u200C\\u200D]$');
comment on function api_keys_private.has_control_characters(text) is
  'Whether a text has control characters, line breaks, marks that turn the direction of writing, or characters that nobody sees, by which '
  'two names look alike.';

create or replace function api_keys_private.edge_characters() returns text
  language sql immutable parallel safe
  return E'\\u0009-\\u000D\\u0020\\u0085\\u00A0\\u1680\\u2000-\\u200A\\u200C\\u200D\\u2028\\u2029\\u202F\\u205F\\u2800\\u3000'
    || api_keys_private.invisible_characters();
comment on function api_keys_private.edge_characters() is
  'What a text may begin or end with and nobody means, for the brackets of a regular expression: every blank, and what nobody sees.';

create or replace function api_keys_private.trimmed(p_text text) returns text
  language sql immutable strict parallel safe
  return regexp_replace(
    p_text, '^[' || api_keys_private.edge_characters() || ']+|[' || api_keys_private.edge_characters() || ']+$', '', 'g');
comment on function api_keys_private.trimmed(text) is 'A text without blanks, and without characters that nobody sees, at its ends.';

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
    raise exception '%: must not contain control characters or invisible ones', p_parameter using errcode = '22023';
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
