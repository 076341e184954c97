//! Golden files: read, compared and, on request, written anew.

use std::fmt::Write;
use std::path::PathBuf;

/// Set to 1 to write golden files instead of comparing with them.
const UPDATE: &str = "UPDATE_GOLDEN";

fn path(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", name].iter().collect()
}

/// Whether golden files are to be written.
#[expect(clippy::disallowed_methods, reason = "the switch of a test, not of the core")]
pub(crate) fn updating() -> bool {
    std::env::var_os(UPDATE).is_some_and(|value| value == "1")
}

/// A file below `tests`, if it is there.
#[expect(clippy::disallowed_methods, reason = "golden files are data of the tests")]
pub(crate) fn read(name: &str) -> Option<String> {
    std::fs::read_to_string(path(name)).ok()
}

/// Writes a file below `tests`.
#[expect(clippy::disallowed_methods, reason = "golden files are data of the tests")]
pub(crate) fn write(name: &str, text: &str) {
    let path = path(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, text).unwrap();
}

/// Fails, and shows the lines that differ, when a text is not what its golden file says.
#[track_caller]
pub(crate) fn assert_golden(name: &str, actual: &str) {
    if updating() {
        write(name, actual);
        return;
    }
    let expected = read(name).unwrap_or_default();
    if expected != actual {
        let difference = difference(&expected, actual);
        panic!("tests/{name} differs (- as committed, + now):\n{difference}\n{UPDATE}=1 writes it anew.");
    }
}

/// The lines that differ, under the heading (`## ...`) they stand below.
fn difference(expected: &str, actual: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), actual.lines().collect());
    // The longest common subsequence of what is left between equal beginnings and ends.
    let start = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let tail = old[start..].iter().rev().zip(new[start..].iter().rev());
    let end = tail.take_while(|(old, new)| old == new).count();
    let (a, b) = (&old[start..old.len() - end], &new[start..new.len() - end]);
    let mut common = vec![vec![0_u32; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            common[i][j] =
                if a[i] == b[j] { common[i + 1][j + 1] + 1 } else { common[i + 1][j].max(common[i][j + 1]) };
        }
    }
    let mut text = String::new();
    let mut heading = old[..start].iter().rfind(|line| line.starts_with("##")).copied();
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            if a[i].starts_with("##") {
                heading = Some(a[i]);
            }
            (i, j) = (i + 1, j + 1);
            continue;
        }
        if let Some(heading) = heading.take() {
            writeln!(text, "{heading}").unwrap();
        }
        if j == b.len() || (i < a.len() && common[i + 1][j] >= common[i][j + 1]) {
            writeln!(text, "- {}", a[i]).unwrap();
            i += 1;
        } else {
            writeln!(text, "+ {}", b[j]).unwrap();
            j += 1;
        }
    }
    text
}

#[test]
fn a_difference_shows_the_changed_lines_below_their_heading() {
    let old = "# all\n## one\na\nb\n## two\nc\nd\n## three\ne\n";
    let new = "# all\n## one\na\nb\n## two\nc\nD\nd2\n## three\n";
    assert_eq!(difference(old, new), "## two\n- d\n+ D\n+ d2\n## three\n- e\n");
    assert_eq!(difference(old, old), "");
}
