//! The table at the end of a demo: lead by lead, what became of it.

use warmline_engine::views::LeadLine;

use super::screen::say;

/// Prints the table and the sums under it.
pub(super) fn print(lines: &[LeadLine]) {
    say("");
    say(&row(["lead", "number", "status", "tries", "results", "agent", "talk", "cost"]));
    say(&"-".repeat(118));
    for line in lines {
        let results =
            if line.dispositions.is_empty() { "-".to_owned() } else { line.dispositions.join(", ") };
        say(&row([
            &line.name,
            &line.phone,
            &line.status,
            &line.attempts.to_string(),
            &results,
            line.agent.as_deref().unwrap_or("-"),
            &minutes(line.talk_s),
            &dollars(line.cost_micros),
        ]));
    }
    let talk_s: i64 = lines.iter().map(|line| line.talk_s).sum();
    let cost: i64 = lines.iter().map(|line| line.cost_micros).sum();
    let calls: usize = lines.iter().map(|line| line.dispositions.len()).sum();
    say(&"-".repeat(118));
    say(&format!(
        "{} leads, {calls} calls, {} talked, {} estimated at list prices",
        lines.len(),
        minutes(talk_s),
        dollars(cost)
    ));
}

fn row(cells: [&str; 8]) -> String {
    let [lead, number, status, tries, results, agent, talk, cost] = cells;
    format!("{lead:<20} {number:<15} {status:<12} {tries:>5}  {results:<34} {agent:<12} {talk:>6} {cost:>8}")
}

fn minutes(seconds: i64) -> String {
    if seconds == 0 { "-".to_owned() } else { format!("{}:{:02}", seconds / 60, seconds % 60) }
}

/// Micros of a dollar, rounded to a tenth of a cent.
fn dollars(micros: i64) -> String {
    if micros == 0 {
        "-".to_owned()
    } else {
        format!("${}.{:03}", micros / 1_000_000, micros % 1_000_000 / 1_000)
    }
}
