-- Statistics of years are read from rows that stand for 32 days, span_min 46080. Those by the hour of the day are read
-- from rows that stand for eight: span_min 11520 counts the same quarter of each of eight days, and starts_at is that
-- quarter of the first of them. What was counted before has no such rows, and is counted anew the next time.
delete from call_rollups;
delete from call_rollup_state;
