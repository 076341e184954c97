//! The other yardstick: pgbench, writing the rows of 32 steps in each transaction.
//!
//! It knows beforehand what to write, decides nothing and reads nothing: a bound, not a rival.

use std::path::{Path, PathBuf};
use std::process::Command;

use jiff_sqlx::ToSqlx;
use sqlx::postgres::PgConnectOptions;

use crate::Failure;
use crate::life::{Alarm, Turn};
use crate::world::World;

/// Steps in one transaction.
const BATCH: usize = 32;
/// Every client writes two batches of calls in turn.
const CALLS_PER_CLIENT: usize = 2 * BATCH;
/// The versions that its calls have are greater than those of all others.
pub(crate) const VERSION_MIN: i32 = 1_000_000;

/// pgbench with its script, and calls of its own to write.
pub(crate) struct Pgbench {
    program: PathBuf,
    libraries: Option<std::ffi::OsString>,
    script: PathBuf,
    variables: Vec<(&'static str, String)>,
    options: PgConnectOptions,
    runs: usize,
}

const SCRIPT: &str = "
\\set v :v + 1
\\set lo (:v % 2) * 32
begin;
update calls c
set version = :v, state = i.state, snapshot = i.snapshot, seen = i.seen, open = true, disposition = null,
    agent_id = null, answered_at = i.at, bridged_at = null, closed_at = null, talk_s = 0, cost_micros = 7500
from unnest(:states::text[], :snapshots::text[], :seens::bytea[], :ats::timestamptz[])
     with ordinality as i(state, snapshot, seen, at, n)
join bench_slots s on s.client = :client_id and s.n = :lo + i.n
where c.tenant_id = s.tenant_id and c.id = s.id and c.version < :v;
insert into journal (tenant_id, call_id, version, at, event, from_state, to_state, commands, ignored)
select s.tenant_id, s.id, :v, i.at, i.event::json, i.from_state, i.to_state, i.commands::json, i.ignored
from unnest(:ats::timestamptz[], :events::text[], :froms::text[], :states::text[], :commands::text[],
            :ignoreds::text[])
     with ordinality as i(at, event, from_state, to_state, commands, ignored, n)
join bench_slots s on s.client = :client_id and s.n = :lo + i.n;
insert into outbox (tenant_id, call_id, version, index, queue, kind, body, due_at)
select s.tenant_id, s.id, :v, i.index, i.queue, i.kind, i.body::json, now() + interval '5 seconds'
from unnest(:command_ns::int[], :command_indexes::smallint[], :command_queues::text[],
            :command_kinds::text[], :command_bodies::text[]) as i(n, index, queue, kind, body)
join bench_slots s on s.client = :client_id and s.n = :lo + i.n;
insert into events (tenant_id, kind, at, body)
select s.tenant_id, i.kind, now(), i.body::json
from unnest(:notice_ns::int[], :notice_kinds::text[], :notice_bodies::text[]) as i(n, kind, body)
join bench_slots s on s.client = :client_id and s.n = :lo + i.n;
delete from outbox d
using unnest(:command_ns::int[], :command_indexes::smallint[]) as i(n, index), bench_slots s
where s.client = :client_id and s.n = :lo + i.n
  and d.tenant_id = s.tenant_id and d.call_id = s.id and d.version = :v - 2 and d.index = i.index;
insert into alarms (tenant_id, call_id, due_at)
select s.tenant_id, s.id, now()
from unnest(:alarm_ns::int[]) as i(n)
join bench_slots s on s.client = :client_id and s.n = :lo + i.n
on conflict (tenant_id, call_id) do update set due_at = excluded.due_at;
update leads l
set status = 'in_call', attempts = 1, due_at = null, disposition = 'answered', waiting_for = null
from unnest(:lead_ns::int[]) as i(n)
join bench_slots s on s.client = :client_id and s.n = :lo + i.n
where l.tenant_id = s.tenant_id and l.id = s.lead_id;
commit;
";

impl Pgbench {
    /// Sets it up, with calls for so many clients; none when there is no pgbench.
    pub(crate) async fn prepare(world: &mut World, clients: usize) -> Result<Option<Self>, Failure> {
        let folder = std::env::var_os("WARMLINE_BENCH_PG_BIN").unwrap_or_default();
        let program = Path::new(&folder).join("pgbench");
        if folder.is_empty() || !program.is_file() {
            return Ok(None);
        }
        let lives = world.lives(clients * CALLS_PER_CLIENT).await?;
        sqlx::raw_sql(
            "create table bench_slots (client int, n int, tenant_id uuid, id uuid, lead_id uuid,
                                       primary key (client, n))",
        )
        .execute(&world.pool)
        .await?;
        sqlx::query(
            "insert into bench_slots
             select (number - 1) / $1, (number - 1) % $1 + 1, tenant_id, id, lead_id
             from (select row_number() over (order by id) as number, * from calls where open) as o",
        )
        .bind(i64::try_from(CALLS_PER_CLIENT)?)
        .execute(&world.pool)
        .await?;
        sqlx::query("update calls set version = $1 where open")
            .bind(VERSION_MIN)
            .execute(&world.pool)
            .await?;
        let script = std::env::temp_dir().join(format!("warmline-bench-{}.sql", std::process::id()));
        std::fs::write(&script, SCRIPT)?;
        let turns: Vec<&Turn> = lives.iter().take(16).flatten().collect();
        let sample: Vec<&Turn> = (0..BATCH).map(|index| turns[index * turns.len() / BATCH]).collect();
        Ok(Some(Self {
            program,
            libraries: std::env::var_os("WARMLINE_BENCH_PG_LIBRARIES"),
            script,
            variables: variables(&sample),
            options: world.options.clone(),
            runs: 0,
        }))
    }

