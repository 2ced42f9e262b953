-- The tables of the civil register (PostgreSQL). An entry is never changed: corrections are annotations.

create table district (
    code        char(3) primary key,
    name        text not null unique
);

create table entry (
    number      text primary key check (number ~ '^[BDM]-[A-Z]{3}-[0-9]{4}-[0-9]{5}$'),
    district    char(3) not null references district,
    registered  date not null,
    channel     text not null default 'counter' check (channel in ('counter', 'tablet', 'paper')),
    registrar   text not null,
    recorded_at timestamptz not null default now()
);

create table birth (
    number      text primary key references entry,
    born        date not null,
    given_name  text not null,
    family_name text not null,
    sex         char(1) not null check (sex in ('F', 'M')),
    place       text not null,
    mother      text not null,
    father      text
);

create table death (
    number      text primary key references entry,
    died        date not null,
    given_name  text not null,
    family_name text not null,
    sex         char(1) not null check (sex in ('F', 'M')),
    age         smallint not null check (age between 0 and 130),
    place       text not null,
    cause_icd10 text not null default 'R99',
    certified   text not null check (certified in ('medical', 'verbal autopsy'))
);

create table marriage (
    number      text primary key references entry,
    married     date not null,
    spouse_1    text not null,
    spouse_2    text not null,
    kind        text not null check (kind in ('civil', 'religious', 'customary')),
    celebrant   text not null
);

create table annotation (
    id          bigint generated always as identity primary key,
    number      text not null references entry,
    field       text not null,
    says        text not null,
    should_say  text not null,
    grounds     text not null,
    decided_by  text not null,
    decided_on  date not null
);

create index entry_by_district_and_date on entry (district, registered);
create index birth_by_name on birth (family_name, given_name);
create index death_by_name on death (family_name, given_name);
create index annotation_by_entry on annotation (number);
