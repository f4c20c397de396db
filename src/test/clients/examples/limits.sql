-- psql -U keys_admin -v id=… -f limits.sql
select version from latchkey.keys where id = :'id' \gset
select allowed_cidrs, rate_limit
from latchkey.update_api_key(:'id', :version, '{"allowed_cidrs": ["203.0.113.0/24"], "rate_limit": 600}');
