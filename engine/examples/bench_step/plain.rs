//! The plain loop: one transaction per step, one statement per row.

use std::time::Instant;

use jiff_sqlx::ToSqlx;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};
use uuid::Uuid;
use warmline_workflows::{CallId, TenantId};

use crate::Failure;
use crate::life::{Alarm, Input, Rows, Turn};
use crate::measure::{Lanes, Measured};

/// Leads every lane's calls through their lives, one connection per lane.
pub(crate) async fn run(options: &PgConnectOptions, lanes: Lanes) -> Result<Measured, Failure> {
    let mut connected = Vec::new();
    for lane in lanes.0 {
        connected.push((PgConnection::connect_with(options).await?, lane));
    }
    let start = Instant::now();
    let tasks: Vec<_> =
        connected.into_iter().map(|(connection, lane)| tokio::spawn(lead(connection, lane))).collect();
    let mut latencies = Vec::new();
    for task in tasks {
        latencies.extend(task.await??);
    }
    Ok(Measured::new(latencies, start.elapsed()))
}

async fn lead(mut connection: PgConnection, lives: Vec<Vec<Turn>>) -> Result<Vec<u32>, Failure> {
    let mut latencies = Vec::new();
    for life in lives {
        let Some((tenant, call)) = life.iter().find_map(|turn| match &turn.input {
            Input::Event(step) => Some((step.tenant, step.call)),
            Input::Tick(_) => None,
        }) else {
            continue;
        };
        for turn in &life {
            let start = Instant::now();
            write(&mut connection, (tenant, call), &turn.rows).await?;
            latencies.push(u32::try_from(start.elapsed().as_micros())?);
        }
    }
    connection.close().await?;
    Ok(latencies)
}

async fn write(
    connection: &mut PgConnection,
    (tenant, call): (TenantId, CallId),
    rows: &Rows,
) -> Result<(), Failure> {
    let mut transaction = connection.begin().await?;
    let (_version, _snapshot, mut seen): (i32, String, Vec<u8>) = sqlx::query_as(
        "select version, snapshot, seen from calls where tenant_id = $1 and id = $2 for update",
    )
    .bind(tenant.0)
    .bind(call.0)
    .fetch_one(&mut *transaction)
    .await?;
    seen.extend_from_slice(&[0; 8]);
    sqlx::query(
        "update calls
         set version = $3, state = $4, snapshot = $5, seen = $6, open = $7 is null, disposition = $7,
             agent_id = $8, answered_at = $9, bridged_at = $10, closed_at = $11, talk_s = $12, cost_micros = $13
         where tenant_id = $1 and id = $2",
    )
    .bind(tenant.0)
    .bind(call.0)
    .bind(rows.version)
    .bind(rows.state)
    .bind(&rows.snapshot)
    .bind(seen)
    .bind(rows.disposition)
    .bind(rows.agent)
    .bind(rows.answered_at.map(ToSqlx::to_sqlx))
    .bind(rows.bridged_at.map(ToSqlx::to_sqlx))
    .bind(rows.closed_at.map(ToSqlx::to_sqlx))
    .bind(rows.talk_s)
    .bind(rows.cost_micros)
    .execute(&mut *transaction)
    .await?;
    write_beside(&mut transaction, (tenant.0, call.0), rows).await?;
    transaction.commit().await?;
    Ok(())
}

async fn write_beside(
    connection: &mut PgConnection,
    (tenant, call): (Uuid, Uuid),
    rows: &Rows,
) -> Result<(), Failure> {
    for line in &rows.journal {
        sqlx::query(
            "insert into journal (tenant_id, call_id, version, at, event, from_state, to_state, commands, ignored)
             values ($1, $2, $3, $4, $5::json, $6, $7, $8::json, $9)",
        )
        .bind(tenant)
        .bind(call)
        .bind(line.version)
        .bind(line.at.to_sqlx())
        .bind(&line.event)
        .bind(line.from)
        .bind(line.to)
        .bind(line.commands.as_deref())
        .bind(line.ignored.as_deref())
        .execute(&mut *connection)
        .await?;
    }
    for command in &rows.commands {
        sqlx::query(
            "insert into outbox (tenant_id, call_id, version, index, queue, kind, body, due_at)
             values ($1, $2, $3, $4, $5, $6, $7::json, now() + interval '5 seconds')",
        )
        .bind(tenant)
        .bind(call)
        .bind(command.version)
        .bind(command.index)
        .bind(command.queue)
        .bind(command.kind)
        .bind(&command.body)
        .execute(&mut *connection)
        .await?;
    }
    for (version, index) in &rows.settled {
        sqlx::query(
            "delete from outbox where tenant_id = $1 and call_id = $2 and version = $3 and index = $4",
        )
        .bind(tenant)
        .bind(call)
        .bind(version)
        .bind(index)
        .execute(&mut *connection)
        .await?;
    }
    for (kind, at, body) in &rows.notices {
        sqlx::query("insert into events (tenant_id, kind, at, body) values ($1, $2, $3, $4::json)")
            .bind(tenant)
            .bind(kind)
            .bind(at.to_sqlx())
            .bind(body)
            .execute(&mut *connection)
            .await?;
    }
    match rows.alarm {
        Alarm::Keep => {}
        Alarm::Set(at) => {
            sqlx::query(
                "insert into alarms (tenant_id, call_id, due_at) values ($1, $2, $3)
                 on conflict (tenant_id, call_id) do update set due_at = excluded.due_at",
            )
            .bind(tenant)
            .bind(call)
            .bind(at.to_sqlx())
            .execute(&mut *connection)
            .await?;
        }
        Alarm::Clear => {
            sqlx::query("delete from alarms where tenant_id = $1 and call_id = $2")
                .bind(tenant)
                .bind(call)
                .execute(&mut *connection)
                .await?;
        }
    }
    if let Some(lead) = &rows.lead {
        sqlx::query(
            "update leads set status = $3, attempts = $4, due_at = $5, disposition = $6, waiting_for = null
             where tenant_id = $1 and id = $2",
        )
        .bind(tenant)
        .bind(lead.id)
        .bind(lead.status)
        .bind(lead.attempts)
        .bind(lead.due_at.map(ToSqlx::to_sqlx))
        .bind(lead.disposition)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
