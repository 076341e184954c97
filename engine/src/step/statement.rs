//! The text of the one statement that writes a batch, put together of what the batch has rows for.
//!
//! Postgres sets up every part of a statement whenever it runs, whether or not there are rows for it, and most steps
//! need few: a step alone takes half the time without the others. The macro that compares statements with the
//! database takes literals only, so these are compared by the contract tests, which run them all.
//!
//! `(… in (select id from fenced)) is true` makes Postgres look calls up in a hash table; as a join with `fenced` the
//! same would be a loop over all pairs.

use std::sync::OnceLock;

/// What a batch may have rows for besides calls and their journals. Values are bound in the order of their parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Commands given.
    Commanded,
    /// Commands done.
    Settled,
    /// Alarms set.
    Alarmed,
    /// Alarms cleared.
    Cleared,
    /// Leads of calls that closed.
    Closed,
    /// Notices for the feed.
    Told,
    /// What the carrier is asked of calls that closed.
    Inquired,
}

impl Part {
    /// All, in their order.
    const ALL: [Self; 7] = [
        Self::Commanded,
        Self::Settled,
        Self::Alarmed,
        Self::Cleared,
        Self::Closed,
        Self::Told,
        Self::Inquired,
    ];

    const fn bit(self) -> usize {
        1 << self as usize
    }

    const fn text(self) -> &'static str {
        match self {
            Self::Commanded => COMMANDED,
            Self::Settled => SETTLED,
            Self::Alarmed => ALARMED,
            Self::Cleared => CLEARED,
            Self::Closed => CLOSED,
            Self::Told => TOLD,
            Self::Inquired => INQUIRED,
        }
    }
}

/// Which parts a statement has.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Parts(usize);

impl Parts {
    /// Has the part if the batch has rows for it.
    pub(super) const fn with(self, part: Part, has_rows: bool) -> Self {
        if has_rows { Self(self.0 | part.bit()) } else { self }
    }

    /// Whether it has the part.
    pub(super) const fn has(self, part: Part) -> bool {
        self.0 & part.bit() != 0
    }

    /// The text: one and the same for the same parts, so that each is planned once per connection.
    pub(super) fn text(self) -> &'static str {
        static TEXTS: [OnceLock<String>; 1 << Part::ALL.len()] =
            [const { OnceLock::new() }; 1 << Part::ALL.len()];
        TEXTS[self.0].get_or_init(|| {
            let parts = Part::ALL.into_iter().filter(|part| self.has(*part)).map(Part::text);
            let texts: Vec<&str> = [FENCED, JOURNALED].into_iter().chain(parts).collect();
            numbered(&format!("with {}\nselect id from fenced", texts.join(",\n")))
        })
    }
}

/// Gives every `$?` its number.
fn numbered(text: &str) -> String {
    let mut pieces = text.split("$?");
    let mut numbered = pieces.next().unwrap_or_default().to_owned();
    for (number, piece) in (1..).zip(pieces) {
        numbered.push_str(&format!("${number}{piece}"));
    }
    numbered
}

const FENCED: &str = "fenced as (
    update calls c
    set version = i.version, state = i.state, snapshot = i.snapshot, seen = i.seen,
        open = i.disposition is null, disposition = i.disposition, agent_id = i.agent_id,
        answered_at = i.answered_at, bridged_at = i.bridged_at, closed_at = i.closed_at,
        -- What was estimated when it closed stays the estimate.
        talk_s = i.talk_s, cost_micros = case when c.open then i.cost_micros else c.cost_micros end
    from (select unnest($?::uuid[]) as tenant_id, unnest($?::uuid[]) as id, unnest($?::int[]) as expected,
                unnest($?::int[]) as version, unnest($?::text[]) as state, unnest($?::text[]) as snapshot,
                unnest($?::bytea[]) as seen, unnest($?::text[]) as disposition, unnest($?::uuid[]) as agent_id,
                unnest($?::timestamptz[]) as answered_at, unnest($?::timestamptz[]) as bridged_at,
                unnest($?::timestamptz[]) as closed_at, unnest($?::int[]) as talk_s,
                unnest($?::bigint[]) as cost_micros) as i
    where c.tenant_id = i.tenant_id and c.id = i.id and c.version = i.expected
    returning c.id
)";

const JOURNALED: &str = "journaled as (
    insert into journal (tenant_id, call_id, version, at, event, from_state, to_state, commands, ignored)
    select i.tenant_id, i.id, i.version, i.at, i.event::json, i.from_state, i.to_state, i.commands::json, i.ignored
    from (select unnest($?::uuid[]) as tenant_id, unnest($?::uuid[]) as id, unnest($?::int[]) as version,
                unnest($?::timestamptz[]) as at, unnest($?::text[]) as event, unnest($?::text[]) as from_state,
                unnest($?::text[]) as to_state, unnest($?::text[]) as commands, unnest($?::text[]) as ignored) as i
    where (i.id in (select id from fenced)) is true
)";

