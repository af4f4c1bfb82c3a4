-- run as owner
-- A door that hardly anybody used is found as quickly as a frequent one: without an index the whole log is walked for it.
-- A partition that is being adopted has been given the same while its CRM worked (steps/index_events.sql): it is attached, not
-- built. Where one was adopted before, it is built now, and writers wait for it: some seconds for each million events.
CREATE INDEX system_events_origin_idx ON public.system_events (origin, occurred_at, id);
