-- V17: which published designs were taken over: their functions are offered where they were, and in no other database.

create table if not exists api_keys_private.taken_over_designs (
  design text not null,
  taken_over_at timestamptz not null default now(),
  constraint taken_over_designs_pkey primary key (design),
  constraint taken_over_designs_design_check check (design in ('ksuid'))
);
comment on table api_keys_private.taken_over_designs is 'Designs of API keys that others published and that were here before Latchkey.';
comment on column api_keys_private.taken_over_designs.design is 'ksuid: the one with table public.api_keys, whose clients call its functions in schema public.';
comment on column api_keys_private.taken_over_designs.taken_over_at is 'When its keys were adopted first.';
alter table api_keys_private.taken_over_designs enable row level security;

-- By an earlier Latchkey.
insert into api_keys_private.taken_over_designs (design, taken_over_at)
select 'ksuid', min(e.occurred_at)
from audit.events as e
where e.type = 'keys.adopted'
having count(*) > 0
on conflict (design) do nothing;
