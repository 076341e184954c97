//! The seed's scenarios, through the real webhooks and the simulated carrier.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests may panic")]

mod support;

use std::collections::HashMap;

use support::{Rig, Spec, script};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_bridged_to_an_agent_within_fifteen_seconds() {
    let scripts = HashMap::from([(
        "+12125550111".to_owned(),
        script(r#"{"is":"human","answer_after_s":5,"greeting_s":1,"talk_s":30}"#),
    )]);
    let rig = Rig::start(Spec { factor: 10.0, scripts, ..Spec::default() }).await;
    rig.add_lead("+12125550111").await;
    rig.launch().await;
    rig.finished().await;
    assert_eq!(rig.outcomes().await["+12125550111"], ["answered"]);
    let calls = rig.simulator.ledger().calls();
    let lead = calls.iter().find(|call| call.order.to == "+12125550111").unwrap();
    let answered = lead.answered.unwrap();
    let bridged = lead.bridged.unwrap();
    let waited = bridged.at.duration_since(answered.at).as_secs_f64();
    assert!(waited < 15.0, "bridged {waited} s after the answer");
    rig.check().await;
}
