//! Windows against an independent reading of the clock in many zones over two years; see window.py.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use warmline_workflows::window::{CallingWindow, ClockTime, Days, Status, Terms};

#[derive(Deserialize)]
struct Oracle {
    zones: BTreeMap<String, Vec<Row>>,
}

#[derive(Deserialize)]
struct Row(Date, ClockTime, ClockTime, Option<Timestamp>, Option<Timestamp>);

#[test]
fn windows_open_and_close_as_clocks_show() {
    let oracle: Oracle = serde_json::from_str(include_str!("window.json")).unwrap();
    let mut rows = 0;
    for (zone, row) in oracle.zones.iter().flat_map(|(zone, rows)| rows.iter().map(move |row| (zone, row))) {
        let Row(date, opens, closes, opens_at, closes_at) = *row;
        let terms = Terms {
            time_zone: zone.clone(),
            days: Days::from_iter([date.weekday()]),
            opens,
            closes,
            starts_on: Some(date),
            // Past midnight the next date has to be allowed.
            ends_on: Some(if opens < closes { date } else { date.tomorrow().unwrap() }),
        };
        let window = CallingWindow::new(terms).unwrap();
        let context = format!("{zone} {date} {opens}-{closes}");
        let earlier = Offset::UTC.to_timestamp(date.at(0, 0, 0, 0)).unwrap() - SignedDuration::from_hours(48);
        rows += 1;
        let (Some(opens_at), Some(closes_at)) = (opens_at, closes_at) else {
            // Lost to a clock change, and there is no other day to open on.
            assert_eq!(window.status(earlier), Status::NeverAgain, "{context}");
            continue;
        };
        let tick = SignedDuration::from_nanos(1);
        assert_eq!(window.status(earlier), Status::OpensAt(opens_at), "{context}, days before");
        assert_eq!(window.status(opens_at - tick), Status::OpensAt(opens_at), "{context}, just before");
        assert_eq!(window.status(opens_at), Status::Open { until: closes_at }, "{context}, at opening");
        assert_eq!(
            window.status(closes_at - tick),
            Status::Open { until: closes_at },
            "{context}, at the end"
        );
        assert_eq!(window.status(closes_at), Status::NeverAgain, "{context}, at closing");
    }
    assert!(rows > 1000, "only {rows} rows");
}
