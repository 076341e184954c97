//! The files, and what stands in them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use yaml_rust2::{Yaml, YamlLoader};

/// Those that are looked for in the root.
const IN_ROOT: [&str; 3] = ["Dockerfile", "render.yaml", "railway.json"];
/// Under these keys stands how long a process may take to end.
const PAUSES: [&str; 4] =
    ["terminationGracePeriodSeconds", "maxShutdownDelaySeconds", "drainingSeconds", "stop_grace_period"];
/// The program in the units.
const INSTALLED: &str = "/usr/local/bin/";

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

pub(crate) fn capitals(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

pub(crate) struct Files {
    /// Path from the root, text, and the documents in it where it is YAML, of which JSON is a part.
    files: Vec<(String, String, Vec<Yaml>)>,
}

/// A variable that is set somewhere.
pub(crate) struct Set {
    pub(crate) path: String,
    pub(crate) name: String,
    /// Whether the value stands there, and not only where it comes from.
    pub(crate) is_given: bool,
}

impl Files {
    pub(crate) fn read() -> Self {
        let mut paths: Vec<String> = IN_ROOT.map(str::to_owned).into();
        collect("deploy", &mut paths);
        paths.sort();
        let files = paths.into_iter().map(|path| {
            let text = fs::read_to_string(root().join(&path)).unwrap();
            let documents = match path.rsplit_once('.').map(|(_, ending)| ending) {
                Some("yaml" | "json") => YamlLoader::load_from_str(&text)
                    .unwrap_or_else(|error| unreadable(&format!("{path}: {error}"))),
                _ => Vec::new(),
            };
            assert!(
                documents.iter().all(|document| document.as_hash().is_some()),
                "{path} has an empty part"
            );
            (path, text, documents)
        });
        Self { files: files.collect() }
    }

    pub(crate) fn text(&self, path: &str) -> &str {
        self.files.iter().find(|(known, ..)| known == path).map(|(_, text, _)| text.as_str()).unwrap()
    }

    /// Every `warmline ...`: what is run, and what comments speak of.
    pub(crate) fn commands(&self) -> Vec<(String, String)> {
        let mut commands = Vec::new();
        for (path, text, _) in &self.files {
            for line in text.lines() {
                let mut found = |command: &str| commands.push((path.clone(), command.to_owned()));
                let quoted = line.split('`').skip(1).step_by(2);
                quoted.filter(|code| code.starts_with("warmline ")).for_each(&mut found);
                line.strip_prefix("ExecStart=")
                    .map(|command| command.trim_start_matches(INSTALLED))
                    .map(&mut found);
                if let Some(list) = line.strip_prefix("CMD ") {
                    found(&words(&YamlLoader::load_from_str(list).unwrap()[0]).join(" "));
                }
            }
        }
        self.each_value(|path, _, value| {
            let command = match value {
                Yaml::Array(_) => words(value).join(" "),
                Yaml::String(text) => text.clone(),
                _ => return,
            };
            // What is one word alone is a name, or a list that begins with it and was seen as a whole.
            if command.starts_with("warmline ") {
                commands.push((path.to_owned(), command));
            }
        });
        commands
    }

    pub(crate) fn variables(&self) -> Vec<Set> {
        let mut variables = Vec::new();
        let mut add = |path: &str, name: &str, is_given: bool| {
            variables.push(Set { path: path.to_owned(), name: name.to_owned(), is_given });
        };
        for (path, text, _) in &self.files {
            let is_list = path.ends_with(".env") || path.ends_with(".env.example");
            for line in text.lines() {
                let set = ["Environment=", "ENV "].iter().find_map(|start| line.strip_prefix(start));
                let set = set.or_else(|| is_list.then_some(line)).and_then(|set| set.split_once('='));
                if let Some((name, value)) = set.filter(|(name, _)| !name.starts_with('#')) {
                    add(path, name, !value.is_empty());
                }
            }
        }
        self.each_value(|path, key, value| match (key, value) {
            ("environment" | "stringData", Yaml::Hash(pairs)) => {
                for (name, value) in pairs {
                    let name = name.as_str().unwrap();
                    let refers = value.as_str().is_some_and(|text| text.is_empty() || text.starts_with("${"));
                    if name != "<<" {
                        add(path, name, !refers);
                    }
                }
            }
            ("env" | "envVars", Yaml::Array(entries)) => {
                for entry in entries {
                    let name = entry["name"].as_str().or_else(|| entry["key"].as_str());
                    name.into_iter().for_each(|name| add(path, name, !entry["value"].is_badvalue()));
                }
            }
            ("envVarKey", Yaml::String(name)) => add(path, name, false),
            _ => {}
        });
        variables
    }

    /// How long processes may take to end, in seconds.
    pub(crate) fn pauses(&self) -> Vec<(String, u64)> {
        let mut pauses = Vec::new();
        for (path, text, _) in &self.files {
            let lines = text.lines().filter_map(|line| line.strip_prefix("TimeoutStopSec="));
            pauses.extend(lines.map(|seconds| (path.clone(), seconds.parse().unwrap())));
        }
        self.each_value(|path, key, value| {
            // The servers' own: they are no process of ours.
            if PAUSES.contains(&key) && value.as_str() != Some("1m") {
                let text = value.as_i64().map(|seconds| seconds.to_string());
                let text = text.or_else(|| value.as_str().map(str::to_owned)).unwrap();
                pauses.push((path.to_owned(), text.trim_end_matches('s').parse().unwrap()));
            }
        });
        pauses
    }

    /// How long a pod sleeps before it is told to end.
    pub(crate) fn pre_stop_s(&self) -> u64 {
        let mut slept = None;
        self.each_value(|_, key, value| {
            if key == "command" && words(value).first().is_some_and(|word| word == "sleep") {
                slept = words(value).get(1).and_then(|seconds| seconds.parse().ok());
            }
        });
        slept.unwrap()
    }

    pub(crate) fn health_paths(&self) -> BTreeSet<String> {
        let mut paths = BTreeSet::new();
        self.each_value(|_, key, value| match (key, value) {
            ("httpGet", probe) => drop(paths.insert(probe["path"].as_str().unwrap().to_owned())),
            ("healthCheckPath" | "healthcheckPath", Yaml::String(path)) => drop(paths.insert(path.clone())),
            _ => {}
        });
        let asked = self.text("Dockerfile").split_once("http://127.0.0.1:").unwrap().1;
        paths.insert(format!("/{}", asked.split_once('/').unwrap().1.split('"').next().unwrap()));
        paths
    }

    /// The ports of health and metrics in a container.
    pub(crate) fn operations_ports(&self) -> Vec<String> {
        let (mut ports, digits) =
            (Vec::new(), |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>());
        let image = self.text("Dockerfile");
        for start in ["WARMLINE_OPERATIONS_ADDRESS=0.0.0.0:", "http://127.0.0.1:", "EXPOSE 3000 "] {
            ports.push(digits(image.split_once(start).unwrap().1));
        }
        self.each_value(|_, key, value| match (key, value) {
            ("prometheus.io/port", Yaml::String(port)) => ports.push(port.clone()),
            ("ports", Yaml::Array(entries)) => {
                let ours = entries.iter().filter(|entry| entry["name"].as_str() == Some("operations"));
                ports.extend(ours.map(|entry| entry["containerPort"].as_i64().unwrap().to_string()));
            }
            ("env", Yaml::Array(entries)) => {
                let ours = entries
                    .iter()
                    .filter(|entry| entry["name"].as_str() == Some("WARMLINE_OPERATIONS_ADDRESS"));
                ports.extend(ours.map(|entry| entry["value"].as_str().unwrap().replace("0.0.0.0:", "")));
            }
            _ => {}
        });
        ports
    }

    /// Everything that looks like a metric of ours.
    pub(crate) fn metrics(&self) -> BTreeSet<String> {
        let is_part = |byte: char| byte.is_ascii_lowercase() || byte == '_';
        let words = self.files.iter().flat_map(|(_, text, _)| text.split(|byte| !is_part(byte)));
        words.filter(|word| word.starts_with("warmline_") && word.len() > 9).map(str::to_owned).collect()
    }

    /// The kinds of waiting commands that are asked for: queue and state.
    pub(crate) fn outbox_kinds(&self) -> BTreeSet<(String, String)> {
        let all = self.files.iter().flat_map(|(_, text, _)| text.split("kind=\"").skip(1));
        let kinds = all.filter_map(|rest| rest.split('"').next()?.split_once('/'));
        kinds.map(|(queue, state)| (queue.to_owned(), state.to_owned())).collect()
    }

    /// What the kustomization is made of.
    pub(crate) fn kustomized(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for (path, key, value) in self.values() {
            if path == "deploy/kubernetes/kustomization.yaml" {
                match key.as_str() {
                    "resources" | "envs" => names.extend(words(value)),
                    "path" => names.extend(value.as_str().map(str::to_owned)),
                    _ => {}
                }
            }
        }
        names
    }

    pub(crate) fn names_in(&self, folder: &str) -> Vec<String> {
        let names = self.files.iter().filter_map(|(path, ..)| path.strip_prefix(folder));
        names.map(str::to_owned).collect()
    }

    /// The steps of the image that the Dockerfile has done.
    pub(crate) fn image_steps(&self) -> BTreeSet<String> {
        let runs = self.text("Dockerfile").lines().filter(|line| line.starts_with("RUN "));
        let steps = runs.flat_map(|line| line.split("deploy/image.sh ").skip(1));
        steps.map(|rest| rest.split(' ').next().unwrap().to_owned()).collect()
    }

    /// Whom the program runs as.
    pub(crate) fn user_ids(&self) -> Vec<String> {
        let mut ids = Vec::new();
        let after = |path: &str, start: &str| {
            let rest = self.text(path).split_once(start).unwrap().1;
            rest.chars().take_while(char::is_ascii_digit).collect::<String>()
        };
        ids.push(after("Dockerfile", "\nUSER "));
        ids.push(after("deploy/image.sh", "\nUSER_ID="));
        for (_, key, value) in self.values() {
            if key == "runAsUser" {
                ids.push(value.as_i64().unwrap().to_string());
            }
        }
        ids
    }

    fn each_value(&self, mut visit: impl FnMut(&str, &str, &Yaml)) {
        self.values().into_iter().for_each(|(path, key, value)| visit(path, &key, value));
    }

    /// Every value with its file and its key; items of a list have the list's.
    fn values(&self) -> Vec<(&str, String, &Yaml)> {
        let mut values = Vec::new();
        for (path, _, documents) in &self.files {
            let mut todo: Vec<(String, &Yaml)> =
                documents.iter().map(|whole| (String::new(), whole)).collect();
            while let Some((key, value)) = todo.pop() {
                match value {
                    Yaml::Hash(pairs) => {
                        let named = |(key, value)| (scalar(key), value);
                        todo.extend(pairs.iter().map(named));
                    }
                    Yaml::Array(items) => todo.extend(items.iter().map(|item| (key.clone(), item))),
                    _ => {}
                }
                values.push((path.as_str(), key, value));
            }
        }
        values
    }
}

#[expect(clippy::panic, reason = "a file that cannot be read fails its test, by name")]
fn unreadable(why: &str) -> ! {
    panic!("{why}")
}

/// The words of a list.
fn words(list: &Yaml) -> Vec<String> {
    list.as_vec().into_iter().flatten().map(scalar).collect()
}

fn scalar(value: &Yaml) -> String {
    match value {
        Yaml::String(text) | Yaml::Real(text) => text.clone(),
        Yaml::Integer(number) => number.to_string(),
        Yaml::Boolean(word) => word.to_string(),
        _ => String::new(),
    }
}

fn collect(folder: &str, paths: &mut Vec<String>) {
    for entry in fs::read_dir(root().join(folder)).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{folder}/{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            collect(&path, paths);
        // What people fill in is theirs.
        } else if !path.ends_with("/.env") && !path.ends_with("/secret.env") {
            paths.push(path);
        }
    }
}