const COMMANDED: &str = "commanded as (
    insert into outbox (tenant_id, call_id, version, index, queue, kind, body, due_at)
    select i.tenant_id, i.id, i.version, i.index, i.queue, i.kind, i.body::json, now() + interval '5 seconds'
    from (select unnest($?::uuid[]) as tenant_id, unnest($?::uuid[]) as id, unnest($?::int[]) as version,
                unnest($?::smallint[]) as index, unnest($?::text[]) as queue, unnest($?::text[]) as kind,
                unnest($?::text[]) as body) as i
    where (i.id in (select id from fenced)) is true
)";

const SETTLED: &str = "settled as (
    delete from outbox d
    using (select unnest($?::uuid[]) as tenant_id, unnest($?::uuid[]) as id, unnest($?::int[]) as version,
                unnest($?::smallint[]) as index) as i
    where d.tenant_id = i.tenant_id and d.call_id = i.id and d.version = i.version and d.index = i.index
      and (i.id in (select id from fenced)) is true
)";

const ALARMED: &str = "alarmed as (
    insert into alarms (tenant_id, call_id, due_at)
    select i.tenant_id, i.id, i.due_at
    from (select unnest($?::uuid[]) as tenant_id, unnest($?::uuid[]) as id, unnest($?::timestamptz[]) as due_at) as i
    where (i.id in (select id from fenced)) is true
    on conflict (tenant_id, call_id) do update set due_at = excluded.due_at
)";

const CLEARED: &str = "cleared as (
    delete from alarms d
    using (select unnest($?::uuid[]) as tenant_id, unnest($?::uuid[]) as id) as i
    where d.tenant_id = i.tenant_id and d.call_id = i.id and (i.id in (select id from fenced)) is true
)";

const CLOSED: &str = "closed as (
    update leads l
    set status = i.status, attempts = i.attempts, due_at = i.due_at, disposition = i.disposition,
        waiting_for = i.waiting_for
    from (select unnest($?::uuid[]) as tenant_id, unnest($?::uuid[]) as id, unnest($?::uuid[]) as lead_id,
                unnest($?::text[]) as status, unnest($?::smallint[]) as attempts,
                unnest($?::timestamptz[]) as due_at, unnest($?::text[]) as disposition,
                unnest($?::text[]) as waiting_for) as i
    where l.tenant_id = i.tenant_id and l.id = i.lead_id and (i.id in (select id from fenced)) is true
)";

const TOLD: &str = "told as (
    insert into events (tenant_id, kind, at, body)
    select i.tenant_id, i.kind, i.at, i.body::json
    from (select unnest($?::uuid[]) as tenant_id, unnest($?::uuid[]) as id, unnest($?::text[]) as kind,
                unnest($?::timestamptz[]) as at, unnest($?::text[]) as body) as i
    where (i.id in (select id from fenced)) is true
)";

const INQUIRED: &str = "inquired as (
    insert into inquiries (tenant_id, call_id, about, carrier_id, opened_at, closed_at, due_at)
    select i.tenant_id, i.id, i.about, i.carrier_id, i.opened_at, i.closed_at, i.due_at
    from (select unnest($?::uuid[]) as tenant_id, unnest($?::uuid[]) as id, unnest($?::text[]) as about,
                unnest($?::uuid[]) as carrier_id, unnest($?::timestamptz[]) as opened_at,
                unnest($?::timestamptz[]) as closed_at, unnest($?::timestamptz[]) as due_at) as i
    where (i.id in (select id from fenced)) is true
      and not (i.about = 'recording' and exists (select 1 from recordings r
                                                 where r.tenant_id = i.tenant_id and r.call_id = i.id))
)";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_numbered_through_the_parts_there_are() {
        let none = Parts::default().text();
        assert!(
            none.ends_with("select id from fenced") && none.contains("$23::text[]") && !none.contains("$24")
        );
        let some = Parts::default().with(Part::Told, true).with(Part::Closed, false).text();
        assert!(some.contains("$28::text[]") && !some.contains("$29") && !some.contains("update leads"));
        let all = Part::ALL.into_iter().fold(Parts::default(), |parts, part| parts.with(part, true)).text();
        assert!(all.contains("$59::timestamptz[]") && !all.contains("$60") && !all.contains("$?"));
    }
}
