//! The commands as people and scripts call them: the real program, its output and its exit codes.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // a test may fail

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use expect_test::{Expect, expect};
use serde_json::Value;
use tempfile::TempDir;

#[allow(dead_code, reason = "shared with the benchmarks, which use other parts of it")]
#[path = "../benches/support/generated_vault.rs"]
mod generated_vault;

/// A folder with these files.
fn vault(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// A vault with findings of several severities, one of them in a folder.
fn faulty_vault() -> TempDir {
    vault(&[
        ("plan.md", "# Plan\n\nDig the [[garden]] over, see [[the shed]].\n"),
        (
            "tools/the_shed.md",
            "---\nvideoId: dQw4w9WgXcQ\n---\n\n<a class=\"yt-timestamp\" data-t=\"1:2:3:4:5\">[00:00:01]</a>\n",
        ),
        ("tools/clean.md", "[[plan]]\n"),
    ])
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vaultls"));
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    for variable in ["CLICOLOR_FORCE", "CLICOLOR", "NO_COLOR", "COLUMNS"] {
        command.env_remove(variable);
    }
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Exit code and stdout of a command.
fn check(folder: &Path, arguments: &[&str], expected: &Expect) {
    let output = run(folder, arguments);
    let shown = format!("{}exit {}\n", without_seconds(&stdout(&output)), output.status.code().unwrap());
    expected.assert_eq(&shown);
}

/// The text without the one figure that differs from run to run.
fn without_seconds(text: &str) -> String {
    let Some((before, rest)) = text.rsplit_once('(') else { return text.to_owned() };
    match rest.split_once(" s)") {
        Some((figure, after)) if figure.parse::<f64>().is_ok() => format!("{before}(… s){after}"),
        _ => text.to_owned(),
    }
}

#[test]
fn a_clean_vault_is_clean_in_every_format() {
    let folder = vault(&[("a.md", "# A\n\n[[b]]\n"), ("b.md", "[[a#A]]\n"), ("c.png", "")]);
    check(
        folder.path(),
        &["check"],
        &expect![[r#"
        No findings; 2 notes checked (… s)
        exit 0
    "#]],
    );
    check(
        folder.path(),
        &["check", "--format", "short"],
        &expect![[r#"
        exit 0
    "#]],
    );
    let output = run(folder.path(), &["check", "--format", "json", "."]);
    assert_eq!(output.status.code(), Some(0));
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["vaults"][0]["notes"], 2);
    assert_eq!(document["vaults"][0]["findings"], Value::Array(Vec::new()));
    assert_eq!(stderr(&output), "");
}

#[test]
fn findings_for_people() {
    check(
        faulty_vault().path(),
        &["check"],
        &expect![[r#"
        warning[link/missing-note]: Note not found: `garden`
         --> plan.md:3:11
          |
        3 | Dig the [[garden]] over, see [[the shed]].
          |           ^^^^^^

        hint[link/inexact]: Inexact link: `the shed` is a loose spelling of `the_shed`
         --> plan.md:3:32
          |
        3 | Dig the [[garden]] over, see [[the shed]].
          |                                ^^^^^^^^

        error[timestamp/malformed]: Invalid timestamp `1:2:3:4:5`: expected `H:MM:SS` or `M:SS`
         --> tools/the_shed.md:5:33
          |
        5 | <a class="yt-timestamp" data-t="1:2:3:4:5">[00:00:01]</a>
          |                                 ^^^^^^^^^

        error        timestamp/malformed        1
        warning      link/missing-note          1
        hint         link/inexact               1

        3 findings in 2 notes; 3 notes checked (… s)
        exit 1
    "#]],
    );
}

#[test]
fn findings_line_by_line() {
    check(
        faulty_vault().path(),
        &["check", "--format", "short"],
        &expect![[r#"
        plan.md:3:11: warning[link/missing-note] Note not found: `garden`
        plan.md:3:32: hint[link/inexact] Inexact link: `the shed` is a loose spelling of `the_shed`
        tools/the_shed.md:5:33: error[timestamp/malformed] Invalid timestamp `1:2:3:4:5`: expected `H:MM:SS` or `M:SS`
        exit 1
    "#]],
    );
}

#[test]
fn findings_as_json() {
    let folder = faulty_vault();
    let output = run(folder.path(), &["check", "--format=json"]);
    assert_eq!(output.status.code(), Some(1));
    let mut document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let root = folder.path().canonicalize().unwrap();
    assert_eq!(document["vaults"][0]["root"], root.to_str().unwrap());
    assert_eq!(document["version"], env!("CARGO_PKG_VERSION"));
    let vault = document["vaults"][0].as_object_mut().unwrap();
    vault.remove("root");
    let findings = vault.remove("findings").unwrap();
    let mut lines: Vec<String> = findings.as_array().unwrap().iter().map(Value::to_string).collect();
    lines.push(serde_json::to_string(vault).unwrap());
    expect![[r#"
        {"code":"link/missing-note","message":"Note not found: `garden`","path":"plan.md","range":{"end":{"column":17,"line":3,"offset":24},"start":{"column":11,"line":3,"offset":18}},"related":[],"severity":"warning"}
        {"code":"link/inexact","message":"Inexact link: `the shed` is a loose spelling of `the_shed`","path":"plan.md","range":{"end":{"column":40,"line":3,"offset":47},"start":{"column":32,"line":3,"offset":39}},"related":[],"severity":"hint"}
        {"code":"timestamp/malformed","message":"Invalid timestamp `1:2:3:4:5`: expected `H:MM:SS` or `M:SS`","path":"tools/the_shed.md","range":{"end":{"column":42,"line":5,"offset":71},"start":{"column":33,"line":5,"offset":62}},"related":[],"severity":"error"}
        {"counts":{"link/inexact":1,"link/missing-note":1,"timestamp/malformed":1},"notes":3,"problems":[]}"#]].assert_eq(&lines.join("\n"));
}

#[test]
fn only_what_lies_below_a_path_is_shown() {
    let folder = faulty_vault();
    fs::create_dir(folder.path().join(".obsidian")).unwrap();
    check(
        folder.path(),
        &["check", "--format", "short", "tools"],
        &expect![[r#"
        tools/the_shed.md:5:33: error[timestamp/malformed] Invalid timestamp `1:2:3:4:5`: expected `H:MM:SS` or `M:SS`
        exit 1
    "#]],
    );
    check(
        folder.path(),
        &["check", "--format", "short", "tools/clean.md"],
        &expect![[r#"
        exit 0
    "#]],
    );
    check(
        &folder.path().join("tools"),
        &["check", "--format", "short", "../plan.md", "."],
        &expect![[r#"
        ../plan.md:3:11: warning[link/missing-note] Note not found: `garden`
        ../plan.md:3:32: hint[link/inexact] Inexact link: `the shed` is a loose spelling of `the_shed`
        ../tools/the_shed.md:5:33: error[timestamp/malformed] Invalid timestamp `1:2:3:4:5`: expected `H:MM:SS` or `M:SS`
        exit 1
    "#]],
    );
}

#[test]
fn several_vaults_in_one_run() {
    let folder = vault(&[
        ("one/.vaultls.toml", "[diagnostics.severity]\n\"link/missing-note\" = \"error\"\n"),
        ("one/a.md", "[[b]]\n"),
        ("two/b.md", "[[a]]\n"),
    ]);
    check(
        folder.path(),
        &["check", "--format", "short", "two", "one"],
        &expect![[r#"
        two/b.md:1:3: warning[link/missing-note] Note not found: `a`
        one/a.md:1:3: error[link/missing-note] Note not found: `b`
        exit 1
    "#]],
    );
}

#[test]
fn settings_of_the_vault_count_and_are_checked() {
    let settings =
        "[diagnostics.severity]\nlink = \"off\"\n\"link/oops\" = \"off\"\n[files]\nignore = [\"old/\"]\n";
    let folder =
        vault(&[(".vaultls.toml", settings), ("a.md", "[[b]]\n"), ("old/c.md", "<a class=\"yt-timestamp\"")]);
    check(
        folder.path(),
        &["check", "--format", "short"],
        &expect![[r#"
        .vaultls.toml:3:1: warning[settings/invalid] diagnostics.severity.link/oops: unknown diagnostic code or group
        exit 1
    "#]],
    );
}

#[test]
fn findings_are_chosen_by_code_group_and_severity() {
    let folder = faulty_vault();
    let codes = |arguments: &[&str]| -> Vec<String> {
        let output = run(folder.path(), &[&["check", "--format", "short"], arguments].concat());
        let code = |line: &str| line.split(['[', ']']).nth(1).unwrap().to_owned();
        let codes: Vec<String> = stdout(&output).lines().map(code).collect();
        assert_eq!(output.status.code(), Some(i32::from(!codes.is_empty())), "{arguments:?}");
        codes
    };
    assert_eq!(codes(&["--select", "timestamp"]), ["timestamp/malformed"]);
    assert_eq!(codes(&["--select", "link,timestamp", "--ignore", "link/inexact"]).len(), 2);
    assert_eq!(codes(&["--ignore", "link", "--ignore=timestamp/malformed"]), [""; 0]);
    assert_eq!(codes(&["--min-severity", "warning"]), ["link/missing-note", "timestamp/malformed"]);
    assert_eq!(codes(&["--min-severity", "error", "--select", "link"]), [""; 0]);
}

#[test]
fn findings_as_commands_for_github() {
    let folder = vault(&[("a, b/100%.md", "é [[gone: here]]\n")]);
    check(
        folder.path(),
        &["check", "--format", "github"],
        &expect![[r#"
            ::warning file=a%2C b/100%25.md,line=1,endLine=1,col=5,endColumn=15,title=link/missing-note::Note not found: `gone: here`
            exit 1
        "#]],
    );
}

#[test]
fn findings_as_sarif() {
    let folder = vault(&[
        ("a b/ä.md", "é [[gone]]\n"),
        ("other.md", "[[same]]\n"),
        ("x/same.md", ""),
        ("y/same.md", ""),
    ]);
    let output = run(folder.path(), &["check", "--format", "sarif"]);
    assert_eq!(output.status.code(), Some(1));
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["version"], "2.1.0");
    assert!(document["$schema"].as_str().unwrap().ends_with("sarif-2.1.0.json"));
    let run = &document["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["version"], env!("CARGO_PKG_VERSION"));
    let rules: Vec<&str> =
        driver["rules"].as_array().unwrap().iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    let results = run["results"].as_array().unwrap();
    for result in results {
        assert!(rules.contains(&result["ruleId"].as_str().unwrap()), "{result}");
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        assert!(result["message"]["text"].is_string());
    }
    let place = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%20b/%C3%A4.md");
    let region = serde_json::json!({"startLine": 1, "startColumn": 5, "endLine": 1, "endColumn": 9});
    assert_eq!(place["region"], region);
    let ambiguous = results.iter().find(|result| result["ruleId"] == "link/ambiguous").unwrap();
    let related = ambiguous["relatedLocations"].as_array().unwrap();
    assert_eq!(related.len(), 2);
    assert!(related.iter().all(|place| place["message"]["text"].is_string()));
    let empty = run_clean_sarif();
    assert_eq!(empty["runs"][0]["results"], Value::Array(Vec::new()));
}

fn run_clean_sarif() -> Value {
    let output = run(vault(&[("a.md", "")]).path(), &["check", "--format", "sarif"]);
    assert_eq!(output.status.code(), Some(0));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A vault with three findings that have a safe fix, two of them in one note, and one that has none.
fn mendable_vault() -> TempDir {
    vault(&[
        ("plan.md", "See [[The Shed]] and [[the shed|it]].\r\n[[nowhere]]\r\n"),
        (
            "the_shed.md",
            "---\nvideoId: dQw4w9WgXcQ\n---\n[[plan]] <a class=\"yt-timestamp\" data-t=\"00:01:05\"></a>\n",
        ),
    ])
}

#[test]
fn what_is_sure_is_mended_and_the_rest_shown() {
    let folder = mendable_vault();
    let output = run(folder.path(), &["check", "--fix", "--format", "short"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stdout(&output), "plan.md:2:3: warning[link/missing-note] Note not found: `nowhere`\n");
    assert_eq!(
        stderr(&output),
        "fixed plan.md: 2 link/inexact\nfixed the_shed.md: 1 timestamp/empty-label\n"
    );
    let text = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(text("plan.md"), "See [[the_shed|The Shed]] and [[the_shed|it]].\r\n[[nowhere]]\r\n");
    assert!(text("the_shed.md").ends_with("data-t=\"00:01:05\">[00:01:05]</a>\n"));
    let before = contents(folder.path());
    let again = run(folder.path(), &["check", "--fix", "--format", "json"]);
    let document: Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!(document["vaults"][0]["fixed"], serde_json::json!({}));
    assert_eq!((stderr(&again).as_str(), contents(folder.path())), ("", before));
}

#[test]
fn only_what_is_selected_is_mended() {
    let folder = mendable_vault();
    let output = run(folder.path(), &["check", "--fix", "--select", "timestamp"]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    assert_eq!(stderr(&output), "fixed the_shed.md: 1 timestamp/empty-label\n");
    let before = contents(folder.path());
    for arguments in [["--ignore", "link"], ["--min-severity", "warning"]] {
        run(folder.path(), &[&["check", "--fix"], arguments.as_slice()].concat());
    }
    run(folder.path(), &["check", "--fix", "the_shed.md"]);
    assert_eq!(contents(folder.path()), before);
}

#[cfg(unix)]
#[test]
fn notes_that_must_not_be_written_stay_as_they_are() {
    use std::os::unix::fs::PermissionsExt;
    let folder = mendable_vault();
    let plan = folder.path().join("plan.md");
    fs::write(folder.path().join("bytes.md"), b"[[The Shed]] \xFF\n").unwrap();
    fs::set_permissions(&plan, fs::Permissions::from_mode(0o444)).unwrap();
    let before = contents(folder.path());
    let output = run(folder.path(), &["check", "--fix", "--format", "short", "--select", "link/inexact"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("plan.md: it is read-only"), "{}", stderr(&output));
    assert_eq!(stdout(&output).lines().count(), 3, "{}", stdout(&output));
    assert_eq!(contents(folder.path()), before);
}

/// Two notes about one video, linked.
fn asked_vault() -> TempDir {
    vault(&[
        ("plan.md", "---\nvideoId: dQw4w9WgXcQ\n---\n# Plan\n\nDig the [[garden|plot]]. Then rest [1:50].\n"),
        (
            "in/garden.md",
            "# Garden\n\n## Soil\n\nSee [1:05](https://youtu.be/dQw4w9WgXcQ?t=65s) of [[plan]]. #dig\n",
        ),
        ("typed.md", "é [[gar\n"),
        (".vaultls.toml", ""),
    ])
}

#[test]
fn questions_of_an_editor_are_answered() {
    let folder = asked_vault();
    let cases: &[(&[&str], &str)] = &[
        (&["definition", "plan.md:6:12"], "in/garden.md:1:1: # Garden\n"),
        (
            &["references", "in/garden.md:1:4"],
            "in/garden.md:1:1: # Garden\nplan.md:6:9: Dig the [[garden|plot]]. Then rest [1:50].\n",
        ),
        (
            &["backlinks", "plan.md"],
            "in/garden.md:5:51: See [1:05](https://youtu.be/dQw4w9WgXcQ?t=65s) of [[plan]]. #dig\n",
        ),
        (&["symbols", "soi"], "in/garden.md:3:1: heading  Soil\n"),
        (
            &["moments", "dQw4w9WgXcQ"],
            "in/garden.md:5:5: 1:05  See of plan.\nplan.md:6:36: 1:50  Then rest.\n",
        ),
    ];
    for (question, answer) in cases {
        let output = run(folder.path(), &[&["query"], *question].concat());
        assert_eq!(
            (stdout(&output).as_str(), output.status.code()),
            (*answer, Some(0)),
            "{question:?} {}",
            stderr(&output)
        );
    }
    let output = run(folder.path(), &["query", "hover", "plan.md:6:12"]);
    assert!(stdout(&output).contains("Garden"), "{}", stdout(&output));
    let output = run(&folder.path().join("in"), &["query", "complete", "../typed.md:1:8"]);
    assert!(stdout(&output).starts_with("../typed.md:1:5: garden"), "{}", stdout(&output));
}

#[test]
fn answers_as_json() {
    let folder = asked_vault();
    let output = run(folder.path(), &["query", "--format", "json", "complete", "typed.md:1:8"]);
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer[0]["path"], "typed.md");
    assert_eq!(answer[0]["range"]["start"], serde_json::json!({"line": 1, "column": 5, "offset": 5}));
    assert!(answer[0]["newText"].as_str().unwrap().contains("garden"));
    let output = run(folder.path(), &["query", "moments", "dQw4w9WgXcQ", "--format", "json"]);
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let said: Vec<&str> =
        answer.as_array().unwrap().iter().map(|one| one["moment"].as_str().unwrap()).collect();
    assert_eq!(said, ["1:05", "1:50"]);
    assert_eq!(answer[1]["sentence"], "Then rest.");
}

#[test]
fn a_vault_is_listed_and_counted() {
    let folder = vault(&[
        ("plan.md", "# Plan\n\n[[garden]] [[gone]] [x](in/gone.md) #dig #Dig\n"),
        ("in/garden.md", "# Garden \"2\" &\n\n## Soil\n\n[[gone]] [[gone]] #dig ![[plot.png]]\n"),
        ("in/plot.png", ""),
        ("alone.md", "[[plan]] [[garden]]\n"),
        (".vaultls.toml", ""),
    ]);
    let cases: &[(&[&str], &str)] = &[
        (&["list", "notes"], "alone.md\nin/garden.md  Garden \"2\" &\nplan.md  Plan\n"),
        (&["list", "tags"], "2  dig\n"),
        (
            &["list", "headings"],
            "in/garden.md:1:3:  1  Garden \"2\" &\nin/garden.md:3:4:  2  Soil\nplan.md:1:3:  1  Plan\n",
        ),
        (&["list", "orphans"], "alone.md\n"),
        (
            &["list", "broken"],
            "in/garden.md:5:3:  gone\nin/garden.md:5:12:  gone\nplan.md:3:14:  gone\nplan.md:3:25:  in/gone.md\n",
        ),
        (&["list", "unresolved"], "2  gone\n"),
        (
            &["graph", "--format", "dot"],
            "digraph vault {\n  \"alone.md\" [label=\"alone.md\"];\n  \"in/garden.md\" [label=\"Garden \\\"2\\\" &\"];\n  \
             \"in/plot.png\" [label=\"in/plot.png\" shape=box];\n  \"plan.md\" [label=\"Plan\"];\n  \
             \"alone.md\" -> \"in/garden.md\" [weight=1];\n  \"alone.md\" -> \"plan.md\" [weight=1];\n  \
             \"in/garden.md\" -> \"in/plot.png\" [weight=1];\n  \"plan.md\" -> \"in/garden.md\" [weight=1];\n}\n",
        ),
    ];
    for (question, answer) in cases {
        let output = run(folder.path(), question);
        let said = (stdout(&output), output.status.code());
        assert_eq!(said, ((*answer).to_owned(), Some(0)), "{question:?} {}", stderr(&output));
    }
    let json = |arguments: &[&str]| -> Value {
        serde_json::from_slice(&run(folder.path(), arguments).stdout).unwrap()
    };
    let tags = json(&["list", "tags", "--format", "json"]);
    assert_eq!(tags, serde_json::json!([{ "tag": "dig", "notes": 2 }]));
    let broken = json(&["list", "broken", "--format", "json"]);
    assert_eq!(
        (&broken[3]["target"], &broken[3]["range"]["start"]["column"]),
        (&"in/gone.md".into(), &25.into())
    );
    let graph = json(&["graph"]);
    assert_eq!(graph["nodes"][1]["title"], "Garden \"2\" &");
    assert_eq!(graph["edges"][0], serde_json::json!({ "source": 0, "target": 1, "count": 1 }));
    let stats = json(&["stats", "--format", "json"]);
    let numbers =
        ["notes", "attachments", "links", "brokenLinks", "unresolvedNames", "orphans", "headings", "tags"];
    assert_eq!(numbers.map(|name| stats[name].as_u64().unwrap()), [3, 1, 8, 4, 1, 1, 3, 1]);
    assert_eq!(stats["mostLinked"][0], serde_json::json!({ "path": "in/garden.md", "links": 2 }));
    assert_eq!(stats["mostWanted"], serde_json::json!([{ "name": "gone", "notes": 2 }]));
    assert_eq!(stats["findings"]["link/missing-note"], 3);
    let shown = stdout(&run(folder.path(), &["stats"]));
    assert!(shown.starts_with("3  notes\n1  attachments\n8  links\n4  broken links\n"), "{shown}");
    let xml = stdout(&run(folder.path(), &["graph", "--format", "graphml"]));
    assert!(xml.contains("<data key=\"title\">Garden &quot;2&quot; &amp;</data>"), "{xml}");
    let output = run(folder.path(), &["stats", "gone"]);
    assert_eq!((stdout(&output).as_str(), output.status.code()), ("", Some(2)));
}

#[test]
fn a_diagnostic_is_explained_and_a_shell_is_helped() {
    let here = tempfile::tempdir().unwrap();
    let said = |arguments: &[&str]| {
        let output = run(here.path(), arguments);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        stdout(&output)
    };
    let page = said(&["explain", "link/missing-note"]);
    assert!(page.starts_with("link/missing-note (warning by default)\n\nThe note or attachment"), "{page}");
    assert!(page.contains("```markdown\nSee [[ketamin_risk]].\n```"), "{page}");
    assert_eq!(said(&["explain", "video"]).matches("by default").count(), 1);
    assert_eq!(run(here.path(), &["explain", "link/nonsense"]).status.code(), Some(2));
    for (shell, text) in
        [("bash", "complete -F"), ("zsh", "#compdef vaultls"), ("fish", "complete -c vaultls")]
    {
        assert!(said(&["completions", shell]).contains(text), "{shell}");
    }
    assert!(said(&["man"]).contains(".TH vaultls 1"));
}

#[test]
fn questions_without_an_answer() {
    let folder = asked_vault();
    for (question, code) in [
        (["definition", "plan.md:6:1"], 1),
        (["moments", "aaaaaaaaaaa"], 1),
        (["symbols", "xyzzy"], 1),
        (["moments", "short"], 2),
        (["hover", "nowhere.md:1:1"], 2),
        (["hover", "plan.md:0:1"], 2),
    ] {
        let output = run(folder.path(), &[&["query"], question.as_slice()].concat());
        assert_eq!((stdout(&output).as_str(), output.status.code()), ("", Some(code)), "{question:?}");
        assert_eq!(stderr(&output).is_empty(), code == 1, "{question:?}");
    }
    let output = run(folder.path(), &["query", "--format", "json", "symbols", "xyzzy"]);
    assert_eq!(stdout(&output), "[]\n");
}

#[test]
fn commands_that_cannot_run_say_why() {
    let folder = vault(&[("a.md", "")]);
    let cases: &[(&[&str], &str)] = &[
        (&["check", "nowhere"], "nowhere"),
        (&["check", "a.md", "nowhere/b.md"], "nowhere"),
        (&["check", "/"], "no vault"),
        (&["check", "--format", "yaml"], "yaml"),
        (&["check", "--select", "link/oops"], "unknown diagnostic"),
        (&["check", "--min-severity", "bad"], "bad"),
        (&["chekc"], "check"),
        (&["tour", "nowhere"], "nowhere"),
    ];
    for (arguments, reason) in cases {
        let output = run(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_eq!(stdout(&output), "", "{arguments:?}");
        assert!(stderr(&output).contains(reason), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn the_version_is_that_of_the_package() {
    let output = run(Path::new("."), &["--version"]);
    assert_eq!(stdout(&output), format!("vaultls {}\n", env!("CARGO_PKG_VERSION")));
}

/// What must never reach a terminal from a vault.
fn is_dangerous(char: char) -> bool {
    char != '\n' && char.is_control()
        || matches!(char, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(unix)]
#[test]
fn names_and_texts_do_nothing_to_the_terminal() {
    let dangers = "\x1b(0\x07\u{7f}\u{9b}31m\u{202e}\u{200b}\u{2066}\u{feff}";
    let note = format!("[[missing {dangers}]] \x1b[2J\n");
    let folder = vault(&[
        (&format!("a {dangers}\n.md"), &note),
        ("b.md", &note),
        (".vaultls.toml", "\"hover.\\u001b[2J\" = 1\n"),
    ]);
    std::os::unix::fs::symlink("nowhere", folder.path().join("c\x1b[2J.md")).unwrap();
    for format in ["pretty", "short", "json", "sarif", "github"] {
        let output = run(folder.path(), &["check", "--format", format]);
        assert_eq!(output.status.code(), Some(1));
        let written = stdout(&output) + &stderr(&output);
        let found = written.chars().find(|char| is_dangerous(*char));
        assert_eq!(found, None, "{format}");
        assert!(written.contains("missing \\u"), "{written}");
        assert!(stderr(&output).contains("c\\u{1b}[2J.md"), "{}", stderr(&output));
    }
}

#[cfg(unix)]
#[test]
fn json_gives_every_name_back() {
    let name = "a \u{7f}\u{9b}\u{202e}\u{e0041}é.md";
    let folder = vault(&[(name, "[[b]]")]);
    let output = run(folder.path(), &["check", "--format", "json"]);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["vaults"][0]["findings"][0]["path"], name);
    assert!(stdout(&output).contains("\\u202e\\udb40\\udc41é"), "{}", stdout(&output));
}

#[cfg(unix)]
#[test]
fn a_note_that_cannot_be_read_is_told_and_counts() {
    let folder = vault(&[("a.md", "")]);
    std::os::unix::fs::symlink("nowhere", folder.path().join("b.md")).unwrap();
    let output = run(folder.path(), &["check", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["vaults"][0]["problems"][0]["path"], "b.md");
    assert!(stderr(&output).starts_with("warning: b.md: "), "{}", stderr(&output));
    let output = run(folder.path(), &["check", "a.md"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

#[test]
fn a_path_without_notes_is_told() {
    let folder =
        vault(&[(".gitignore", "b.md\n"), (".obsidian/app.json", "{}"), ("a.png", ""), ("b.md", "[[c]]")]);
    let output = run(folder.path(), &["check", "a.png", "b.md"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(stderr(&output).lines().count(), 2, "{}", stderr(&output));
}

#[test]
fn a_reader_that_stops_is_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    generated_vault::write_to(folder.path(), 300, 1).unwrap();
    for format in ["pretty", "short", "json", "sarif", "github"] {
        let mut child = command(folder.path(), &["check", "--format", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        BufReader::with_capacity(16, child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        assert!(!first.is_empty());
        let status = child.wait().unwrap();
        let mut complaints = String::new();
        child.stderr.take().unwrap().read_to_string(&mut complaints).unwrap();
        assert_eq!((status.code(), complaints.as_str()), (Some(1), ""), "{format}");
    }
}

#[test]
fn checks_of_the_same_vault_are_the_same() {
    let folder = tempfile::tempdir().unwrap();
    generated_vault::write_to(folder.path(), 150, 7).unwrap();
    let first = run(folder.path(), &["check", "--format", "json"]);
    assert!(first.stdout.len() > 10_000);
    for _ in 0..2 {
        assert!(run(folder.path(), &["check", "--format", "json"]).stdout == first.stdout);
    }
}

/// The names of the steps of a tour, in order.
fn steps(tour: &str) -> Vec<&str> {
    const NAMES: [&str; 6] = ["completion", "definition", "hover", "diagnostics", "skipped", "failed"];
    tour.lines().filter(|line| NAMES.iter().any(|name| line.starts_with(&format!("{name}:")))).collect()
}

/// All files of a folder with their bytes.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(contents(&path));
        } else {
            found.push((path.clone(), fs::read(path).unwrap()));
        }
    }
    found.sort();
    found
}

#[test]
fn a_tour_shows_everything_and_writes_nothing() {
    let stamp = "<a class=\"yt-timestamp\" data-t=\"00:01:05\">[00:01:05]</a>";
    let note = format!(
        "---\ntitle: Plan\nvideoId: dQw4w9WgXcQ\n---\n\n# Plan\n\n[[the_shed | shed]] [[the_shed#Tools]] \
         [[The Shed]] [[nowhere]] {stamp}\n"
    );
    let folder = vault(&[("plan.md", &note), ("the_shed.md", "# Shed\n\n## Tools\n")]);
    let before = contents(folder.path());
    let output = run(Path::new("/"), &["tour", folder.path().to_str().unwrap()]);
    let tour = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{tour}{}", stderr(&output));
    expect![[r#"
        completion: A link as it is typed
        definition: A link
        definition: A link to a heading
        definition: A link in another spelling
        hover: The target of a link
        hover: A timestamp
        hover: An unresolved link
        diagnostics: Problems in a note"#]]
    .assert_eq(&steps(&tour).join("\n"));
    for shown in [
        "2 notes",
        "typed [[the_sh",
        "the_shed.md:3  ## Tools",
        "00:01:05",
        "link/missing-note",
        "[[nowhere]]",
    ] {
        assert!(tour.contains(shown), "{shown}: {tour}");
    }
    assert!(contents(folder.path()) == before);
}

#[test]
fn a_tour_skips_what_the_vault_does_not_have() {
    let folder = vault(&[("only.md", "# Only\n\nNo link here.\n")]);
    let output = run(folder.path(), &["tour"]);
    let tour = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{tour}{}", stderr(&output));
    expect![[r#"
        completion: A link as it is typed
        skipped: A link
        skipped: A link to a heading
        skipped: A link in another spelling
        skipped: The target of a link
        skipped: A timestamp
        skipped: An unresolved link
        diagnostics: Problems in a note"#]]
    .assert_eq(&steps(&tour).join("\n"));
}

#[test]
fn a_tour_needs_notes() {
    let folder = vault(&[("picture.png", "")]);
    let output = run(folder.path(), &["tour"]);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""));
    assert!(stderr(&output).contains("no notes"), "{}", stderr(&output));
}

#[test]
fn generated_vaults_are_the_same_for_the_same_seed() {
    let notes = |seed| generated_vault::generate(450, seed).collect::<Vec<_>>();
    let first = notes(3);
    assert_eq!(first.len(), 450);
    let paths: std::collections::HashSet<&String> = first.iter().map(|(path, _)| path).collect();
    assert_eq!(paths.len(), 450);
    assert!(first == notes(3));
    assert!(first != notes(4));
}
