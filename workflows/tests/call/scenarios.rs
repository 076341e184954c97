//! Stories: what happens to a call, and what it makes of it.

use jiff::SignedDuration;
use warmline_workflows::Disposition;

use crate::promises::{ends_in_silence, ends_with_its_legs};
use crate::script::play;
use crate::stage::{agent, opened_at};

/// Plays a story and compares the trace, blanks aside. However the story leaves the call, it ends.
#[track_caller]
fn check(script: &str, expected: &str) {
    let (stage, trace) = play(script);
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let actual = trace.to_string();
    assert!(
        words(&actual) == words(expected),
        "\n{script}\nexpected: {}\n but was: {actual}\n",
        words(expected)
    );
    ends_with_its_legs(stage.clone());
    ends_in_silence(stage);
}

#[test]
fn a_person_is_connected_with_an_agent() {
    check(
        "placed; initiated; ringing; answered; lead asks; amd human; lead asks; joined; agent reserved; \
         agent placed; agent ringing; agent answered; agent asks; agent accepts; agent asks; \
         agent joined; +30s; hangs up; conference over; agent asks; agent left; agent hangs up; \
         recording; wrap up",
        "> dialing (late) > amd {lead: Wait} > conference [seek agent, redirect lead] \
         {lead: JoinConference} > agent_whisper agent-1 A [dial A as agent-1, A ringing] [A whisper] \
         {agent-1: Whisper} > bridged agent-1 A [A on_call] {agent-1: JoinConference} \
         > closing as answered, A writes up [hang up agent-1] {agent-1: LeadGone} [A wrap_up] \
         [fetch recording] > ANSWERED [free A: wrapped_up]",
    );
    // Nobody knows whether it is a person: an agent on the line beats a dropped person.
    check(
        "placed; ringing; answered; amd unknown; agent reserved; agent answered; agent accepts",
        "> dialing > amd > conference [seek agent, redirect lead] > agent_whisper agent-1 A \
         [dial A as agent-1, A ringing] [A whisper] > bridged agent-1 A [A on_call]",
    );
    // Detection never said a word.
    check(
        "placed; ringing; answered; +35s; lead asks",
        "> dialing > amd > conference [seek agent, redirect lead] {lead: JoinConference}",
    );
    // Without detection the lead's own request for instructions is under way.
    check(
        "given no amd; placed; ringing; answered; lead asks; agent reserved; agent answered; \
         agent accepts",
        "> dialing > conference [seek agent] {lead: JoinConference} > agent_whisper agent-1 A \
         [dial A as agent-1, A ringing] [A whisper] > bridged agent-1 A [A on_call]",
    );
}

#[test]
fn an_agent_accepts_in_the_console() {
    // While the phone is at the agent's ear: the leg has to be told.
    check(
        "from whisper; agent asks; agent takes; agent asks",
        "{agent-1: Whisper} > bridged agent-1 A [redirect agent-1, A on_call] {agent-1: JoinConference}",
    );
    // While it still rings: whoever picks it up hears no whisper. Twice is once.
    check(
        "from waiting; agent reserved; agent placed; agent ringing; agent takes; agent takes; agent answered; agent asks",
        "> agent_whisper agent-1 A [dial A as agent-1, A ringing] > bridged agent-1 A [A on_call] \
         {agent-1: JoinConference}",
    );
    // And then never picks it up.
    check(
        "from waiting; agent reserved; agent ringing; agent takes; agent no answer; agent reserved; agent-2 answered; \
         agent-1 takes; agent-2 accepts",
        "> agent_whisper agent-1 A [dial A as agent-1, A ringing] > conference [seek agent other than A, free A: missed] \
         > agent_whisper agent-2 B [dial B as agent-2, B ringing] [B whisper] (not_expected) > bridged agent-2 B [B on_call]",
    );
    check("from bridged; agent takes", "(not_expected)");
}

