//! Project tasks: demo, test, ci, tidy, bench.
fn main() {}
