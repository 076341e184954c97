//! The other side: a Twilio that never phones anybody.