#[test]
fn a_conversation_is_written_up() {
    // By the agent, with the agent's own result.
    check(
        "from bridged; hangs up; agent hangs up; wrap up do not call",
        "> closing as answered, A writes up [hang up agent-1] [A wrap_up] > DO_NOT_CALL \
         [free A: wrapped_up]",
    );
    // By the clock.
    check(
        "from bridged; hangs up; agent hangs up; +30s",
        "> closing as answered, A writes up [hang up agent-1] [A wrap_up] > ANSWERED [free A: wrapped_up]",
    );
    // The agent may hang up first.
    check(
        "from bridged; agent hangs up; lead asks; hangs up; wrap up",
        "> closing as answered, A writes up [hang up lead, A wrap_up] {lead: HangUp} > ANSWERED \
         [free A: wrapped_up]",
    );
    // And may write up faster than the carrier tells that the leg is over.
    check(
        "from bridged; hangs up; wrap up; wrap up busy; agent hangs up",
        "> closing as answered, A writes up [hang up agent-1] > closing as answered (not_expected) \
         > ANSWERED [free A: wrapped_up]",
    );
    // Not at all, where the campaign leaves no time for it.
    check(
        "given wrap-up 0s; from bridged; hangs up; agent hangs up",
        "> closing as answered [hang up agent-1] > ANSWERED [free A: wrapped_up]",
    );
    check(
        "given wrap-up 0s; from bridged; agent hangs up; hangs up",
        "> closing as answered [hang up lead, free A: wrapped_up] > ANSWERED",
    );
    // A supervisor may end the conversation.
    check(
        "from bridged; hang up operator; hangs up; agent hangs up; wrap up",
        "> closing as answered, A writes up [hang up lead, hang up agent-1] [A wrap_up] > ANSWERED \
         [free A: wrapped_up]",
    );
}

#[test]
fn a_lead_is_put_on_hold_and_an_agent_muted() {
    check(
        "from bridged; hold; mute; take back; unmute",
        "[adjust sound of lead] [adjust sound of agent-1] [adjust sound of lead] [adjust sound of agent-1]",
    );
    // Said twice, it is so already; and only to a conversation.
    check("from bridged; hold; hold", "[adjust sound of lead] (not_expected)");
    check("from whisper; hold; mute", "(not_expected) (not_expected)");
    // Whoever hangs up from hold has hung up.
    check(
        "from bridged; hold; hangs up; agent hangs up; wrap up",
        "[adjust sound of lead] > closing as answered, A writes up [hang up agent-1] [A wrap_up] > ANSWERED \
         [free A: wrapped_up]",
    );
}

#[test]
fn the_next_agent_is_called_when_one_does_not_accept() {
    // Another key.
    check(
        "from whisper; agent declines; agent asks; agent hangs up; agent reserved; agent answered; \
         agent accepts",
        "> conference [hang up agent-1, seek agent other than A] {agent-1: HangUp} [free A: declined] \
         > agent_whisper agent-2 B [dial B as agent-2, B ringing] [B whisper] > bridged agent-2 B \
         [B on_call]",
    );
    // No key: whatever picked up, the agent is not there.
    check(
        "from whisper; agent silent; agent hangs up; agent reserved",
        "> conference [hang up agent-1, seek agent other than A] [free A: missed] \
         > agent_whisper agent-2 B [dial B as agent-2, B ringing]",
    );
    // The agent hangs up.
    check(
        "from waiting; agent reserved; agent ringing; agent answered; agent hangs up; agent reserved",
        "> agent_whisper agent-1 A [dial A as agent-1, A ringing] [A whisper] > conference \
         [seek agent other than A, free A: declined] > agent_whisper agent-2 B \
         [dial B as agent-2, B ringing]",
    );
    check(
        "from waiting; agent reserved; agent ringing; agent no answer; agent reserved",
        "> agent_whisper agent-1 A [dial A as agent-1, A ringing] > conference \
         [seek agent other than A, free A: missed] > agent_whisper agent-2 B \
         [dial B as agent-2, B ringing]",
    );
    check(
        "from waiting; agent reserved; agent ringing; agent busy; agent reserved",
        "> agent_whisper agent-1 A [dial A as agent-1, A ringing] > conference \
         [seek agent other than A, free A: missed] > agent_whisper agent-2 B \
         [dial B as agent-2, B ringing]",
    );
    check(
        "from waiting; agent reserved; agent refused number; agent reserved",
        "> agent_whisper agent-1 A [dial A as agent-1, A ringing] > conference \
         [seek agent other than A, free A: not_needed] > agent_whisper agent-2 B \
         [dial B as agent-2, B ringing]",
    );
    check(
        "from waiting; agent reserved; agent in doubt; agent unconfirmed; agent reserved",
        "> agent_whisper agent-1 A [dial A as agent-1, A ringing] > conference \
         [seek agent other than A, free A: not_needed] > agent_whisper agent-2 B \
         [dial B as agent-2, B ringing]",
    );
    // The word of what became of the leg was lost.
    check(
        "from waiting; agent reserved; agent ringing; +50s; agent no answer",
        "> agent_whisper agent-1 A [dial A as agent-1, A ringing] > conference \
         [check agent-1, hang up agent-1, seek agent other than A] [free A: missed]",
    );
    check(
        "from waiting; agent reserved; agent ringing; agent answered; +50s; agent hangs up",
        "> agent_whisper agent-1 A [dial A as agent-1, A ringing] [A whisper] > conference \
         [check agent-1, hang up agent-1, seek agent other than A] [free A: missed]",
    );
    check(
        "from waiting; agent reserved; +50s; agent unconfirmed",
        "> agent_whisper agent-1 A [dial A as agent-1, A ringing] > conference \
         [look for agent-1, seek agent other than A] [free A: not_needed]",
    );
}

