-- run as owner
-- What searches look through of an event that is long: the beginnings of its message and payload, as they are in the index of texts
-- (20261130220000_text_index_of_beginnings.sql). Of a short one it is made each time. To make text of a payload of eight megabytes,
-- and cut it, takes a tenth of a second, deaf to limits and cancellations: some twenty of them kept every search from the rest of
-- the log. NULL where message and payload are short. What is in it is in the event; it is no part of what the event says.
ALTER TABLE public.system_events ADD COLUMN atalaya_search_text TEXT;
GRANT SELECT (atalaya_search_text) ON public.system_events TO atalaya_gate;
