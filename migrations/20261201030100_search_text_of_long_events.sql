-- run as owner
-- The text for searches of the long events that were there before 20261201030000_events_of_a_size_as_text.sql. Each event is looked
-- at once, some seconds for a million of them; readers and writers go on meanwhile.
UPDATE public.system_events
SET atalaya_search_text = coalesce(message::varchar(32768), '') || E'\n' || coalesce(payload::text::varchar(32768), '')
WHERE atalaya_search_text IS NULL AND (octet_length(message) > 32768 OR octet_length(payload::text) > 32768);