#[test]
fn a_person_waits_for_an_agent_only_so_long() {
    // The search goes on every two seconds, and one more agent is found in time.
    check(
        "from waiting; nobody free; +2s; nobody free; +2s; agent reserved",
        "[seek agent] [seek agent] > agent_whisper agent-1 A [dial A as agent-1, A ringing]",
    );
    // Nobody in time: the lead hears the apology, and hangs up or is hung up.
    check(
        "given patience 10s; from waiting; nobody free; +2s; +8s; lead asks; nobody free; hangs up",
        "[seek agent] > closing as abandoned [redirect lead] {lead: Apologise} (not_expected) > ABANDONED",
    );
    check(
        "given patience 10s; from waiting; +30s; hangs up",
        "> closing as abandoned [redirect lead] [hang up lead, check lead] > ABANDONED",
    );
    // The agent is being called, or listens: too late.
    check(
        "given patience 10s; from waiting; agent reserved; agent ringing; +10s; lead asks; agent asks; \
         agent accepts; hangs up; agent canceled",
        "> agent_whisper agent-1 A [dial A as agent-1, A ringing] > closing as abandoned \
         [hang up agent-1, redirect lead] {lead: Apologise} {agent-1: LeadGone} (not_expected) \
         > ABANDONED [free A: not_needed]",
    );
    check(
        "given patience 10s; from waiting; agent reserved; +10s; hangs up; agent placed; agent canceled",
        "> agent_whisper agent-1 A [dial A as agent-1, A ringing] > closing as abandoned [redirect lead] \
         [hang up agent-1] > ABANDONED [free A: not_needed]",
    );
    // Found too late.
    check(
        "given patience 10s; from waiting; +10s; agent reserved; hangs up",
        "> closing as abandoned [redirect lead] [free A: not_needed] (not_expected) > ABANDONED",
    );
}

#[test]
fn a_machine_gets_the_message() {
    check(
        "placed; ringing; answered; amd machine; lead asks; hangs up",
        "> dialing > amd > voicemail [redirect lead] {lead: LeaveMessage} > VOICEMAIL",
    );
    // A message that takes too long is looked after.
    check(
        "placed; ringing; answered; amd machine; +3m; hangs up",
        "> dialing > amd > voicemail [redirect lead] [check lead] > VOICEMAIL",
    );
    check(
        "given hang up on machines; placed; ringing; answered; amd machine; lead asks; hangs up",
        "> dialing > amd > closing as voicemail [hang up lead] {lead: HangUp} > VOICEMAIL",
    );
    check(
        "placed; ringing; answered; amd fax; lead asks; hangs up",
        "> dialing > amd > closing as fax [hang up lead] {lead: HangUp} > FAX",
    );
}

#[test]
fn who_is_not_reached_has_a_disposition_that_says_why() {
    check("placed; ringing; busy", "> dialing > BUSY");
    check("placed; ringing; no answer", "> dialing > NO_ANSWER");
    check("placed; ringing; failed", "> dialing > FAILED");
    check("placed; ringing; canceled", "> dialing > CANCELED");
    check("placed; ringing; hangs up", "> dialing > HUNG_UP");
    check("placed; ringing; answered; hangs up", "> dialing > amd > HUNG_UP");
    check("refused number", "> INVALID_NUMBER");
    check("refused not reachable", "> FAILED");
    check("refused account", "> WITHHELD");
    check("refused request", "> FAILED");
    // The end went unheard: the carrier is asked, ever again.
    check("placed; ringing; +1m; checked; +1m; no answer", "> dialing [check lead] [check lead] > NO_ANSWER");
}