    /// Steps per second with so many clients, over one second.
    pub(crate) fn run(&mut self, clients: usize) -> Result<f64, Failure> {
        self.runs += 1;
        let mut command = Command::new(&self.program);
        command.args(["--no-vacuum", "--protocol=prepared", "--time=1", "--jobs=1"]);
        command.arg(format!("--client={clients}")).arg("--file").arg(&self.script);
        command.arg(format!("--define=v={}", VERSION_MIN as usize * self.runs));
        for (name, value) in &self.variables {
            command.arg(format!("--define={name}={value}"));
        }
        let socket = self.options.get_socket().map(|socket| socket.as_os_str().to_owned());
        command.arg("--host").arg(socket.unwrap_or_else(|| self.options.get_host().into()));
        command.arg(format!("--port={}", self.options.get_port()));
        command.arg(format!("--username={}", self.options.get_username()));
        command.arg(self.options.get_database().unwrap_or_default());
        if let Some(libraries) = &self.libraries {
            command.env("LD_LIBRARY_PATH", libraries);
        }
        // What the engine asks of the planner for its own statement.
        command.env("PGOPTIONS", "-c plan_cache_mode=force_generic_plan -c enable_hashjoin=off -c enable_mergejoin=off -c enable_seqscan=off");
        let output = command.output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let tps =
            text.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse::<f64>().ok());
        match tps {
            Some(tps) if output.status.success() => Ok(tps * BATCH as f64),
            _ => Err(format!("pgbench: {}{text}", String::from_utf8_lossy(&output.stderr)).into()),
        }
    }
}

impl Drop for Pgbench {
    fn drop(&mut self) {
        let _gone = std::fs::remove_file(&self.script);
    }
}

/// The columns of a batch, as array literals. Calls are numbered from 1 within the batch.
fn variables(turns: &[&Turn]) -> Vec<(&'static str, String)> {
    let rows: Vec<_> = turns.iter().map(|turn| &turn.rows).collect();
    let lines: Vec<_> = rows.iter().filter_map(|rows| rows.journal.last()).collect();
    let commands: Vec<_> = (1..)
        .zip(&rows)
        .flat_map(|(n, rows)| rows.commands.iter().map(move |command| (n, command)))
        .collect();
    let notices: Vec<_> =
        (1..).zip(&rows).flat_map(|(n, rows)| rows.notices.iter().map(move |notice| (n, notice))).collect();
    let numbered = |wanted: fn(&Turn) -> bool| {
        array((1..).zip(turns).filter(move |(_, turn)| wanted(turn)).map(|(n, _)| Some(n.to_string())))
    };
    vec![
        ("states", array(rows.iter().map(|rows| Some(rows.state.to_owned())))),
        ("snapshots", array(rows.iter().map(|rows| Some(rows.snapshot.clone())))),
        (
            "seens",
            array(rows.iter().map(|rows| Some(format!("\\x{}", "00".repeat(8 * rows.version as usize))))),
        ),
        ("ats", array(lines.iter().map(|line| Some(line.at.to_sqlx().to_jiff().to_string())))),
        ("events", array(lines.iter().map(|line| Some(line.event.clone())))),
        ("froms", array(lines.iter().map(|line| Some(line.from.to_owned())))),
        ("commands", array(lines.iter().map(|line| line.commands.clone()))),
        ("ignoreds", array(lines.iter().map(|line| line.ignored.clone()))),
        ("command_ns", array(commands.iter().map(|(n, _): &(i32, _)| Some(n.to_string())))),
        ("command_indexes", array(commands.iter().map(|(_, command)| Some(command.index.to_string())))),
        ("command_queues", array(commands.iter().map(|(_, command)| Some(command.queue.to_owned())))),
        ("command_kinds", array(commands.iter().map(|(_, command)| Some(command.kind.to_owned())))),
        ("command_bodies", array(commands.iter().map(|(_, command)| Some(command.body.clone())))),
        ("notice_ns", array(notices.iter().map(|(n, _): &(i32, _)| Some(n.to_string())))),
        ("notice_kinds", array(notices.iter().map(|(_, (kind, ..))| Some((*kind).to_owned())))),
        ("notice_bodies", array(notices.iter().map(|(_, (_, _, body))| Some(body.clone())))),
        ("alarm_ns", numbered(|turn| !matches!(turn.rows.alarm, Alarm::Keep))),
        ("lead_ns", numbered(|turn| turn.rows.lead.is_some())),
    ]
}

/// An array as Postgres reads it.
fn array(items: impl Iterator<Item = Option<String>>) -> String {
    let items: Vec<String> = items
        .map(|item| match item {
            Some(text) => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
            None => "null".to_owned(),
        })
        .collect();
    format!("{{{}}}", items.join(","))
}
