-- Run at each start, before the gate opens: it and the operator may log in, and the usage log has its partitions.

alter role latchkey_gatekeeper login;
alter role latchkey_admin login;
select latchkey.maintain_usage_log();
