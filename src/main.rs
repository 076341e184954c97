//! Warmline.
fn main() {}
