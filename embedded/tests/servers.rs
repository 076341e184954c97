//! Private servers as their users meet them: they serve, stop, come back after a kill, and never outlive us.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use warmline_embedded::{Error, Home, Postgres, Profile, Redis};

fn postgres(home: &Home) -> Postgres {
    Postgres::start(home, Profile::Scratch, &mut |line| eprintln!("{line}")).unwrap()
}

fn redis(home: &Home) -> Redis {
    Redis::start(home, &mut |line| eprintln!("{line}")).unwrap()
}

/// What Redis answers to one inline command, without the line end.
fn ask(redis: &Redis, command: &str) -> String {
    let url = redis.url();
    let mut stream = UnixStream::connect(url.strip_prefix("redis+unix://").unwrap()).unwrap();
    stream.write_all(format!("{command}\r\nQUIT\r\n").as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.strip_suffix("+OK\r\n").unwrap().trim_end().to_owned()
}

fn until(what: &str, done: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(20);
    while !done() {
        assert!(Instant::now() < end, "gave up waiting: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn postgres_serves_and_keeps_its_data() {
    let home = Home::scratch().unwrap();
    let mut postgres = postgres(&home);
    postgres.execute("postgres", "create database calls").unwrap();
    postgres
        .execute("calls", "create table leads (id int primary key); insert into leads values (1)")
        .unwrap();

    let refused = postgres.execute("calls", "insert into leads values (2); insert into leads values (1)");
    assert!(matches!(&refused, Err(Error::Refused(why)) if why.contains("23505")), "{refused:?}");
    let nowhere = postgres.execute("nowhere", "select 1").unwrap_err().to_string();
    assert!(nowhere.contains("\"nowhere\" does not exist"), "{nowhere}");

    for kill in [Postgres::stop, Postgres::kill_hard] {
        kill(&mut postgres);
        assert!(postgres.execute("calls", "select 1").is_err(), "still serves");
        postgres.restart(&mut |_| {}).unwrap();
        // One row and one only: the script refused above was one transaction.
        postgres.execute("calls", "select 1 / (select count(*) from leads)").unwrap();
        postgres.execute("calls", "create unique index one on leads ((true)); drop index one").unwrap();
    }
    let folder = home.path().to_owned();
    drop((postgres, home));
    assert!(!folder.exists(), "a scratch home is removed with its data");
}

#[test]
fn redis_serves_and_comes_back() {
    let home = Home::scratch().unwrap();
    let mut redis = redis(&home);
    assert_eq!(ask(&redis, "PING"), "+PONG");
    assert_eq!(ask(&redis, "SET calls 1"), "+OK");
    redis.stop();
    redis.restart().unwrap();
    assert_eq!(ask(&redis, "INCR calls"), ":2");
    redis.kill_hard();
    redis.restart().unwrap();
    // The stand-in for machines without Redis writes its data on an orderly stop only.
    let has_log = home.path().join("redis/appendonlydir").exists();
    assert_eq!(ask(&redis, "INCR calls"), if has_log { ":3" } else { ":2" });
}

#[test]
fn two_homes_are_two_worlds_and_one_home_has_one_master() {
    let (here, there) = (Home::scratch().unwrap(), Home::scratch().unwrap());
    let (one, other) = (postgres(&here), postgres(&there));
    one.execute("postgres", "create database here").unwrap();
    other.execute("here", "select 1").unwrap_err();

    let again = Postgres::start(&here, Profile::Scratch, &mut |_| {}).unwrap_err();
    let holder = format!("process {}", std::process::id());
    assert!(matches!(&again, Error::InUse { holder: found, .. } if found.starts_with(&holder)), "{again}");
    drop(one);
    postgres(&here).execute("here", "select 1").unwrap();
}

#[test]
fn data_of_another_major_version_is_left_alone() {
    let home = Home::scratch().unwrap();
    let data = home.path().join("postgres");
    std::fs::create_dir_all(&data).unwrap();
    std::fs::write(data.join("PG_VERSION"), "9\n").unwrap();
    let error = Postgres::start(&home, Profile::Scratch, &mut |_| {}).unwrap_err();
    assert!(matches!(error, Error::OtherVersion { written_by: 9, .. }), "{error}");
    assert_eq!(std::fs::read_dir(&data).unwrap().count(), 1);
}

/// Elsewhere only the servers of scratch homes end with their parent; the others are stopped at the next start.
#[cfg(target_os = "linux")]
#[test]
fn a_killed_parent_leaves_neither_servers_nor_scratch_files() {
    let base = Home::scratch().unwrap();
    for name in ["scratch", "lasting"] {
        let mut parent = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "parent_process", "--nocapture"])
            .env("WARMLINE_PARENT_PROCESS", name)
            .env("WARMLINE_HOME", base.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(parent.stdout.take().unwrap()).lines().map_while(Result::ok);
        let line =
            lines.find(|line| line.starts_with("serving ")).expect("the parent process starts servers");
        let words: Vec<_> = line.split(' ').collect();
        let (home, processes) = (PathBuf::from(words[1]), [words[2], words[3]]);
        assert!(home.is_dir() && processes.iter().all(|pid| runs(pid)), "{line}");

        parent.kill().unwrap();
        parent.wait().unwrap();
        until("servers end", || !processes.iter().any(|pid| runs(pid)));
        if name == "scratch" {
            until("files go", || !home.exists());
        }
    }
}

/// A process that has ended but was not collected by its new parent has an empty command line.
#[cfg(target_os = "linux")]
fn runs(pid: &str) -> bool {
    !std::fs::read(Path::new("/proc").join(pid).join("cmdline")).unwrap_or_default().is_empty()
}

/// Not a test of its own: the process that the test above kills.
#[test]
fn parent_process() {
    let Ok(name) = std::env::var("WARMLINE_PARENT_PROCESS") else { return };
    let home = if name == "scratch" { Home::scratch().unwrap() } else { Home::for_project(&name) };
    // From a thread that ends at once: the servers are bound to the process, not to it.
    let (postgres, redis) = std::thread::scope(|scope| {
        let servers = scope.spawn(|| (postgres(&home), redis(&home)));
        servers.join().unwrap()
    });
    let (one, other) = (postgres.process_id().unwrap(), redis.process_id().unwrap());
    println!("serving {} {one} {other}", home.path().display());
    loop {
        std::thread::park();
    }
}