#[test]
fn a_rule_may_forbid_the_dial_or_the_conversation() {
    check("withheld", "> WITHHELD");
    check(
        "placed; ringing; answered but dnc; lead asks; hangs up",
        "> dialing > closing as do_not_call [hang up lead] {lead: HangUp} > DO_NOT_CALL",
    );
    check(
        "placed; ringing; answered but hours; lead asks; hangs up",
        "> dialing > closing as canceled [hang up lead] {lead: HangUp} > CANCELED",
    );
    // In doubt means sent, whatever somebody else believes to have withheld.
    check("in doubt; withheld; unconfirmed", "> dialing (late) > UNCONFIRMED");
}

#[test]
fn a_call_can_be_ended_from_our_side_at_any_time() {
    // Before it is dialed: the worker withholds it, or has dialed it already.
    check("hang up dnc; withheld", "> closing as do_not_call > DO_NOT_CALL");
    check("hang up stopped; withheld", "> closing as canceled > CANCELED");
    check("hang up dnc; placed; canceled", "> closing as do_not_call [hang up lead] > DO_NOT_CALL");
    check(
        "hang up dnc; in doubt; ringing; canceled",
        "> closing as do_not_call [hang up lead] > DO_NOT_CALL",
    );
    check(
        "hang up operator; answered; lead asks; hangs up",
        "> closing as canceled [hang up lead] {lead: HangUp} > CANCELED",
    );
    // While it rings, listens, waits, or is offered.
    check(
        "placed; ringing; hang up dnc; canceled",
        "> dialing > closing as do_not_call [hang up lead] > DO_NOT_CALL",
    );
    check(
        "placed; ringing; answered; hang up dnc; hangs up",
        "> dialing > amd > closing as do_not_call [hang up lead] > DO_NOT_CALL",
    );
    check(
        "from waiting; hang up dnc; hangs up; agent reserved",
        "> closing as do_not_call [hang up lead] > DO_NOT_CALL [free A: not_needed] (call_over)",
    );
    check(
        "from waiting; agent reserved; agent ringing; hang up dnc; hangs up; agent canceled",
        "> agent_whisper agent-1 A [dial A as agent-1, A ringing] > closing as do_not_call \
         [hang up lead, hang up agent-1] > DO_NOT_CALL [free A: not_needed]",
    );
    check(
        "placed; ringing; answered; amd machine; hang up operator; hangs up",
        "> dialing > amd > voicemail [redirect lead] > closing as canceled [hang up lead] > CANCELED",
    );
    // In doubt: as soon as it turns out to exist.
    check(
        "in doubt; hang up operator; initiated; canceled",
        "> dialing > closing as canceled [hang up lead] > CANCELED",
    );
    // Legs that do not end are told again, and looked up, ever more rarely.
    check(
        "placed; ringing; hang up operator; +20s; +40s; hang up operator; canceled",
        "> dialing > closing as canceled [hang up lead] [hang up lead, check lead] \
         [hang up lead, check lead] [hang up lead, check lead] > CANCELED",
    );
}

#[test]
fn the_lead_leaves_at_any_time() {
    check("from waiting; hangs up", "> HUNG_UP");
    check(
        "from waiting; agent reserved; hangs up; agent in doubt; agent unconfirmed",
        "> agent_whisper agent-1 A [dial A as agent-1, A ringing] > closing as hung_up > HUNG_UP \
         [free A: not_needed]",
    );
    check(
        "from waiting; agent reserved; agent ringing; hangs up; agent no answer",
        "> agent_whisper agent-1 A [dial A as agent-1, A ringing] > closing as hung_up [hang up agent-1] \
         > HUNG_UP [free A: not_needed]",
    );
    check(
        "from whisper; hangs up; agent accepts; agent asks; agent hangs up",
        "> closing as hung_up [hang up agent-1] (not_expected) {agent-1: LeadGone} > HUNG_UP \
         [free A: not_needed]",
    );
    check(
        "from waiting; agent reserved; hangs up; agent answered; agent asks; agent hangs up",
        "> agent_whisper agent-1 A [dial A as agent-1, A ringing] > closing as hung_up [hang up agent-1] \
         {agent-1: LeadGone} > HUNG_UP [free A: not_needed]",
    );
}

