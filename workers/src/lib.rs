//! The hands: relay, dispatch on apalis and Redis, effects, scheduler duties.
