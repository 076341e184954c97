-- Statistics by the hour of the day read one row for eight days: span_min 11520 counts the same quarter of each of
-- eight days, and starts_at is that quarter of the first of them. What was counted before has no such rows, and is
-- counted anew the next time.
delete from call_rollups;
delete from call_rollup_state;