#[test]
fn words_overtake_each_other() {
    // The verdict, the answer.
    check(
        "placed; ringing; amd human; answered; lead asks",
        "> dialing > conference [seek agent, redirect lead] (late) {lead: JoinConference}",
    );
    check(
        "amd machine; placed; ringing; answered; lead asks; hangs up",
        "> voicemail [redirect lead] (late) (late) (late) {lead: LeaveMessage} > VOICEMAIL",
    );
    // The hang-up, the verdict.
    check("placed; answered; hangs up; amd human", "> dialing > amd > HUNG_UP (late)");
    // The end, everything.
    check(
        "hangs up; answered; ringing; initiated; placed; amd unknown",
        "> HUNG_UP (late) (late) (late) (late) (late)",
    );
    check("busy; placed; ringing", "> BUSY (late) (late)");
    // The callback, the reply to the request to dial.
    check("ringing; placed; answered", "> dialing (late) > amd");
    check(
        "answered; ringing; placed; initiated; amd human",
        "> amd (late) (late) (late) > conference [seek agent, redirect lead]",
    );
    check(
        "from waiting; agent reserved; agent ringing; agent placed; agent answered; agent ringing; \
         agent accepts",
        "> agent_whisper agent-1 A [dial A as agent-1, A ringing] (late) [A whisper] (late) \
         > bridged agent-1 A [A on_call]",
    );
    // The recording comes after everything.
    check(
        "from bridged; hangs up; agent hangs up; wrap up; recording; no recording; wrap up busy; \
         hang up dnc",
        "> closing as answered, A writes up [hang up agent-1] [A wrap_up] > ANSWERED \
         [free A: wrapped_up] [fetch recording] (call_over) (call_over) (call_over) (call_over)",
    );
}

#[test]
fn what_is_told_twice_happens_once() {
    check(
        "placed; placed; ringing; ringing; answered; answered; amd human; amd human; hangs up; hangs up",
        "> dialing (late) (late) > amd (late) > conference [seek agent, redirect lead] > HUNG_UP (late)",
    );
    // A late word about a machine only annotates.
    check(
        "from waiting; amd machine; agent reserved; amd machine; agent answered; agent accepts; \
         amd machine",
        "> agent_whisper agent-1 A [dial A as agent-1, A ringing] [A whisper] > bridged agent-1 A \
         [A on_call]",
    );
    check(
        "placed; answered; amd machine; amd machine; amd human",
        "> dialing > amd > voicemail [redirect lead] (not_expected) (not_expected)",
    );
    // The agent accepts twice; two agents accept; one declines after all.
    check("from bridged; agent accepts; agent declines", "(not_expected) (not_expected)");
    check(
        "from whisper; +50s; agent reserved; agent-2 answered; agent-1 accepts; agent-1 asks; \
         agent-2 accepts; agent-1 accepts; agent-1 asks; agent-1 hangs up",
        "> conference [check agent-1, hang up agent-1, seek agent other than A] \
         > agent_whisper agent-2 B [dial B as agent-2, B ringing] [B whisper] (not_expected) \
         {agent-1: HangUp} > bridged agent-2 B [B on_call] (not_expected) {agent-1: HangUp} \
         [free A: missed]",
    );
    // An agent is reserved once, however often that is said; a second one goes back.
    check(
        "from waiting; agent reserved A; agent reserved A; agent reserved B",
        "> agent_whisper agent-1 A [dial A as agent-1, A ringing] (not_expected) [free B: not_needed] \
         (not_expected)",
    );
    check(
        "from waiting; agent reserved A; agent answered; agent accepts; agent reserved A; hangs up; \
         agent hangs up; agent reserved A; wrap up; agent reserved A",
        "> agent_whisper agent-1 A [dial A as agent-1, A ringing] [A whisper] > bridged agent-1 A \
         [A on_call] (not_expected) > closing as answered, A writes up [hang up agent-1] [A wrap_up] \
         (not_expected) > ANSWERED [free A: wrapped_up] [free A: not_needed] (call_over)",
    );
    check("opened; placed; opened", "(not_expected) > dialing (not_expected)");
    check(
        "timer ring; stale timer placement; placed; timer placement; stale timer ring",
        "(stale_timer) (stale_timer) > dialing (stale_timer) (stale_timer)",
    );
}

