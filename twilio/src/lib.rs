//! Twilio on the wire: client, webhook payloads, TwiML, signatures.
