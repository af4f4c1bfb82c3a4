-- Adoption only. Runs as atalaya_owner after 20261121122700_log_policies.sql, in its transaction: the adopted partition is filled
-- already, so it is closed like the others. In a fresh workspace backfill_adopted_events does that.
SELECT atalaya.protect_partition('public.system_events_adopted');