#[test]
fn a_placement_in_doubt_is_resolved_by_evidence() {
    // The reply was lost, a webhook is the proof.
    check("in doubt; in doubt; ringing; answered; in doubt", "> dialing (late) > amd (late)");
    check("in doubt; +5m; +5m; placed; busy", "> dialing [look for lead] [look for lead] > BUSY");
    // No proof at all.
    check("in doubt; unconfirmed", "> dialing > UNCONFIRMED");
    // The call that was given up as never placed is on the line after all.
    check(
        "in doubt; unconfirmed; ringing; lead asks; answered; hangs up",
        "> dialing > UNCONFIRMED [hang up lead] (stray) {lead: HangUp} (late) (late)",
    );
    check("in doubt; unconfirmed; hangs up", "> dialing > UNCONFIRMED (late)");
    // The agent's as well, and the agent has long been free.
    check(
        "from waiting; agent reserved; agent in doubt; agent unconfirmed; agent ringing; agent answered; \
         agent asks; agent no answer",
        "> agent_whisper agent-1 A [dial A as agent-1, A ringing] > conference \
         [seek agent other than A, free A: not_needed] [hang up agent-1] (stray) (late) \
         {agent-1: HangUp} (late)",
    );
    // An agent's leg that was given up before anybody knew of it.
    check(
        "from waiting; agent reserved; +50s; agent reserved; agent-1 ringing; agent-1 canceled; \
         agent-2 answered",
        "> agent_whisper agent-1 A [dial A as agent-1, A ringing] > conference \
         [look for agent-1, seek agent other than A] > agent_whisper agent-2 B \
         [dial B as agent-2, B ringing] [hang up agent-1] [free A: not_needed] [B whisper]",
    );
}

#[test]
fn a_second_connection_for_one_placement_is_ended() {
    check(
        "placed; ringing; other placed; other ringing; answered; other answered; other amd machine; \
         other hangs up; amd human",
        "> dialing [hang up other lead] (stray) [hang up other lead] (stray) > amd [hang up other lead] \
         (stray) [hang up other lead] (stray) (other_sid) > conference [seek agent, redirect lead]",
    );
    check("placed; busy; other answered", "> dialing > BUSY [hang up other lead] (stray)");
    check("refused number; placed", "> INVALID_NUMBER [hang up lead] (stray)");
    check("withheld; ringing", "> WITHHELD [hang up lead] (stray)");
}

#[test]
fn a_leg_that_nobody_ever_hears_of_again_does_not_hold_up_the_call() {
    check("in doubt; +4m; hang up operator; +10s; checked", "> dialing > closing as canceled");
    check("from bridged; +1m", "[check lead, check agent-1]");
    // The end of an earlier agent's leg went unheard; the agent is not kept from work for the whole talk.
    check(
        "from whisper; agent declines; agent reserved; agent-2 answered; agent-2 accepts; +1m; \
         agent-1 hangs up",
        "> conference [hang up agent-1, seek agent other than A] > agent_whisper agent-2 B \
         [dial B as agent-2, B ringing] [B whisper] > bridged agent-2 B [B on_call] \
         [check lead, check agent-1, check agent-2] [free A: declined]",
    );
}

#[test]
fn a_leg_that_is_lost_for_five_hours_is_over() {
    for (story, disposition) in [
        ("in doubt", Disposition::Unconfirmed),
        ("from ringing", Disposition::Failed),
        ("placed; answered; amd machine", Disposition::Voicemail),
        ("placed; ringing; hang up dnc", Disposition::DoNotCall),
        ("from waiting", Disposition::Abandoned),
        ("from bridged", Disposition::Answered),
    ] {
        let (stage, _) = play(&format!("{story}; +5h; checked; agent checked; +1m"));
        assert_eq!(stage.call.state().disposition(), Some(disposition), "{story}");
    }
}

#[test]
fn times_are_kept_for_the_row_of_the_call() {
    let (stage, _) = play(
        "+5s; placed; ringing; +5s; answered; amd human; agent reserved; agent answered; +5s; \
         agent accepts; +30s; hangs up; +5s; agent hangs up; wrap up",
    );
    let memory = stage.call.memory();
    let after = |seconds| Some(opened_at() + SignedDuration::from_secs(seconds));
    assert_eq!(memory.lead_answered_at(), after(10));
    assert_eq!(
        (memory.waiting_since, memory.bridged_at, memory.parted_at),
        (after(10), after(15), after(45))
    );
    assert_eq!((memory.closed_at, memory.talk_s(), memory.agent), (after(50), 30, Some(agent('A'))));
    // A conversation of 30 seconds of which nothing was heard but the end.
    let (stage, _) = play("placed; +60s; hangs up; answered");
    assert_eq!(stage.call.memory().lead_answered_at(), after(30));
    let (stage, _) = play("placed; +10s; hangs up");
    assert_eq!(stage.call.memory().lead_answered_at(), after(0), "not before it was placed");
    let (stage, _) = play("placed; +60s; no answer");
    assert_eq!(stage.call.memory().lead_answered_at(), None);
}
